"""A wait for what is starting: as long as it lives, within reason, and never in silence."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Patience:
    """Seconds: how long what lives may take to answer, and how often that is said. A busy machine needs minutes."""

    longest: float = 600.0
    told_every: float = 30.0


@dataclass
class Wait:
    """One wait, from now on. `say` gets a line each time that another `told_every` has gone by."""

    patience: Patience
    say: Callable[[str], object]
    began: float = field(default_factory=time.monotonic)
    told: int = 0

    @property
    def took(self) -> float:
        return time.monotonic() - self.began

    @property
    def is_over(self) -> bool:
        return self.took > self.patience.longest

    def tell(self, who: str) -> None:
        """Say that `who` is still at it, where that is due."""
        turn = int(self.took // self.patience.told_every)
        if turn > self.told:
            self.told = turn
            self.say(f"Todavía falta {who}: van {self.took:.0f} s. En una máquina ocupada tarda más; se espera.")
