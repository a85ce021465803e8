"""The page's colours and sizes as a Gradio theme. It is greyscale, since hue stands for verdicts and probabilities."""

import gradio as gr
from gradio.themes.utils import colors, fonts, sizes

# name: (light, dark)
PAGE = ("#FFFFFF", "#131316")
SETTINGS = ("#FAFAFB", "#17171A")
PANEL = ("#F7F7F8", "#1B1B1F")
FIELD = ("#FFFFFF", "#1B1B1F")
TRACK = ("#ECECEF", "#2A2A30")
PRESSED = ("#E4E4E7", "#36363D")
LINE = ("#E4E4E7", "#2B2B31")
INK = ("#18181B", "#EDEDEF")
ON_INK = ("#FFFFFF", "#131316")
SOFT_INK = ("#3F3F46", "#CFCFD4")
SECOND = ("#52525B", "#B4B4BC")
THIRD = ("#686871", "#9A9AA4")
NONE = ("none", "none")
CLEAR = ("transparent", "transparent")

COLOURS = {
    "body_background_fill": PAGE,
    "body_text_color": INK,
    "body_text_color_subdued": SECOND,
    "background_fill_primary": PAGE,
    "background_fill_secondary": PANEL,
    "border_color_primary": LINE,
    "border_color_accent": INK,
    "border_color_accent_subdued": LINE,
    "color_accent_soft": TRACK,
    "loader_color": INK,
    "slider_color": INK,
    "link_text_color": INK,
    "link_text_color_hover": SECOND,
    "link_text_color_visited": INK,
    "link_text_color_active": INK,
    "accordion_text_color": SECOND,
    "block_background_fill": CLEAR,
    "block_border_color": LINE,
    "block_info_text_color": SECOND,
    "block_label_background_fill": CLEAR,
    "block_label_text_color": SECOND,
    "block_title_text_color": SECOND,
    "block_shadow": NONE,
    "panel_background_fill": SETTINGS,
    "input_background_fill": FIELD,
    "input_background_fill_focus": FIELD,
    "input_border_color": LINE,
    "input_border_color_focus": INK,
    "input_placeholder_color": THIRD,
    "input_shadow": NONE,
    "input_shadow_focus": NONE,
    "checkbox_background_color": FIELD,
    "checkbox_background_color_selected": INK,
    "checkbox_border_color": ("#8A8A94", "#7C7C87"),
    "checkbox_border_color_selected": INK,
    "checkbox_border_color_focus": INK,
    "checkbox_label_background_fill": FIELD,
    "checkbox_label_background_fill_hover": PANEL,
    "checkbox_label_background_fill_selected": FIELD,
    "checkbox_label_border_color": LINE,
    "checkbox_label_border_color_selected": INK,
    "checkbox_label_text_color": SECOND,
    "checkbox_label_text_color_selected": INK,
    "checkbox_label_shadow": NONE,
    "button_primary_background_fill": INK,
    "button_primary_background_fill_hover": SOFT_INK,
    "button_primary_text_color": ON_INK,
    "button_primary_border_color": INK,
    "button_primary_shadow": NONE,
    "button_secondary_background_fill": TRACK,
    "button_secondary_background_fill_hover": PRESSED,
    "button_secondary_text_color": INK,
    "button_secondary_border_color": TRACK,
    "button_secondary_shadow": NONE,
}

SIZES = {
    "block_border_width": "0px",
    "block_label_shadow": "none",
    "block_label_text_size": "14px",
    "block_padding": "0px",
    "block_radius": "8px",
    "block_title_text_size": "14px",
    "block_title_text_weight": "400",
    "block_info_text_size": "14px",
    "body_text_size": "16px",
    "body_text_weight": "400",
    "button_large_padding": "8px 16px",
    "button_large_radius": "8px",
    "button_large_text_size": "16px",
    "button_large_text_weight": "700",
    "button_medium_radius": "8px",
    "button_medium_text_weight": "700",
    "button_small_padding": "4px 10px",
    "button_small_radius": "6px",
    "button_small_text_size": "14px",
    "button_small_text_weight": "400",
    "button_transform_active": "none",
    "button_transform_hover": "none",
    "checkbox_label_border_width": "1px",
    "checkbox_label_gap": "8px",
    "checkbox_label_padding": "8px 10px",
    "checkbox_label_text_size": "15px",
    "checkbox_label_text_weight": "400",
    "form_gap_width": "0px",
    "input_padding": "10px 12px",
    "input_radius": "8px",
    "input_text_size": "16px",
    "layout_gap": "20px",
    "section_header_text_weight": "700",
}


def theme() -> gr.themes.Base:
    """The Gradio theme. Its fonts have weights 400 and 700 only: Gradio's SemiBold files lack the ASCII letters."""
    paper = gr.themes.Default(
        primary_hue=colors.zinc,
        secondary_hue=colors.zinc,
        neutral_hue=colors.zinc,
        spacing_size=sizes.spacing_md,
        radius_size=sizes.radius_md,
        text_size=sizes.text_md,
        font=(fonts.LocalFont("Source Sans Pro", weights=(400, 700)), "ui-sans-serif", "system-ui", "sans-serif"),
        font_mono=(fonts.LocalFont("IBM Plex Mono", weights=(400, 700)), "ui-monospace", "Consolas", "monospace"),
    )
    light = {name: pair[0] for name, pair in COLOURS.items()}
    dark = {f"{name}_dark": pair[1] for name, pair in COLOURS.items()}
    return paper.set(**light, **dark, **SIZES)
