"""Real messages of both contracts, spoilt by chance, against the SOAP doors of a real web process (`make fuzz`)."""
