"""For a body without a system of its own: the hub's inbox is its system, so the paper has arrived once it is there."""

from collections.abc import Callable
from datetime import datetime

from hub.core.ports import Ack, CannotTell, Has, HasNot, Parcel, Partner

Inbox = Callable[[str, str], Has | HasNot]
"""(RUC, CUO) -> what the inbox of that body says of the leg."""


class Hosted:
    """Nothing crosses the network: the leg itself is the line of the inbox, committed with the filing."""

    def __init__(self, clock: Callable[[], datetime], inbox: Inbox) -> None:
        self._clock = clock
        self._inbox = inbox

    def deliver(self, parcel: Parcel) -> Ack:
        """The inbox shows the leg from now on."""
        return Ack(held_since=self._clock())

    def status_of(self, partner: Partner, cuo: str) -> Has | HasNot | CannotTell:
        """What the inbox shows is held, with the number that its officer gave it."""
        return self._inbox(partner.ruc, cuo)
