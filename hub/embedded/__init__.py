"""One machine, one command: the embedded PostgreSQL, the demo mail server and what starts them all."""
