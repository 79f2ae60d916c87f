"""A report in plain Spanish: what is proven, by whom, when; what is missing; what was touched."""

import textwrap
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.core.calendar import LIMA
from hub.evidence import faults, sentences
from hub.evidence.findings import Finding, Level, Report
from hub.evidence.layout import DOCUMENTS, PAPERS, SENT

_SENTENCES = {**sentences.PROVEN, **sentences.MISSING, **faults.CONTAINER, **faults.LEDGER, **faults.CONTENTS}
_TITLES = {
    Level.FALSE: "Lo que NO cuadra",
    Level.PROVEN: "Lo que queda demostrado",
    Level.MISSING: "Lo que falta o no se comprobó",
}
_WORDS = (sentences.MOVEMENTS, sentences.PAPERS, sentences.HAPPENED, faults.REASONS)
WIDTH = 100
_SHOWN = (DOCUMENTS, PAPERS, SENT)
GOOD = "Expediente íntegro: nada se ha cambiado."
NOT_IN_TIME = (
    "Nada se ha cambiado, pero no se puede demostrar que se firmó a tiempo: venció un certificado y ningún sello de "
    "tiempo comprobado lo respalda."
)
UNKNOWN = "Nada se ve cambiado, y no se puede saber si es auténtico: falta el certificado publicado."
UNREADABLE = "No se puede comprobar: no es un expediente que se pueda abrir."
BAD = "Expediente ALTERADO: abajo dice qué se tocó."


def sentence(finding: Finding) -> str:
    """What a finding says."""
    return _SENTENCES[finding.code].format_map(_Said(finding.values))


def groups(report: Report) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """What is proven, under the titles by which a person looks for it."""
    proven = [one for one in report.findings if one.level is Level.PROVEN]
    sorted_in: dict[str, list[Finding]] = {name: [] for name, _ in sentences.GROUPS}
    for one in proven:
        sorted_in[next(name for name, starts in sentences.GROUPS if one.code.startswith(starts))].append(one)
    return tuple((name, tuple(told)) for name, told in sorted_in.items() if told)


def at(report: Report, level: Level) -> tuple[Finding, ...]:
    return tuple(one for one in report.findings if one.level is level)


def verdict(report: Report) -> str:
    """The one line that matters."""
    if report.is_good:
        return GOOD if report.is_in_time else NOT_IN_TIME
    if not report.is_open:
        return UNREADABLE
    return BAD if any(one.level is Level.FALSE for one in report.findings) else UNKNOWN


def title(level: Level) -> str:
    return _TITLES[level]


def as_text(report: Report) -> str:
    """The whole report, for a terminal of a hundred columns."""
    lines = textwrap.wrap(verdict(report), WIDTH)
    if report.filing_number:
        lines.append(f"Trámite {report.filing_number}")
    if touched := at(report, Level.FALSE):
        lines += ["", _TITLES[Level.FALSE].upper(), *(line for one in touched for line in _lines("✗", one))]
    if told := groups(report):
        lines += ["", _TITLES[Level.PROVEN].upper()]
    for name, group in told:
        lines += [f"  {name}", *(line for one in group for line in _lines("✓", one))]
    if missing := at(report, Level.MISSING):
        lines += ["", _TITLES[Level.MISSING].upper(), *(line for one in missing for line in _lines("·", one))]
    return "\n".join(lines) + "\n"


def _lines(mark: str, one: Finding) -> list[str]:
    """The sentence, and below it the file that it is about; the ledger's own files tell a reader nothing."""
    said = textwrap.wrap(sentence(one), WIDTH, initial_indent=f"    {mark} ", subsequent_indent="      ")
    is_shown = one.about and (one.level is Level.FALSE or one.about.startswith(_SHOWN))
    return [*said, f"      [{one.about}]"] if is_shown else said


def as_json(report: Report) -> dict[str, Any]:
    """The report for a program: codes beside sentences."""
    return {
        "tramite": report.filing_number,
        "integro": report.is_good,
        "a_tiempo": report.is_in_time,
        "veredicto": verdict(report),
        "hallazgos": [
            {"nivel": one.level.value, "codigo": one.code, "sobre": one.about, "frase": sentence(one)}
            for one in report.findings
        ],
    }


class _Said(dict[str, Any]):
    """The values of a finding as a person reads them: instants at the official time of Peru, papers by their names."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__({name: _plain(value) for name, value in values.items()})
        if values.get("detail") not in faults.REASONS:
            self["detail"] = faults.OTHER_REASON
        if "message" in values:
            self["what"] = sentences.MESSAGES[self["message"]].format_map(self)

    def __missing__(self, name: str) -> str:
        return "…"


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(LIMA):%d/%m/%Y a las %H:%M:%S} (hora del Perú)"
    text = str(value)
    return next((words[text] for words in _WORDS if text in words), text)
