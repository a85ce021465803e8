"""What can be run: pairs of models, tasks, the memory that they need, and what a pair can do. Without torch."""
