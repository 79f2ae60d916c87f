"""What nobody presents goes by itself; a code and the link of a draft are letters like any other."""

from datetime import timedelta

from sqlalchemy import select

from hub import drafts, email_codes, leftovers, letters, presenting, uploading
from hub.core.messages import DocumentRole
from hub.models import Draft, EmailCode, FileUpload
from tests.stages.office import office
from tests.stages.test_letters import MailServer

__all__ = ["office"]
EMAIL = "ana@ejemplo.pe"


def begin(office, at):
    """A draft with a proved address, an open upload with one piece, and a code."""
    with office.tools.sessions() as session:
        draft = drafts.start(session, {"destination": "igp"}, at)
        draft.proved_email = EMAIL
        upload = uploading.begin(session, draft, DocumentRole.ANNEX, "a.bin", 9, at)
        uploading.keep_part(session, office.tools.store, upload.id, 0, office.tools.store.put(b"abc"), at)
        code_id = email_codes.send(session, EMAIL, at)
        presenting.send_link(session, draft, at)
        presenting.send_link(session, draft, at)
        session.commit()
        return draft.id, code_id



def test_a_round_drops_what_expired_and_keeps_what_did_not(office):
    now = office.tools.clock()
    begin(office, now - timedelta(days=31))
    kept, code_id = begin(office, now)
    assert leftovers.drop_expired(office.tools) == 3
    with office.tools.sessions() as session:
        assert session.scalars(select(Draft.id)).all() == [kept]
        assert session.scalars(select(EmailCode.id)).all() == [code_id]
        assert len(session.scalars(select(FileUpload)).all()) == 1
    assert leftovers.drop_expired(office.tools) == 0


def test_the_code_and_the_link_are_written_by_the_worker(office):
    server = MailServer()
    server.start()
    try:
        draft_id, code_id = begin(office, office.tools.clock())
        assert letters.send_due(office.tools, server.postman()) == 2
    finally:
        server.stop()
    secret = office.tools.settings.tracking_secret.encode()
    code, token = email_codes.code_of(secret, code_id), drafts.token_of(secret, draft_id)
    (to, first), (_, second) = server.box.mails
    assert to == [EMAIL]
    assert first["Subject"].startswith(code)
    assert f"{code[:3]} {code[3:]}" in first.get_content()
    assert f"/presentar/continuar/{token}" in second.get_content()
    assert code not in second.get_content()
