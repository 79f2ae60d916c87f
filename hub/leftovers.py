"""Leftovers: what somebody began and never presented. The worker's round over what expired."""

from hub import account_links, drafts, email_codes, leaving, uploading
from hub.dispatch import Tools


def drop_expired(tools: Tools) -> int:
    """Drop what expired, uploads before the drafts they belong to. Gives how many rows of each kind, together."""
    dropped = 0
    for drop in (uploading.drop_expired, drafts.drop_expired):
        with tools.sessions() as session:
            dropped += drop(session, tools.store, tools.clock())
            session.commit()
    with tools.sessions() as session:
        count, keys = leaving.drop_expired(session, tools.clock())
        session.commit()
    tools.store.discard_all(keys)
    dropped += count
    with tools.sessions() as session:
        dropped += email_codes.drop_expired(session, tools.clock())
        dropped += account_links.drop_expired(session, tools.clock())
        session.commit()
    return dropped
