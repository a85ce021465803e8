"""One decoding run: its request, the loop over rounds, the planner of draft lengths, and the recorder of the trace."""
