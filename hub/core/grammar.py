"""Articles before the names of bodies and counters, and a person's name as one is greeted. Spanish, no other words.

An acronym takes no article here ("a OEFA"), nor does a name whose first word is not known.
"""

from typing import Final

_EL: Final = frozenset((
    "Archivo", "Banco", "Centro", "Consejo", "Fondo", "Gobierno", "Instituto", "Ministerio", "Organismo", "Programa",
    "Proyecto", "Registro", "Seguro", "Servicio", "Tribunal",
))  # fmt: skip
_LA: Final = frozenset((
    "Agencia", "Autoridad", "Biblioteca", "Comisión", "Contraloría", "Defensoría", "Dirección", "Intendencia", "Mesa",
    "Municipalidad", "Oficina", "Presidencia", "Secretaría", "Superintendencia", "Universidad",
))  # fmt: skip


def the(name: str) -> str:
    """ "el Instituto Geofísico del Perú", "la Mesa de Partes de IGP", "IGP"."""
    first = name.split(" ", 1)[0]
    return f"el {name}" if first in _EL else f"la {name}" if first in _LA else name


def of(name: str) -> str:
    """ "del Instituto Geofísico del Perú", "de la Mesa de Partes de IGP", "de IGP"."""
    return _contracted("de", name)


def to(name: str) -> str:
    """ "al Instituto Geofísico del Perú", "a la Mesa de Partes de IGP", "a IGP"."""
    return _contracted("a", name)


def begun(words: str) -> str:
    """The words with a capital first letter, to begin a sentence; the rest as it is."""
    return words[:1].upper() + words[1:]


def greeted(names: str) -> str:
    """ "Ana Quispe Ñahui" for "Quispe Ñahui, Ana"; any other form as it is."""
    family, comma, given = (part.strip() for part in names.partition(","))
    return f"{given} {family}" if comma and family and given and "," not in given else names


def _contracted(preposition: str, name: str) -> str:
    named = the(name)
    return f"{preposition}l {name}" if named.startswith("el ") else f"{preposition} {named}"
