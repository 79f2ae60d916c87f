"""`mesa demo-history`: weeks of a sector's life, made through the real stages with a clock of their own."""
