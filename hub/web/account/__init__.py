"""A citizen's account: open it by a link in the mail, come in, recover it, change its address, close it."""

from hub.web.account import entering, opening, own, recovering
from hub.web.account.door import bp

__all__ = ["bp", "entering", "opening", "own", "recovering"]
