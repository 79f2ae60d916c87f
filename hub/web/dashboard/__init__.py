"""The dashboard of a sector: on one screen, whether every filing is where it should be, and if not, whose turn."""

from hub.web.dashboard import attending, days, differing, institutions, overview, remedying, stream, trends
from hub.web.dashboard.asking import bp

__all__ = ["attending", "bp", "days", "differing", "institutions", "overview", "remedying", "stream", "trends"]
