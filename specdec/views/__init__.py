"""What is seen: pages and figures made of traces. Nothing here imports torch."""
