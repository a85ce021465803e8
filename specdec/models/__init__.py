"""A model and its cache: feed a token tree, get logits, keep a path, rewind. `catalog` alone needs no torch."""
