"""Record the stage as an animated GIF: `python scripts/record_stage.py` renews assets/screenshots/stage.gif.

The recorded run of the repository, exported as a page of its own, is played in a Chromium whose clock and animations
are moved on frame by frame. So a frame shows what a reader sees at that moment, however slow the machine is.
"""

import argparse
import base64
import io
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
from chromium import SCREENSHOTS, browser
from PIL import Image
from playwright.sync_api import FloatRect, Page

from specdec import trace
from specdec.paths import ASSETS
from specdec.views import page as exported
from specdec.views.player import FACES

WIDTH = 900  # of the recording; the page is laid out in PAGE_WIDTH and drawn that much smaller
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 1060, 1000, 20
FRAME = 80  # milliseconds; a GIF counts in hundredths of a second, and 20 ms is the least that browsers keep to
COLOURS = 256
MOST_BYTES = 3_000_000
START = 4  # the round that playing starts from
SCENES = (("1", (8, "guess")), ("0.5", (8, "keep")))  # the player's speed, and the round and beat up to which
KEEP = 3  # the last beat of a round
REST = 3000  # milliseconds on the last beat
LONGEST = 30_000  # milliseconds of a scene; one that is longer hangs

# Animations and transitions run on a clock of their own, so they are held and moved on by hand.
MOVE_ON = """milliseconds => document.getAnimations().forEach(animation => {
  animation.pause();
  const next = (animation.currentTime ?? 0) + milliseconds;
  if (next >= animation.effect.getComputedTiming().endTime) animation.finish();
  else animation.currentTime = next;
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Record the stage as an animated GIF.")
    parser.add_argument("--out", metavar="FILE", type=Path, default=SCREENSHOTS / "stage.gif")
    parser.add_argument("--frames", metavar="FOLDER", type=Path, help="also write every frame as a PNG there")
    options = parser.parse_args()
    frames = list(record())
    if options.frames:
        options.frames.mkdir(parents=True, exist_ok=True)
        for number, frame in enumerate(frames):
            frame.save(options.frames / f"{number:03}.png")
    write(frames, options.out)
    print(f"{options.out}: {len(frames)} frames, {options.out.stat().st_size / 1e6:.2f} MB")


def record() -> Iterator[Image.Image]:
    """A picture every FRAME milliseconds."""
    run = trace.loads((ASSETS / "traces" / "stories.ndjson").read_text(encoding="utf-8"))
    with browser() as chromium:
        page = chromium.new_page(
            viewport={"width": PAGE_WIDTH, "height": PAGE_HEIGHT},
            device_scale_factor=WIDTH / (PAGE_WIDTH - 2 * MARGIN),
            color_scheme="light",
        )
        page.clock.install()
        page.set_content(exported.page(run, autoplay=False))
        page.add_style_tag(content=faces())
        page.evaluate("document.fonts.ready")
        film = partial(watch, page, whole_stage(page))
        page.clock.pause_at(page.evaluate("Date.now() + 1000"))
        page.evaluate("window.specdec.player.play()")
        for speed, place in SCENES:
            page.locator("[data-test=speed]").select_option(speed)
            yield from film(lambda place=place: standing(page) == place)
        page.evaluate("window.specdec.player.pause()")
        rest = iter(range(REST // FRAME))
        yield from film(lambda: next(rest, None) is None)


def faces() -> str:
    """The faces that Gradio serves beside its page: a page of its own takes those of the machine."""
    rules = []
    for family, weight, file in FACES:
        font = files("gradio") / "templates" / "frontend" / "static" / "fonts" / f"{file}.woff2"
        data = base64.b64encode(font.read_bytes()).decode()
        source = f'url("data:font/woff2;base64,{data}") format("woff2")'
        rules.append(f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: {source}; }}')
    rules.append('.specdec { --serif: "Specdec Serif"; }')  # formulas in the serif of the text, whichever that is
    rules.append(".specdec .overview { visibility: hidden; }")  # it would look in from below the frame
    return "\n".join(rules)


def whole_stage(page: Page) -> FloatRect:
    """Where the stage is in the page at its tallest, without the run as a whole. Leaves it where playing starts."""
    top, bottom = page.locator("[data-test=provenance]").bounding_box()["y"], 0.0
    for number in (*range(SCENES[-1][1][0], 0, -1), START):
        page.evaluate(f"window.specdec.player.go({number - 1}, {0 if number == START else KEEP})")
        why = page.locator("[data-test=why]").bounding_box()
        bottom = max(bottom, why["y"] + why["height"])
    return {
        "x": MARGIN,
        "y": top - MARGIN / 2,
        "width": PAGE_WIDTH - 2 * MARGIN,
        "height": bottom - top + MARGIN,
    }


def standing(page: Page) -> tuple[int, str]:
    """The round, counted from 1, and its beat."""
    data = page.locator(".specdec-stage").evaluate("stage => [stage.dataset.round, stage.dataset.beat]")
    return int(data[0]), data[1]


def watch(page: Page, clip: FloatRect, done: Callable[[], bool]) -> Iterator[Image.Image]:
    """A picture every FRAME milliseconds until `done`. Raises TimeoutError for what never is."""
    for _ in range(LONGEST // FRAME):
        if done():
            return
        page.clock.run_for(FRAME)
        page.evaluate(MOVE_ON, FRAME)
        yield Image.open(io.BytesIO(page.screenshot(clip=clip, animations="allow"))).convert("RGB")
    raise TimeoutError("the stage does not go on")


def write(frames: list[Image.Image], path: Path) -> None:
    """One palette for all frames, so that what stands still does not flicker; frames that are equal become one."""
    shades = palette(frames)
    drawn = [frame.quantize(palette=shades, dither=Image.Dither.NONE) for frame in frames]
    drawn[0].save(path, save_all=True, append_images=drawn[1:], duration=FRAME, loop=0, optimize=True)
    assert path.stat().st_size <= MOST_BYTES, f"{path} is larger than {MOST_BYTES / 1e6:.0f} MB"


def palette(frames: list[Image.Image]) -> Image.Image:
    """The colours that are seen most, exactly: fills keep theirs, the edges of letters take the nearest."""
    weights = np.array([1 << 16, 1 << 8, 1], np.uint32)
    pixels = np.concatenate([np.asarray(frame).reshape(-1, 3).astype(np.uint32) @ weights for frame in frames[::4]])
    colours, counts = np.unique(pixels, return_counts=True)
    most = colours[np.argsort(counts)[: -COLOURS - 1 : -1]]
    shades = Image.new("P", (1, 1))
    shades.putpalette(most.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes())
    return shades


if __name__ == "__main__":
    main()
