"""The drafts of an account: they follow it from one device to the next, with its owner's data filled in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import drafts
from hub.core import districts
from hub.models import Citizen, Draft, User


def values_of(account: User, citizen: Citizen) -> dict[str, str]:
    """What the online form asks of a person, as the account knows it."""
    place = districts.district(citizen.ubigeo)
    known = {
        "person_type": "legal" if citizen.ruc else "natural",
        "document_kind": citizen.document_kind,
        "document_number_of_person": citizen.document_number,
        "names": citizen.names,
        "email": account.email,
        "phone": citizen.phone,
        "address": citizen.address,
        "ruc": citizen.ruc,
        "business_name": citizen.business_name,
        "ubigeo": citizen.ubigeo,
        "district": place.title if place else "",
    }
    return {name: text for name, text in known.items() if text}


def newest(session: Session, account_id: int, now: datetime) -> Draft | None:
    """The draft an account was filling in last, if one is open."""
    open_ones = select(Draft).where(Draft.account_id == account_id, Draft.filing_id.is_(None), Draft.expires_at > now)
    return session.scalar(open_ones.order_by(Draft.expires_at.desc()).limit(1))


def start(session: Session, account: User, citizen: Citizen, now: datetime) -> Draft:
    """Begin a draft of the account; its address is proved already. Flushed."""
    draft = drafts.start(session, values_of(account, citizen), now)
    draft.account_id, draft.proved_email = account.id, account.email
    session.flush()
    return draft


def may_join(draft: Draft, account: User, citizen: Citizen) -> bool:
    """True for a draft begun before signing in that names nobody else: a computer may have many users."""
    number = draft.values.get("document_number_of_person", "")
    return (
        draft.account_id is None
        and draft.filing_id is None
        and number in ("", citizen.document_number)
        and draft.proved_email.lower() in ("", account.email)
    )


def join(session: Session, draft: Draft, account: User, citizen: Citizen, now: datetime) -> None:
    """The draft is the account's from now on; what was typed stays, what was blank is filled in; flushed."""
    blank = {name: text for name, text in values_of(account, citizen).items() if not draft.values.get(name)}
    drafts.write(session, draft, blank, now)
    draft.account_id = account.id
    if draft.values["email"].lower() == account.email:
        draft.proved_email = draft.values["email"]
    session.flush()
