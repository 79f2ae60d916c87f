"""Leftovers: what somebody began and never presented. The worker's round over what expired."""

from datetime import timedelta

from hub import account_links, drafts, email_codes, leaving, uploading
from hub.dispatch import Tools

UNFINISHED = timedelta(days=1)
"""What was begun in the store so long ago has nobody who goes on with it: a request lives for minutes."""


def drop_expired(tools: Tools) -> int:
    """Drop what expired, uploads before the drafts they belong to. Gives how many rows of each kind, together."""
    dropped = 0
    for drop in (uploading.drop_expired, drafts.drop_expired, leaving.drop_expired):
        with tools.sessions() as session:
            count, keys = drop(session, tools.clock())
            session.commit()
        tools.store.discard_all(keys)
        dropped += count
    with tools.sessions() as session:
        dropped += email_codes.drop_expired(session, tools.clock())
        dropped += account_links.drop_expired(session, tools.clock())
        session.commit()
    return dropped


def drop_unfinished(tools: Tools) -> int:
    """Drop what was begun in an S3 store and never ended. Gives how many."""
    return tools.store.abandon_unfinished(tools.clock() - UNFINISHED, tools.clock())
