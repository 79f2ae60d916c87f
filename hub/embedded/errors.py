"""What can go wrong on the machine; the text of each is one Spanish sentence for the operator."""


class EmbeddedError(Exception):
    """The demonstration cannot start or go on; `str(error)` is shown as it is."""
