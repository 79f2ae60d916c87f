"""The administration of the sector: what the file declares is shown, checked and proposed; the rest is done here."""

from hub.web.administration import certificates, declaring, overseeing, proposing
from hub.web.administration.asking import bp

__all__ = ["bp", "certificates", "declaring", "overseeing", "proposing"]
