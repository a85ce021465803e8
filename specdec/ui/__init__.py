"""The Gradio page: one file per tab, wiring only. Builds without torch; runs import it when they begin."""

from specdec.ui.proxy import no_proxy

with no_proxy():  # a SOCKS proxy, for which it has no client, would keep it from being imported
    import gradio as gradio
