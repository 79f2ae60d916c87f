"""An institution of the sandbox: takes Sobres, keeps them on disk, answers later as a registry does."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.sandbox import words
from adapters.sandbox.calls import Caller, Unreachable, fsync_folder, origin
from adapters.sandbox.life import Life, Pace
from adapters.sandbox.problems import Refused
from adapters.sandbox.reader import HubCertificates, Reader, check_instant
from adapters.sandbox.refusals import Refusals
from adapters.sandbox.seal import OwnKey
from adapters.sandbox.store import Controls, Store, add_step, spend_token

PAGE = 500
"""Lines of a page of our list."""
STATES = {"": "recibido", "registrado": "registrado", "observado": "observado", "rechazado": "rechazado"}
LISTED = """
    SELECT entries.*, (SELECT outcome FROM steps WHERE steps.entry = entries.entry AND kind = 'cargo'
                       AND message IS NOT NULL ORDER BY step DESC LIMIT 1) AS outcome
    FROM entries WHERE acuse IS NOT NULL AND entry > ? AND received_at >= ? ORDER BY entry LIMIT ?"""


@dataclass(frozen=True)
class Identity:
    """Who this institution is, and where its hub is."""

    code: str
    ruc: str
    hub_url: str
    hub_ruc: str
    inline_limit: int
    max_bytes: int = 0
    """What this institution declares that it takes, in bytes of all documents; 0: no limit."""


class Institution:
    """What REST and SOAP share; each gives `start()` its own way to carry a message to the hub."""

    def __init__(self, who: Identity, own: OwnKey, hub: HubCertificates, schema: str, data: Path, pace: Pace) -> None:
        self.who, self.own, self.hub = who, own, hub
        self.reader = Reader(schema, hub)
        self.folder = data / "documentos"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = Store(data / "institucion.sqlite3")
        self.controls = Controls(self.store)
        self.refusals = Refusals(self.store)
        self.caller = Caller()
        self.life = Life(self, pace)
        self._turns = [threading.Lock() for _ in range(64)]

    def receive(self, data: bytes) -> bytes | None:
        """Take a Sobre. Gives the signed Acuse, or None where the documents are still to be fetched.

        Raises Refused. When it returns, everything it answers for is on disk.
        """
        root, digest, signer = self.reader.read(data)
        if words.name(root) != "Sobre":
            raise Refused("MENSAJE_NO_ESPERADO", words.name(root))
        sobre = words.read_sobre(root)
        check_instant(sobre.issued_at, signer, sobre.message_id)
        if sobre.sender_ruc != self.who.hub_ruc:
            raise Refused("FIRMANTE_NO_ES_EMISOR", sobre.sender_ruc, sobre.message_id)
        if sobre.receiver_ruc != self.who.ruc:
            raise Refused("RECEPTOR_EQUIVOCADO", sobre.receiver_ruc, sobre.message_id)
        with self._turns[hash(sobre.cuo) % len(self._turns)]:
            known = self._known(sobre, digest) if self.controls.get("deduplicate") else None
            return known["acuse"] if known else self._take(sobre, digest, data)

    def told_of(self, data: bytes) -> tuple[str, bool]:
        """Keep what the hub tells about a Sobre of ours; gives its id and whether it is new. Raises Refused."""
        root, digest, signer = self.reader.read(data)
        kind, header = words.name(root), words.read_header(root)
        check_instant(header.issued_at, signer, header.message_id)
        if kind == "Sobre":
            raise Refused("MENSAJE_NO_ESPERADO", kind, header.message_id)
        if (header.sender_ruc, header.receiver_ruc) != (self.who.hub_ruc, self.who.ruc):
            raise Refused("RECEPTOR_EQUIVOCADO", header.receiver_ruc, header.message_id)
        row = (header.message_id, kind, digest, data)
        keep = "INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?)"
        is_new = self.store.write(lambda db: db.execute(keep, row).rowcount == 1)
        [known] = self.store.read("SELECT digest FROM told WHERE message_id = ?", header.message_id)
        if known["digest"] != digest:
            raise Refused("MENSAJE_CON_OTRO_CONTENIDO", header.message_id, header.message_id)
        return header.message_id, is_new

    def _known(self, sobre: words.Sobre, digest: str) -> sqlite3.Row | None:
        """The entry of a message seen before, or None. The same id or CUO with another content is refused."""
        rows = self.store.read(
            "SELECT * FROM entries WHERE message_id = ? OR cuo = ? LIMIT 1", sobre.message_id, sobre.cuo
        )
        if not rows:
            return None
        [entry] = rows
        if (entry["message_id"], entry["digest"]) != (sobre.message_id, digest):
            raise Refused("MENSAJE_CON_OTRO_CONTENIDO", sobre.cuo, sobre.message_id)
        again = "UPDATE entries SET times_received = times_received + 1 WHERE entry = ?"
        self.store.write(lambda db: db.execute(again, (entry["entry"],)))
        return entry

    def _take(self, sobre: words.Sobre, digest: str, data: bytes) -> bytes | None:
        is_large = self._check_size(sobre) > self.who.inline_limit
        if not is_large:
            self.fetch(sobre)
        received_at = words.now()
        acuse = None if is_large else self.own.seal(words.acuse(sobre, digest, received_at))
        sha256s = json.dumps([document.sha256 for document in sobre.documents])
        row = (sobre.cuo, sobre.message_id, digest, data, sha256s, received_at, acuse)
        following = ("fetch", 0.0) if is_large else self.life.pace.after("taken")

        def keep(db: sqlite3.Connection) -> tuple[float, int, str] | None:
            added = db.execute(
                "INSERT INTO entries (cuo, message_id, digest, sobre, documents, received_at, acuse)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING entry",
                row,
            ).fetchone()
            return following and add_step(db, added["entry"], following[0], time.time() + following[1])

        self.life.wake(self.store.write(keep))
        return acuse

    def _check_size(self, sobre: words.Sobre) -> int:
        """Bytes of all its documents. More than what we declare is refused before anything is fetched."""
        total = sum(document.size for document in sobre.documents)
        if self.who.max_bytes and total > self.who.max_bytes:
            raise Refused("DOCUMENTO_DEMASIADO_GRANDE", f"{total} bytes", sobre.message_id)
        return total

    def fetch(self, sobre: words.Sobre) -> None:
        """Bring every document that is not here yet, compare it with what was announced, keep it on disk."""
        folder = self.folder / sobre.cuo
        folder.mkdir(exist_ok=True)
        for document in sobre.documents:
            if origin(document.address) != origin(self.who.hub_url):
                raise Refused(
                    "DOCUMENTO_INACCESIBLE", f"not an address of the hub: {document.address}", sobre.message_id
                )
            target = folder / document.sha256
            if target.exists():
                continue
            try:
                self.caller.download(document.address, self._token, document.size, document.sha256, target)
            except Unreachable as error:
                raise Refused("DOCUMENTO_INACCESIBLE", str(error), sobre.message_id) from error
            except Refused as error:
                raise Refused(error.code, error.detail, sobre.message_id) from error
        fsync_folder(folder)
        fsync_folder(self.folder)

    def _token(self) -> str:
        return self.own.token(self.who.ruc, self.who.hub_ruc)

    def _spend(self, token: str) -> None:
        """Let the hub in with a credential, once."""
        claims = self.hub.check_token(token, self.who.ruc)
        self.store.write(lambda db: spend_token(db, claims["jti"], claims["exp"]))

    def told(self, token: str, cuo: str) -> list[bytes] | None:
        """Every message we wrote about a CUO, its Acuse first; None while documents are being fetched."""
        self._spend(token)
        entries = self.store.read("SELECT entry, acuse, problem FROM entries WHERE cuo = ? LIMIT 1", cuo)
        if not entries:
            raise Refused("CUO_DESCONOCIDO", cuo)
        [entry] = entries
        if entry["problem"]:
            raise Refused(entry["problem"], cuo)
        if entry["acuse"] is None:
            return None
        steps = self.store.read(
            "SELECT message FROM steps WHERE entry = ? AND kind != 'acuse' AND message IS NOT NULL ORDER BY step",
            entry["entry"],
        )
        return [entry["acuse"], *(step["message"] for step in steps)]

    def listed(self, token: str, since: str, after: str) -> tuple[list[dict[str, str]], str]:
        """A page of what we hold since an instant, oldest first, and the number to go on from; empty at the end."""
        self._spend(token)
        rows = self.store.read(LISTED, int(after) if after.isdecimal() else 0, _local(since), PAGE + 1)
        lines = [
            {"cuo": row["cuo"], "desde": row["received_at"], "estado": STATES[row["outcome"] or ""],
             "numero": row["registry_number"] or ""}
            for row in rows[:PAGE]
        ]  # fmt: skip
        return lines, str(rows[PAGE - 1]["entry"]) if len(rows) > PAGE else ""

    def forget(self, cuo: str) -> bool:
        """Lose a document, as a disk does that was restored from yesterday. For who tries the balance of both ends."""

        def lose(db: sqlite3.Connection) -> bool:
            db.execute("DELETE FROM steps WHERE entry IN (SELECT entry FROM entries WHERE cuo = ?)", (cuo,))
            return db.execute("DELETE FROM entries WHERE cuo = ?", (cuo,)).rowcount > 0

        return self.store.write(lose)

    def rename(self, cuo: str, other: str) -> bool:
        """Hold a document under a number that nobody gave it."""
        again = "UPDATE entries SET cuo = ? WHERE cuo = ?"
        return self.store.write(lambda db: db.execute(again, (other, cuo)).rowcount > 0)

    def held(self) -> list[dict[str, Any]]:
        """What we hold, for who compares both ends: only entries whose documents are here too."""
        rows = self.store.read("SELECT * FROM entries WHERE acuse IS NOT NULL ORDER BY entry")
        names = ("cuo", "message_id", "received_at", "registry_number", "times_received")
        return [{name: row[name] for name in names} | {"sha256s": json.loads(row["documents"])} for row in rows]

    def again(self, cuo: str) -> bool:
        """Send again, as it was, what the hub refused about a CUO: a person has mended the cause."""
        dropped = self.refusals.drop(cuo)
        for step in self.store.read("SELECT * FROM steps WHERE confirmed_at IS NULL"):
            if str(step["step"]) in dropped:
                self.life.wake((time.time(), step["step"], step["kind"]))
        return bool(dropped)

    def start(self, carry: Callable[[bytes], None]) -> None:
        """Go on where the disk says we were. `carry(message)` brings one of our messages to the hub."""
        self.life.start(carry)

    def stop(self) -> None:
        self.life.stop()
        self.store.close()


def _local(instant: str) -> str:
    """An instant as it stands on our disk; everything for one that cannot be read."""
    try:
        return datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(words.LIMA).isoformat()
    except ValueError:
        return ""
