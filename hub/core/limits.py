"""What a body publishes that it takes by internet: sizes, numbers, kinds. Binds the online form and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.core.bodies import Limits
from hub.core.errors import Problem
from hub.core.messages import DocumentRole

OLD_OFFICE = "application/x-ole-storage"
_HELD_IN = {
    "application/msword": OLD_OFFICE,
    "application/vnd.ms-excel": OLD_OFFICE,
    "application/vnd.ms-powerpoint": OLD_OFFICE,
    "text/csv": "text/plain",
}
"""Kinds that their leading bytes do not tell apart, by what the bytes do say."""


@dataclass(frozen=True)
class Offered:
    """A file that somebody wants to hand in. `media_type` is empty while nothing of it has come in; `size` bytes."""

    role: DocumentRole
    name: str
    size: int
    media_type: str = ""


FIELDS = {DocumentRole.MAIN: "main_document", DocumentRole.ANNEX: "annexes"}
"""The question of the form that each role answers."""


def limit_problems(limits: Limits, ceiling: int, files: Sequence[Offered]) -> list[Problem]:
    """What is over the published limits. `ceiling`: the hub's own, in bytes of all files, where the body has none."""
    found = [problem for one in files for problem in _of_one(limits, one)]
    total, size = limits.total_bytes or ceiling, sum(one.size for one in files)
    if size > total:
        found.append(Problem("annexes", "TOTAL_TOO_LARGE", {"limit": total}))
    if limits.files and len(files) > limits.files:
        found.append(Problem("annexes", "TOO_MANY_FILES", {"limit": limits.files}))
    return found


def _of_one(limits: Limits, file: Offered) -> list[Problem]:
    is_main = file.role is DocumentRole.MAIN
    most = limits.main_bytes if is_main else limits.annex_bytes
    field, found = FIELDS[file.role], []
    if most and file.size > most:
        found.append(Problem(field, "FILE_TOO_LARGE", {"name": file.name, "limit": most}))
    kinds = () if is_main else limits.annex_types  # the main document is a PDF, whatever else is published
    if kinds and file.media_type and file.media_type not in {_HELD_IN.get(kind, kind) for kind in kinds}:
        found.append(Problem(field, "FILE_TYPE", {"name": file.name}))
    return found
