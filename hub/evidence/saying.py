"""A report in plain Spanish: what is proven, by whom, when; what is missing; what was touched."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.core.calendar import LIMA
from hub.evidence import faults, sentences
from hub.evidence.findings import Finding, Level, Report

_SENTENCES = {**sentences.PROVEN, **sentences.MISSING, **faults.CONTAINER, **faults.LEDGER, **faults.CONTENTS}
_TITLES = {
    Level.FALSE: "Lo que NO cuadra",
    Level.PROVEN: "Lo que queda demostrado",
    Level.MISSING: "Lo que falta o no se comprobó",
}
GOOD = "Expediente íntegro: nada se ha cambiado."
UNKNOWN = "Nada se ve cambiado, y no se puede saber si es auténtico: falta el certificado publicado."
UNREADABLE = "No se puede comprobar: no es un expediente que se pueda abrir."
BAD = "Expediente ALTERADO: abajo dice qué se tocó."


def sentence(finding: Finding) -> str:
    """What a finding says."""
    return _SENTENCES[finding.code].format_map(_Said(finding.values))


def verdict(report: Report) -> str:
    """The one line that matters."""
    if report.is_good:
        return GOOD
    if not report.is_open:
        return UNREADABLE
    return BAD if any(one.level is Level.FALSE for one in report.findings) else UNKNOWN


def title(level: Level) -> str:
    return _TITLES[level]


def as_text(report: Report) -> str:
    """The whole report, for a terminal."""
    lines = [verdict(report)]
    if report.filing_number:
        lines.append(f"Trámite {report.filing_number}")
    for level in _TITLES:
        told = [one for one in report.findings if one.level is level]
        if told:
            lines += ["", f"{_TITLES[level]}:", *(line for one in told for line in _lines(one))]
    return "\n".join(lines) + "\n"


def _lines(one: Finding) -> list[str]:
    mark = {Level.PROVEN: "  ✓ ", Level.MISSING: "  · ", Level.FALSE: "  ✗ "}[one.level]
    place = [f"      {one.about}"] if one.about and one.level is not Level.MISSING else []
    return [mark + sentence(one), *place]


def as_json(report: Report) -> dict[str, Any]:
    """The report for a program: codes beside sentences."""
    return {
        "tramite": report.filing_number,
        "integro": report.is_good,
        "veredicto": verdict(report),
        "hallazgos": [
            {"nivel": one.level.value, "codigo": one.code, "sobre": one.about, "frase": sentence(one)}
            for one in report.findings
        ],
    }


class _Said(dict[str, Any]):
    """The values of a finding as a person reads them: instants at the official time of Peru."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__({name: _plain(value) for name, value in values.items()})

    def __missing__(self, name: str) -> str:
        return "…"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(LIMA):%d/%m/%Y a las %H:%M:%S} (hora del Perú)"
    return str(value)
