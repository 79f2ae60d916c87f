"""What else stands in the estate, each as {name: identifier}: online filings, drafts, accounts, the sector's rows."""

import re
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from hub import decrees, drafts, incidents, invitations, outages
from hub.account_links import Purpose, token_of
from hub.account_links import send as send_link
from hub.clock import now
from hub.models import AccessRequest, AccountLink, BalanceRow, Difference, Draft, Invitation, User
from hub.sight import Viewer
from hub.staff import Manager, Member, invite
from tests.nets.doors.marks import EMAIL, NAMES, PERSON, SUBJECT
from tests.web.citizen import DOCUMENT, DRAFT
from tests.web.citizen import PERSON as WHO
from tests.web.national import with_stopped_cargo
from tests.web.test_joining import typed as asked_access
from tests.web.test_own import sent
from tests.web.test_sector import fail, park


def online(estate):
    """Filed with an account, and a draft of nobody with a file and one that is coming in."""
    citizen = estate.cast.person("citizen")
    citizen.begins("iiap").says("para-que", purpose="general")
    citizen.says("documento", **DOCUMENT | {"subject": SUBJECT}).attaches(estate.a_file)
    assert citizen.sends(accepts_notification="si").status_code == 303
    number = re.search(r"\d{4}-\d{7}-\d", citizen.get(citizen.at).text)[0]
    filing, documents, legs = estate.house.filing(number)
    cuo, officer = legs[-1].cuo, estate.cast.visitor("officer")
    estate.house.say(cuo)
    estate.does(officer, f"/bandeja/{cuo}", answer="register")
    notice = estate.noticed(number, cuo)[1]
    return {
        "online_notice": notice, "sha256": documents[0].sha256, "online": number,
        "online_code": filing.verification_code, "online_document": str(documents[0].id),
    }  # fmt: skip


def drafted(estate):
    made = {}
    for name in ("drafter", "another_drafter"):
        drafter = estate.cast.person(name).begins("iiap").says("para-que", purpose="general")
        drafter.says("quien", **WHO | ({"names": NAMES} if name == "drafter" else {}))
    drafter = estate.cast.person("drafter")
    assert drafter.attaches(estate.a_file).status_code == 303
    made["file"] = re.search(r"archivos/([0-9a-f-]{36})/quitar", drafter.get(f"{DRAFT}/archivos").text)[1]
    sign = {"Tus-Resumable": "1.0.0", "X-CSRFToken": drafter.visitor.csrf(), "Upload-Length": "9",
            "Upload-Metadata": "filename bm90YS50eHQ=,role YW5uZXhlcw=="}  # fmt: skip
    begun = drafter.visitor.client.post("/presentar/archivos", headers=sign)
    assert begun.status_code == 201, begun.text
    made["upload"] = begun.location.rpartition("/")[2]
    with estate.house.session() as session:
        draft = session.scalars(select(Draft).order_by(Draft.created_at.desc()).where(Draft.filing_id.is_(None))).all()
        mine = next(one for one in draft if PERSON in one.values.get("names", "").lower())
        made["draft_token"] = drafts.token_of(estate.house.services.tracking_secret, mine.id)
    return made


def written(estate):
    """A document that IIAP itself sent, and one that a collaborator of a unit sent."""
    return {
        "own": sent(estate.cast.visitor("officer"), subject=SUBJECT, email=EMAIL, destination="oefa"),
        "own_of_unit": sent(estate.cast.visitor("member"), subject=SUBJECT, email=EMAIL, destination="oefa"),
    }


def people(estate):
    """An account of IIAP that was invited, and requests to join."""
    body, house = estate.house.directory.entity("iiap"), estate.house
    by = Viewer(estate.cast.id_of("coordinator"), frozenset({"entity_coordinator"}), body.id)
    found = {}
    with house.session() as session:
        new = Member(NAMES, f"{PERSON}@iiap.example", "collaborator")
        user = invite(session, Manager(by, body), new, now())
        user.active = True
        session.flush()
        row = session.scalars(select(Invitation).where(Invitation.user_id == user.id)).one()
        found |= {"user": str(user.id), "invitation": invitations.token_of(house.services.tracking_secret, row.id)}
        session.commit()
    for name in ("joining", "not_joining"):
        form = asked_access(responsible=NAMES)
        estate.does(estate.cast.visitor("nobody"), "/sumarse", **form)
        with house.session() as session:
            found[name] = str(session.scalars(select(AccessRequest.id).where(AccessRequest.ruc == form["ruc"])).one())
    return found


def links(estate):
    """Links by mail about a citizen's account."""
    secret, found = estate.house.services.tracking_secret, {}
    email = estate.cast.person("citizen").email
    with estate.house.session() as session:
        user = session.scalars(select(User).where(User.email == email)).unique().one()
        for purpose in Purpose:
            address = f"{uuid4().hex[:8]}@ejemplo.pe" if purpose is Purpose.MOVE else email
            send_link(session, purpose, address, now(), user.id)
            links = select(AccountLink).where(AccountLink.purpose == purpose.value).order_by(AccountLink.expires_at)
            link = session.scalars(links).all()[-1]
            found[f"link_{purpose.value}"] = token_of(secret, link.id, purpose.value)
        session.commit()
    return found


def sectors(estate):
    """What who runs the sector looks after: a failed leg, news put apart, a day, an incident, an outage."""
    house, by, at = estate.house, str(estate.cast.id_of("admin")), now()
    with house.session() as session:
        day = decrees.record_day(session, house.directory, at.date() + timedelta(90), "DS 090-2026-PCM", (), by, at)
        incident = incidents.record(session, house.directory, "igp", at - timedelta(hours=3), SUBJECT, by, at)
        outage = outages.open_outage(session, house.directory, at - timedelta(hours=1), "Corte", by, at)
        session.commit()
        found = {"day": str(day.id), "incident": str(incident.id), "outage": outage.verification_code}
    failed, other = estate.take(destination="oefa")[0], estate.take(destination="oefa")[0]
    found |= {"failed": fail(house, failed), "failed_too": fail(house, other)}
    plain = estate.cast.visitor("seat").filed()  # to the counter's own body, whose other counters may find it
    found |= differing(house)
    return found | {"parked": str(park(house, plain)), "stopped": with_stopped_cargo(house)[0]}


def differing(house):
    """Something that IGP holds and nobody sent it, and a balance with it."""
    body, at = house.directory.entity("igp").id, now()
    with house.session() as session:
        row = Difference(entity_id=body, cuo="9999999999", kind="unknown", theirs="held", found_at=at, seen_at=at,
                         details={"held_since": at.isoformat()})  # fmt: skip
        session.add(row)
        session.add(BalanceRow(entity_id=body, day=at.date(), made_at=at, lines="[]", digest=bytes(32), jws="a.b.c"))
        session.commit()
        return {"difference": str(row.id), "balance": at.date().isoformat()}


def declared(estate):
    """A change of IGP that waits, and the certificate with which it signs."""
    path, why = "/administracion/instituciones/igp/mesas/huancayo", {"accion": "proponer", "reason": "Se mudó"}
    typed = {"name": "Sede Huancayo", "place": "Chupaca", "ubigeo": "120101"}
    answer = estate.cast.visitor("admin").post(path, typed | why)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    (held, *_) = estate.house.directory.entity("igp").certificates
    return {"proposal": re.search(r"propuestas/(\d+)", answer.location)[1], "certificate": held.fingerprint}


ALL = (declared, online, drafted, written, people, links, sectors)
