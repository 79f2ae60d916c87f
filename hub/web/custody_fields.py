"""What a clerk hands in at the counter besides files: leaves to photograph, things that stay, and where they are."""

from collections.abc import Mapping

from hub.core.errors import Problem
from hub.custody import LONGEST, MOST, CustodyState, Handed, ItemKind
from hub.web.catalogue import N_
from hub.web.forms import Field, Form
from hub.web.sentences import say

KINDS: Mapping[str, str] = {
    ItemKind.ORIGINAL: N_("Original en papel"),
    ItemKind.MEDIUM: N_("Soporte físico"),
}
STATES: Mapping[str, str] = {
    CustodyState.HELD: N_("En custodia"),
    CustodyState.ON_ITS_WAY: N_("En camino, con su hoja de remisión"),
    CustodyState.HANDED_OVER: N_("Lo tiene la institución de destino"),
    CustodyState.RETURNED: N_("Devuelto a quien lo trajo"),
}
_BOXES = (("originals", ItemKind.ORIGINAL), ("media", ItemKind.MEDIUM))


def keep() -> tuple[Field, ...]:
    """Part of the form of the counter."""
    return (
        Field("photographs", say("Foto de la hoja"), accept="image/jpeg,image/png", is_optional=True),
        Field("originals", say("Originales en papel que se quedan aquí"),
              say("Uno por línea, como «Título de propiedad, 4 folios»"), is_optional=True),
        Field("media", say("Memorias, discos o muestras que se quedan aquí"), say("Uno por línea"), is_optional=True),
    )


def read_kept(form: Form) -> tuple[tuple[Handed, ...], tuple[Problem, ...]]:
    """What stays, line by line."""
    things, problems = [], []
    for name, kind in _BOXES:
        lines = [" ".join(line.split()) for line in form[name].value.splitlines() if line.strip()]
        if len(lines) > MOST or any(len(line) > LONGEST for line in lines):
            problems.append(Problem(name, "CUSTODY_TOO_LONG", {"limit": LONGEST, "lines": MOST}))
        things += [Handed(kind, line) for line in lines]
    return tuple(things), tuple(problems)


def kind_words(code: str) -> str:
    """What a thing is."""
    return say(KINDS[code])


def state_words(code: str) -> str:
    """Where a thing is."""
    return say(STATES[code])
