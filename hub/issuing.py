"""The worker's round that signs the directory for partners."""

from datetime import datetime
from pathlib import Path

from hub import published
from hub.core.bodies import CertificateRecord
from hub.dispatch import Tools
from hub.wire.statements import DIRECTORY, sign_statement
from hub.wire.trusted import leaf_of

USES = (("envelope", "sobres"), ("token", "credenciales"))


def hub_keys(folder: Path) -> list[published.HubKey]:
    """The hub's certificates, two of a use where the next one is there already (`envelope.next.crt.pem`)."""
    return [
        published.HubKey(use, _record(path.read_text("ascii")))
        for name, use in USES
        for path in sorted((folder / "hub").glob(f"{name}*.crt.pem"))
    ]


def _record(pem: str) -> CertificateRecord:
    leaf = leaf_of(pem.encode())
    return CertificateRecord(leaf.fingerprint.hex(), pem, leaf.valid_from, leaf.valid_until)


def issue_directory(tools: Tools) -> int:
    """Sign the directory anew where it changed. Gives 1 where it was."""

    def sign(content: dict[str, object]) -> str:
        return sign_statement(tools.signer, DIRECTORY, content)

    now: datetime = tools.clock()
    with tools.sessions() as session:
        content = published.content_of(
            tools.directory,
            hub_keys(tools.settings.keys_folder),
            published.last_reports(session),
            tools.settings.public_url,
        )
        is_new = published.issue(session, content, sign, now)
        session.commit()
    return int(is_new)
