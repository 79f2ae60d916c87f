"""Between the password and the door: who has a second step goes through it, who must have one makes it."""

from uuid import uuid4

from flask import redirect, session, url_for
from flask_login import login_user

from hub import invitations, second_factor, trail
from hub.clock import now
from hub.extensions import db, services
from hub.web.people import SESSION_ID, Person, load_person

HALF = "a-medias"
MINUTES = 10
"""How long a password alone is remembered."""


def asks_second_step(person: Person) -> bool:
    """True where a second step is needed: by the setting, except for accounts that a demonstration came with."""
    settings = services().settings
    if not settings.second_factor:
        return False
    if second_factor.is_on(db.session, person.user_id) or not settings.is_demo:
        return True
    return invitations.was_invited(db.session, person.user_id)


def go_half_way(person: Person, back: str):
    """Remember that the password was right, and ask for the second step."""
    session.clear()
    until = int(now().timestamp()) + MINUTES * 60
    session[HALF] = {"who": person.get_id(), "next": back, "until": until}
    return redirect(url_for("second_step.show"), 303)


def half_way() -> tuple[Person | None, str]:
    """Who is between the two steps, and where they wanted to go; nobody where it took too long."""
    kept = session.get(HALF) or {}
    if kept.get("until", 0) < now().timestamp():
        return None, ""
    return load_person(kept["who"]), kept["next"]


def let_in(person: Person) -> None:
    """Sign a person of the house in, under a session of its own, and note that they came; committed."""
    session.clear()
    session[SESSION_ID] = uuid4().hex
    login_user(person)
    trail.note(db.session, "signed_in", now(), actor_id=person.user_id, entity_code=person.entity_code)
    db.session.commit()
