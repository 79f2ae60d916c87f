"""Giving out a paper: the one that was made, or made now where nobody has yet, so that no one waits for the press."""

from functools import cache
from uuid import UUID

from flask import Blueprint, g

from hub import outage_papers, paperwork
from hub.clock import now
from hub.downloads import send
from hub.extensions import db, services
from hub.fetching import Fetchable
from hub.files import PDF
from hub.guards import roles
from hub.paper_orders import CONSTANCIA
from hub.paperwork import Press, Want
from hub.presses import press_from
from hub.settings import Settings
from hub.web.people import AT_COUNTER, BOOK_READERS, IN_BODY

bp = Blueprint("papers", __name__, url_prefix="/papeles")
SHOWN = "default-src 'none'; frame-ancestors 'none'"


@cache
def _press(settings: Settings) -> Press:
    """One press a process; its key is read when the first paper is made here."""
    return press_from(settings)


def constancia_paper(filing):
    """The constancia of a filing."""
    return ready(Want(CONSTANCIA, filing.id))


def ready(want):
    """The paper, made now if it was not. Commits: no transaction is open while the time-stamp authority is asked."""
    paper = paperwork.known(db.session, want)
    if paper is not None:
        return paper
    house = services()
    press = _press(house.settings)
    receipt = paperwork.gather(db.session, house.directory, press, want)
    db.session.commit()
    made = paperwork.make(press, receipt, now())
    paper = paperwork.record(db.session, press, want, made, now())
    db.session.commit()
    return paper


def ready_outage(outage, facts):
    """The paper of an outage that is over, made now if it was not; commits as `ready` does."""
    paper = outage_papers.known(db.session, outage)
    if paper is not None:
        return paper
    press = _press(services().settings)
    db.session.commit()
    made = outage_papers.make(press, facts, now())
    paper = outage_papers.record(db.session, press, outage, made)
    db.session.commit()
    return paper


def give(paper, name):
    """The bytes of a paper, shown by the browser under this file name."""
    known = UUID(int=paper.id)
    answer = send(Fetchable(known, paper.kind, name, PDF, paper.size, paper.sha256, None, paper.object_key))
    answer.headers["Content-Disposition"] = f"inline; filename={name}"
    answer.headers["Content-Security-Policy"] = SHOWN
    return answer


@bp.get("/cargos/<cuo>.pdf")
@roles(*AT_COUNTER, *IN_BODY, *BOOK_READERS)
def give_cargo(cuo):
    want = paperwork.cargo_wanted(db.session, g.person.viewer, cuo)
    return give(ready(want), f"cargo-{cuo}.pdf")
