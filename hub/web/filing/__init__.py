"""Filing online: a citizen presents a document by internet, at any hour, without an account.

A task list of short pages over one draft; at most eight of them ask for something. Nothing here needs script.
"""

from hub.web.filing import code, doors, pages, papers, pieces, reviewing, sent
from hub.web.filing.keeping import bp

__all__ = ["bp", "code", "doors", "pages", "papers", "pieces", "reviewing", "sent"]
