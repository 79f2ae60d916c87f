"""How fast the whole hub is, and how fast the same work is with nothing around it: `python -m tests.bench`."""
