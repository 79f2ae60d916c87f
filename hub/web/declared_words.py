"""What the file declares, in words: how an institution is reached, and which thing a proposal is about."""

import re
from collections.abc import Mapping

from flask_babel import gettext

from hub.web.catalogue import N_

_PART = re.compile(r"(\w+)(?:\[([^\]]*)\])?")
_NAMES: Mapping[str, str] = {
    "entities": N_("Institución %(code)s"), "counters": N_("Mesa de partes %(code)s"),
    "procedures": N_("Procedimiento %(code)s"), "agreements": N_("Convenio %(code)s"),
    "sector": N_("El sector"),
}  # fmt: skip


def way(kind: str) -> str:
    """How its documents reach an institution, as its form calls it."""
    from hub.web.administration.tables import INSTITUTION

    asked = next(one for group in INSTITUTION for one in group.asked if one.path == ("adapter", "kind"))
    return gettext(dict(asked.choices).get(kind, kind))


def thing(path: str) -> str:
    """The path of a thing in the file: "entities[igp].counters[sur]" is "Institución IGP, Mesa de partes sur"."""
    return ", ".join(_part(name, code) for name, code in _PART.findall(path))


def _part(name: str, code: str) -> str:
    if name == "entities":
        code = code.upper()
    if name == "agreements" and code.isdecimal():
        code = str(int(code) + 1)
    return gettext(_NAMES[name], code=code) if name in _NAMES else f"{name} {code}".strip()
