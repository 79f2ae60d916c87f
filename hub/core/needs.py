"""Why something waits for a person."""

from enum import StrEnum


class Kind(StrEnum):
    """Why a person must look."""

    STOPPED = "stopped"  # a dead letter: it is not tried any more
    LATE = "late"  # not handed over within 24 hours (TUO 132)
    REFUSED = "refused"  # refused, and nobody decided where it goes (TUO 141.1)
    LOOP = "loop"  # re-routed as often as it may be
    TERM = "term"  # the term to correct an observation ends (TUO 136.3)
    MAIL = "mail"  # a letter came back or was never taken (TUO 35.2)
