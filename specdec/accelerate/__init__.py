"""The same passes quicker: compiled code on a processor, CUDA graphs on a GPU."""
