"""Taking a bundle apart, altering it, putting it together again."""

import json
import zipfile
from contextlib import contextmanager
from hashlib import sha256

from hub.clock import now
from hub.core.chain import GENESIS, canonical, link
from hub.evidence.building import build
from hub.evidence.case import Case, of_bytes
from hub.evidence.findings import Level
from hub.evidence.layout import EVENTS, FILING
from hub.wire.asic import MIMETYPE

OF_THE_SEAL = ("mimetype", "META-INF/")


class Files(dict):
    """The files of a bundle: name -> bytes, in their order."""

    @classmethod
    def of(cls, path):
        with zipfile.ZipFile(path) as archive:
            return cls({entry.filename: archive.read(entry) for entry in archive.infolist()})

    def flip(self, name, place=-10):
        """Change one bit of one byte."""
        content = bytearray(self[name])
        content[place] ^= 1
        self[name] = bytes(content)

    def one(self, part):
        """The name of the first file whose name holds `part`."""
        return next(name for name in self if part in name)

    @contextmanager
    def json(self, name):
        """with files.json(EVENTS) as value: change it in place."""
        value = json.loads(self[name])
        yield value
        self[name] = canonical(value) + b"\n"

    def events(self):
        return json.loads(self[EVENTS])["events"]

    def put_events(self, events):
        """These events, and as many of them as they are."""
        self[EVENTS] = canonical({"events": events})
        with self.json(FILING) as filing:
            filing["eventos"] = len(events)

    def write(self, path, more=()):
        """As it is; `more`: (name, bytes) written after the rest, also under a name that is there."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)
            for name, content in [*self.items(), *more]:
                if name != "mimetype":
                    archive.writestr(name, content)

    def seal_anew(self, path, seals):
        kept = [of_bytes(name, content) for name, content in self.items() if not name.startswith(OF_THE_SEAL)]
        with path.open("w+b") as out:
            build(Case("", 0, 0, tuple(kept)), out, seals, now())


class Forged:
    """A report on what was forged. `names(code)`: the places that are told with that code."""

    def __init__(self, report):
        self.report = report
        self.told = [(one.code, one.about) for one in report.findings if one.level is Level.FALSE]

    def names(self, code):
        assert not self.report.is_good
        return [about for told, about in self.told if told == code]


def rechained(events):
    """The events with positions and hashes made anew, as one who rewrites a history would."""
    previous = GENESIS
    for position, event in enumerate(events, 1):
        told = {key: event[key] for key in event if key not in ("position", "previous", "hash", "proof")}


        event |= {"position": position, "previous": previous.hex()}
        previous = link(previous, position, sha256(canonical(told)).digest())
        event["hash"] = previous.hex()
    return events
