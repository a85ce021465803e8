"""The catalog of what can be run: pairs of models, tasks, the memory they need, and the drafters and rules that each
pair supports. Torch-free."""
