"""Who saw what: a page of a filing, a file, a register that somebody of the house opened is written into the trail.

Written when the answer is ready and before it goes out, in a transaction of its own: what cannot be written down is
not shown.
"""

from collections.abc import Mapping
from datetime import timedelta

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from hub import trail
from hub.clock import now
from hub.extensions import db
from hub.sight import CITIZEN, is_sector_wide
from hub.web.errors import come_back, is_momentary

SEEN: Mapping[str, str] = {
    "inbox.show_filing": "saw_filing",
    "inbox.document": "saw_file",
    "assigning.read_here": "saw_file",
    "sector.show_delivery": "saw_route",
    "counter.show_constancia": "saw_receipt",
    "counter.give_constancia": "saw_receipt",
    "desk.give_slip": "saw_receipt",
    "papers.give_cargo": "saw_receipt",
    "own.show_document": "saw_own",
    "own.give_constancia": "saw_receipt",
    "registers.show_register": "saw_register",
    "registers.print_register": "took_register",
    "registers.export_register": "took_register",
    "reports.export_figures": "took_report",
    "reports.draft_letter": "took_report",
    "desk.search": "searched_filings",
    "trail.search": "searched_trail",
    "staff.show_person": "saw_person",
}
"""What is written down of each door that shows something of a person; lists of numbers alone are not."""

IN_PARTS = timedelta(minutes=5)
"""A program that shows a long file asks for it in many parts: they are one line in so long."""


def install(app: Flask) -> None:
    app.after_request(_note)


def _note(answer: Response) -> Response:
    kind, person = SEEN.get(request.endpoint or ""), g.get("person")
    if kind is None or person is None or request.method != "GET" or answer.status_code not in (200, 206):
        return answer
    if CITIZEN in person.roles:
        return answer
    named = request.view_args or {}
    number = str(named.get("cuo") or named.get("number") or "")
    body = "" if is_sector_wide(person.viewer) else person.entity_code  # who runs the sector looks for no body
    document = str(named.get("document_id") or "")
    told = {name: value for name, value in (("number", number), ("document", document)) if value}
    try:
        with Session(db.engine) as session:
            if answer.status_code == 206 and trail.is_told(session, kind, now() - IN_PARTS, person.user_id, told):
                return answer
            about = named.get("user_id")
            trail.note(session, kind, now(), actor_id=person.user_id, entity_code=body, about_user_id=about, **told)
            session.commit()
    except (DBAPIError, TimeoutError) as error:  # Flask asks none of its handlers about what fails here
        if not is_momentary(error):
            raise
        answer.close()
        return come_back(error)
    return answer
