"""The directory that tests and rehearsals declare: config/entities.yaml, its institutions played on this machine.

Whoever runs a sector writes real addresses into that file; with them there is nobody to play, and nothing to sign with.
"""

import atexit
import re
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATHS = {"rest": "", "soap": "/mesadepartes", "iotramite": "/wsiotramite/Tramite"}
_ENTITY = re.compile(r"^  - code: (\w+)$", re.MULTILINE)
_INSIDE = r"\n(?:      .*\n)*?      "
_ADDRESS = re.compile(rf"(^    adapter:{_INSIDE}kind: (\w+){_INSIDE}address: )(.*)$", re.MULTILINE)


def played_here(text):
    """The file with each address that leads elsewhere made one of this machine."""
    head, *rest = _ENTITY.split(text)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return head + "".join(f"  - code: {code}{_ADDRESS.sub(_to(code), block)}" for code, block in pairs)


def _to(code):
    variable = f"MESA_ADDRESS_{code.upper().replace('-', '_')}"

    def address(found):
        if f"${{{variable}:-http://127.0.0.1:" in found[3]:
            return found[0]
        return f"{found[1]}${{{variable}:-http://127.0.0.1:7100{PATHS.get(found[2], '')}}}"

    return address


def directory(file=ROOT / "config" / "entities.yaml"):
    """The file itself where nothing was changed; otherwise a copy, of this process."""
    text = file.read_text("utf-8")
    if (played := played_here(text)) == text:
        return file
    folder = Path(tempfile.mkdtemp(prefix="mesa-directory-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copy = folder / file.name
    copy.write_text(played, "utf-8")
    return copy


ENTITIES = directory()
