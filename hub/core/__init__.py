"""Floor 0: rules without machinery. Standard library and `holidays` only."""
