"""Ports for what the tests start: none is given twice, neither by this process nor by the one beside it.

They lie below those that the kernel gives to whoever calls out: between the choice of a port and its first use,
sometimes minutes later, a connection of any test would take it.
"""

import os
import random

from hub.embedded.ports import is_free

_SHARES = 16
_mine = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % _SHARES
_left = list(range(10_000 + _mine, 32_768, _SHARES))
random.SystemRandom().shuffle(_left)


def free_port():
    """A loopback port that nobody has. Raises IndexError after some 1400."""
    while not is_free(port := _left.pop()):
        pass
    return port
