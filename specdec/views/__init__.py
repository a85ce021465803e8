"""Presentation: pages, figures, tables and terminal text made from traces and reports. Torch-free."""
