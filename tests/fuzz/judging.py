"""What a good answer is: of the protocol, with a code and a text, whatever was sent."""

from dataclasses import dataclass

from lxml import etree

from hub.wire import service
from hub.wire.iotramite.codes import TRY_AGAIN_TEXT
from tests.fuzz.stacks import SOAP

_ANSWERED_BY_CODE = ("recepcionarTramiteResponse", "consultarTramiteResponse", "cargoResponse")
_LISTS = ("getTipoDocumento", "getListaEntidad")
_OURS = ("ERROR_INTERNO", "NO_DISPONIBLE")


@dataclass(frozen=True)
class Judged:
    """`code` is what was answered, for the summary; `wrong` why it is no answer, empty for a good one."""

    code: str
    wrong: str = ""


def judge(path, status, headers, body):
    """Judge an answer by the door at which it was given."""
    try:
        root = etree.fromstring(body)
    except etree.XMLSyntaxError:
        return Judged(f"HTTP {status}", f"HTTP {status}, and no XML: {body[:200]!r}")
    if not (headers.get("Content-Type") or "").startswith("text/xml"):
        return Judged(f"HTTP {status}", f"Content-Type {headers.get('Content-Type')}")
    children = root.findall(f"{{{SOAP}}}Body/*")
    if len(children) != 1:
        return Judged(f"HTTP {status}", f"{len(children)} elements in the Body")
    is_own = path.startswith("/soap/")
    return _own(children[0], status) if is_own else _national(children[0], status)


def _national(answer, status):
    name = etree.QName(answer).localname
    if name == "Fault":
        is_told = bool(answer.findtext("faultcode") and (answer.findtext("faultstring") or "").strip())
        return Judged("Fault", "" if (status, is_told) == (400, True) else f"a Fault under HTTP {status}")
    operation, returned = name.removesuffix("Response"), answer.findall("return")
    if status != 200:
        return Judged(f"HTTP {status}", f"{name} under HTTP {status}")
    if operation in _LISTS:
        return Judged("list", "" if returned or operation == "getListaEntidad" else "an empty list of types")
    if len(returned) != 1:
        return Judged("none", f"{len(returned)} returns of {operation}")
    if operation not in _ANSWERED_BY_CODE:
        text = (returned[0].text or "").strip()
        return Judged("a number" if len(text) == 10 else text, "" if text else f"an empty answer to {operation}")
    code, text = ((returned[0].findtext(name) or "").strip() for name in ("vcodres", "vdesres"))
    if not code or not text:
        return Judged(code or "none", f"code {code!r} with text {text!r}")
    return Judged(code, text if text == TRY_AGAIN_TEXT else "")


def _own(answer, status):
    if answer.tag != f"{{{SOAP}}}Fault":
        state = (answer.findtext(f"{{{service.NS}}}estado") or "").strip()
        return Judged(state or "none", "" if (status, bool(state)) == (200, True) else f"HTTP {status} without a state")
    told = answer.find(f"detail/{{{service.NS}}}falla")
    code, text = (
        ((told.findtext(f"{{{service.NS}}}{name}") if told is not None else "") or "") for name in ("codigo", "mensaje")
    )
    if not code or not text.strip() or status != 500:
        return Judged(code or "Fault", f"a Fault under HTTP {status} with code {code!r} and text {text!r}")
    return Judged(code, code if code in _OURS else "")
