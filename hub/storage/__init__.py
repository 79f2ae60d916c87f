"""Documents as streams: written once under a random key, known by their SHA-256; a folder by default, S3 by setting."""

from hub.storage.bucket import Account
from hub.storage.kept import CHUNK, SIP, Stored
from hub.storage.store import Store
from hub.storage.writer import Writer

__all__ = ["CHUNK", "SIP", "Account", "Store", "Stored", "Writer"]
