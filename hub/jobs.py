"""The rounds of the clock: what a worker does besides dispatching. Each is safe in several workers at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from hub.dispatch import Tools

Job = Callable[[Tools], int]
"""Takes the worker's tools, commits for itself, gives how many things it did."""


@dataclass(frozen=True)
class Round:
    """A job and how often it is done; None is every sweep of the settings."""

    job: Job
    every: timedelta | None = None


ROUNDS: tuple[Round, ...] = ()
