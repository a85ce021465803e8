"""Speculative decoding, run for real and shown step by step.

`load`, `rounds` and `run` import torch when they are first called; `specdec.trace` and `specdec.views` never do.
"""
