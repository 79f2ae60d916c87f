"""The hub watches itself: what was tried, what is wrong now, who is told of it, and the figures of all that."""
