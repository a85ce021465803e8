"""The Gradio page: one file per tab, wiring only. Builds without torch; runs import it when they begin."""
