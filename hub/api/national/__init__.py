"""The national contract's doors: the platform's side (A, B, C), the entity's side (D), and their twin over REST."""
