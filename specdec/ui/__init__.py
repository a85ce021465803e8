"""The Gradio page, with one file per tab. It is built without torch, which is imported when the first run begins."""

from specdec.ui.proxy import no_proxy

with no_proxy():  # importing Gradio fails if the environment names a SOCKS proxy, for which it has no client
    import gradio as gradio
