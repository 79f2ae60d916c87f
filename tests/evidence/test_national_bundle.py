"""The bundle of what an institution sent in: its message proven by the ledger, its document by its digest."""

from types import SimpleNamespace

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.models import Sending
from tests.api.national import a_number, recepcion, say
from tests.fixtures.http import serving


def test_what_was_sent_in_by_the_national_contract_is_proven_like_any_other(installation, walked, tmp_path):
    cuo, path = a_number(), tmp_path / "nacional.asice"
    with serving(installation.app) as url:
        assert say(SimpleNamespace(url=url), recepcion(vcuo=cuo))["vcodres"] == "0000"
    with Session(installation.engine) as session:
        filing_id = session.scalars(select(Sending.filing_id).where(Sending.cuo == cuo)).one()
    installation.seal()
    installation.make(filing_id, path)
    report = walked.report(path)
    assert report.is_good, [one for one in report.findings if one.kind == "false"]
    assert "ANSWER_KEPT" in {one.code for one in report.findings}
