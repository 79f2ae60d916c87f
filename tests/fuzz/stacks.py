"""The same call as five SOAP stacks write it: what they put around the fields is theirs, and no two agree."""

import re
from dataclasses import dataclass, field
from functools import partial

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
_XSI = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@dataclass(frozen=True)
class Sent:
    """One call. `door` is national or own; `kind` names what it was before anything happened to it."""

    door: str
    kind: str
    path: str
    body: bytes
    headers: dict = field(default_factory=dict)


def _written(namespace, operation, inside, *, prefix, soap, prolog="", attributes="", encoding="utf-8"):
    """`prefix` of the operation, empty for a default namespace."""
    name = f"{prefix}:{operation}" if prefix else operation
    declared = f'xmlns:{prefix}="{namespace}"' if prefix else f'xmlns="{namespace}"'
    text = (
        f'{prolog}<{soap}:Envelope xmlns:{soap}="{SOAP}"{attributes}><{soap}:Body><{name} {declared}>{inside}</{name}>'
        f"</{soap}:Body></{soap}:Envelope>"
    )
    return text.encode(encoding, "xmlcharrefreplace")


def _qualified(inside, prefix):
    """The fields in the namespace of the operation, as our own contract has them."""
    return re.sub(r"<(/?)", rf"<\1{prefix}:", inside) if prefix else inside


def _unqualified(inside, prefix):
    """The fields in no namespace, as the national contract has them: a default one is taken back."""
    return inside if prefix else re.sub(r"^<([\w-]+)>", r'<\1 xmlns="">', inside)


_PROLOG = '<?xml version="1.0" encoding="{}"?>'
_UTF_8, _LATIN = "text/xml; charset=utf-8", "text/xml; charset=ISO-8859-1"
STACKS = {
    "axis": (partial(_written, prefix="", soap="soapenv", prolog=_PROLOG.format("UTF-8"), attributes=f" {_XSI}"),
             _UTF_8, '""'),
    "jax-ws": (partial(_written, prefix="ns2", soap="S", prolog=_PROLOG.format("utf-8")), _UTF_8, '"{}"'),
    "php": (partial(_written, prefix="ns1", soap="SOAP-ENV", prolog=_PROLOG.format("UTF-8") + "\n"), _UTF_8, '"{}"'),
    "nusoap": (partial(_written, prefix="ns1", soap="SOAP-ENV", prolog=_PROLOG.format("ISO-8859-1"),
                       attributes=f" {_XSI}", encoding="latin-1"), _LATIN, ""),
    "wcf": (partial(_written, prefix="", soap="s"), _UTF_8, '"{}"'),
}  # fmt: skip
"""Stack -> how it writes, its Content-Type, its SOAPAction."""


def written_by(stack, door, path, namespace, operation, inside):
    """The call as that stack writes it."""
    write, content_type, action = STACKS[stack]
    fields = (_qualified if door == "own" else _unqualified)(inside, write.keywords["prefix"])
    headers = {"Content-Type": content_type, "SOAPAction": action.format(operation)}
    return Sent(door, operation, path, write(namespace, operation, fields), headers)
