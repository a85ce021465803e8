"""Experiments: benchmarks, races and comparisons that are made of many decoding runs."""
