"""The machine that computes: what it is, moving numbers to and from it, and its clock."""
