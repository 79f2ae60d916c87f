"""A command that cannot be carried out: its text is one Spanish sentence, printed as it is."""


class Complaint(Exception):
    """Shown to the operator instead of a traceback."""
