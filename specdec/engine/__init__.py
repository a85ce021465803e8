"""One run: request, loop, planner, recorder."""
