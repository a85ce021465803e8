"""Accelerators that run a model's passes faster: ahead-of-time compiled code on a CPU, CUDA graphs on a GPU."""
