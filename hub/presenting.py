"""Presenting online: a draft and its files become a filing.

Only the unreadable file, the unidentifiable person and the impossible number stop it, and the limits that the
destination publishes (TUO 135.1, 136.1; Ley 31170). What else lacks is observed afterwards, never refused.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from hub import cautions, drafts, intake, mailing
from hub.core.directory import Directory
from hub.core.errors import InvalidFiling, NotFound, Problem
from hub.core.limits import Offered, limit_problems
from hub.core.messages import DocumentRole
from hub.core.phones import is_number
from hub.drafted import submission_of
from hub.intake import Reception
from hub.models import Draft, DraftFile, Filing


def problems(
    directory: Directory, draft: Draft, files: Sequence[DraftFile], ceiling: int, now: datetime
) -> list[Problem]:
    """Everything that stops this draft, field by field. `ceiling`: bytes of all files where a body publishes none."""
    submission = submission_of(draft, files)
    return [
        *intake.check(submission, directory, now),
        *_own_problems(draft.values),
        *over_limits(directory, draft, offered(files), ceiling),
    ]


def _own_problems(values: Mapping[str, str]) -> list[Problem]:
    """What the form asks besides: what for, who, a RUC for a company, and one way to be found (TUO 124.1, 124.5)."""
    found = [Problem(name, "CHOICE_REQUIRED") for name in ("purpose", "person_type") if not values.get(name)]
    if values.get("person_type") == "legal" and not values.get("ruc"):
        found.append(Problem("ruc", "RUC_LENGTH"))
    if not any(values.get(name) for name in ("email", "phone", "address")):
        found.append(Problem("email", "CONTACT_MISSING"))
    if values.get("phone") and not is_number(values["phone"]):
        found.append(Problem("phone", "PHONE_INVALID"))
    return found


def over_limits(directory: Directory, draft: Draft, files: Sequence[Offered], ceiling: int) -> list[Problem]:
    """What of these files is over the limits that the destination publishes."""
    try:
        destination = directory.entity(draft.values.get("destination", ""))
    except NotFound:
        return []
    return limit_problems(destination.limits, ceiling, files)


def offered(files: Sequence[DraftFile]) -> list[Offered]:
    """The files of a draft, as the limits know them."""
    return [Offered(DocumentRole(one.role), one.file_name, one.size, one.media_type) for one in files]


def offered_with(files: Sequence[DraftFile], new: Offered) -> list[Offered]:
    """The files of a draft and one more; a new main document takes the place of the one before."""
    kept = offered(files)
    return [one for one in kept if new.role is not DocumentRole.MAIN or one.role is not DocumentRole.MAIN] + [new]


def doubts(
    session: Session, directory: Directory, draft: Draft, files: Sequence[DraftFile], now: datetime, within: timedelta
) -> tuple[Problem, ...]:
    """What to look at once more before sending; nothing of it stops anybody. `within`: how long ago counts as again."""
    submission = submission_of(draft, files)
    return cautions.cautions(
        session,
        directory,
        submission.filer,
        submission.destination_code,
        submission.files,
        now,
        within=within,
        declares_representation=submission.declares_representation,
    )


def send_link(session: Session, draft: Draft, now: datetime) -> None:
    """Mail the link of a draft to its proved address, once a minute at most; flushed. Without one nothing is sent."""
    if not draft.proved_email:
        return
    once = f"borrador:{draft.id.hex}:{int(now.timestamp()) // 60}"
    mailing.post(session, draft.proved_email, "draft_link", once, now, draft_id=draft.id.hex)


def send(
    session: Session, directory: Directory, draft: Draft, ceiling: int, now: datetime, *, accepts_notification: bool
) -> Filing:
    """Present a draft: a filing of the destination's own counter, received by itself; flushed, not committed.

    Raises InvalidFiling with every problem, Forbidden DRAFT_SENT for a draft that is a filing already.
    """
    held = drafts.lock(session, draft)
    files = drafts.files_of(session, held)
    if found := problems(directory, held, files, ceiling, now):
        raise InvalidFiling(found)
    submission = submission_of(held, files, accepts_notification=accepts_notification)
    body = directory.entity(submission.destination_code)
    reception = Reception("online", body.code, body.principal_counter.code)
    filing = intake.receive(session, directory, submission, reception, now)
    filing.account_id = held.account_id
    drafts.hand_over(session, held, filing.id)
    return filing
