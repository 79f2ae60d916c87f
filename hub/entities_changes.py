"""What a change of the declared sector does, said in Spanish: which value becomes which, and from when it counts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hub.entities.foreseeing import Foreseen

LABELS: Mapping[str, str] = {
    "name": "nombre", "acronym": "siglas", "ruc": "RUC", "verified": "RUC confirmado en fuente oficial",
    "kind": "tipo", "policy": "política de fechas", "remittance_policy": "política de lo remitido",
    "counters": "mesas de partes", "adapter": "medio de entrega", "certificates": "certificados", "limits": "límites",
    "link_hosts": "servidores de sus anexos", "addressee": "destinatario por defecto", "contact": "contacto",
    "procedures": "procedimientos", "data_officer": "oficial de datos personales", "service": "servicio informado",
    "document_types": "tipos de documento", "introduction": "presentación", "retention_class": "serie documental",
    "in_flight": "entregas a la vez", "left_on": "dejó de recibir", "successor": "sucesora", "address": "dirección",
    "options": "ajustes del medio", "place": "lugar", "ubigeo": "ubigeo", "principal": "principal",
    "closed": "cerrada", "hours": "horario", "main_bytes": "documento principal", "annex_bytes": "cada anexo",
    "total_bytes": "todo junto", "files": "cuántos archivos", "main_types": "tipos del principal",
    "annex_types": "tipos de los anexos", "email": "correo", "phone": "teléfono", "unit": "oficina",
    "job_title": "cargo", "url": "dirección", "gob_pe_url": "página en gob.pe", "since": "desde",
    "responsible": "responsable", "silence": "silencio", "days": "plazo en días hábiles", "act": "clase de acto",
    "fee": "derecho de trámite", "requirements": "requisitos", "norm": "norma", "mode": "modo",
    "valid_from": "vale desde", "valid_to": "vale hasta", "operator": "institución operadora",
    "signer": "funcionario que firma", "document_kind": "documento", "document_number": "número", "names": "nombres",
    "demo": "dato de demostración", "code": "código", "from": "de", "to": "para", "text": "texto",
}  # fmt: skip
"""Names of what a file declares, by its key; the forms ask by them too."""
EFFECTS: Mapping[str, str] = {
    "adapter": "Vale para todo lo que se envíe desde entonces, también lo que ya espera en cola.",
    "certificates": "Desde entonces se acepta lo firmado con ellos, y con ningún otro.",
    "limits": "Vale para los formularios que se abran desde entonces. La ventanilla recibe igual.",
    "procedures": "Vale para lo que se presente desde entonces: lo ya presentado conserva su plazo y sus requisitos.",
    "policy": "Vale para lo que se presente desde entonces: las fechas ya dadas no cambian.",
    "remittance_policy": "Vale para lo que llegue desde entonces: las fechas ya dadas no cambian.",
    "counters": "Se publica enseguida en las páginas de la institución y en las constancias que se hagan después.",
    "left_on": "Desde ese día no se le puede presentar.",
    "operator": "Las constancias y el libro llevarán su RUC.",
    "in_flight": "El repartidor lo toma enseguida.",
}  # fmt: skip
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_SAID = {True: "sí", False: "no", None: "nada"}
_LONGEST = 160


def sentences(changes: Iterable[Foreseen]) -> list[str]:
    """A sentence a change, and from when it counts."""
    return [line for change in changes for line in _sentences(change)]


def _sentences(change: Foreseen) -> Iterator[str]:
    who = _who(change)
    if not change.name:
        yield f"{who}: {'se agrega' if change.before is None else 'se retira'}."
        return
    for where, before, after in _parts(change.before, change.after, LABELS.get(change.name, change.name)):
        yield f"{who}, {where}: de {_said(before)} a {_said(after)}."
    if change.is_overlaid:
        yield f"{who}: {LABELS.get(change.name, change.name)} se publicó en pantalla, y eso sigue rigiendo."
    elif change.name in EFFECTS:
        yield EFFECTS[change.name]


def _who(change: Foreseen) -> str:
    if change.kind == "agreement":
        pair, _, day = change.key.partition("@")
        return f"Convenio de {pair.replace('>', ' para ').upper()} desde {day}"
    return "El sector" if change.kind == "sector" else change.key.upper()


def _parts(before: Any, after: Any, where: str) -> Iterator[tuple[str, Any, Any]]:
    """The innermost values that differ, each with its way."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*after, *(key for key in before if key not in after)):
            yield from _parts(before.get(key), after.get(key), f"{where}, {LABELS.get(key, key)}")
        return
    old, new = _by_code(before), _by_code(after)
    if old is not None and new is not None and (old or new):
        for code in (*new, *(code for code in old if code not in new)):
            yield from _parts(old.get(code), new.get(code), f"{where}, «{code}»")
        return
    yield where, before, after


def _by_code(value: Any) -> dict[str, Any] | None:
    """A list of things that have a code, by it."""
    if value is None:
        return {}
    if isinstance(value, list) and all(isinstance(one, dict) and "code" in one for one in value):
        return {one["code"]: one for one in value}
    return None


def _said(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _SAID[value]
    if isinstance(value, list):
        return "; ".join(_item(one) for one in value) or "nada"
    if isinstance(value, dict):
        return f"«{value.get('name') or value.get('kind') or _item(value)}»"
    text = str(value)
    return f"«{text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}»"


def _item(value: Any) -> str:
    if not isinstance(value, dict):
        return f"«{value}»"
    if "weekday" in value:
        return f"{_DAYS[value['weekday']]} de {value['opens']} a {value['closes']}"
    if "fingerprint" in value:
        return f"{value['fingerprint'][:16]}… (hasta {value['valid_until'][:10]})"
    return ", ".join(f"{LABELS.get(key, key)} {one}" for key, one in value.items())
