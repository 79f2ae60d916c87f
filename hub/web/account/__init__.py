"""A citizen's account: open it by a link in the mail, come in, recover it, change its address, close it."""

from hub.web.account import completing, data, entering, identity, opening, own, proving, recovering
from hub.web.account.door import bp

__all__ = ["bp", "completing", "data", "entering", "identity", "opening", "own", "proving", "recovering"]
