"""What the pages of the tray ask: filters, a word to look for, the number and key of a filing to join."""

from datetime import date

from hub.core.directory import Directory
from hub.core.errors import Problem
from hub.core.statuses import FilingStatus
from hub.tray import TrayFilter
from hub.web.fields import find_filing
from hub.web.forms import Choice, Field, Form
from hub.web.sentences import say
from hub.web.status_words import FILING_WORDS

DAYS = ("desde", "hasta")


def filters(directory: Directory) -> Form:
    """Sent by GET."""
    bodies = sorted(directory.entities, key=lambda body: body.acronym)
    return Form((
        Field("desde", say("Presentado desde"), type="date"),
        Field("hasta", say("Hasta"), type="date"),
        Field("numero", say("Número de trámite"), max_length=20),
        Field("expediente", say("Expediente o registro"), max_length=40),
        Field("documento", say("Número del documento"), max_length=100),
        Field("asunto", say("Asunto"), max_length=100),
        Field("institucion", say("Institución"),
              choices=tuple(Choice(body.code, body.acronym) for body in bodies)),
        Field("estado", say("Estado"),
              choices=tuple(Choice(one.value, say(FILING_WORDS[one].label)) for one in FilingStatus)),
    ))


def wanted(form: Form, page: int) -> tuple[TrayFilter, list[Problem]]:
    """What the filters ask for, and which day is none; what is not among the choices is left out."""
    problems = [Problem(name, "DATE_INVALID") for name in DAYS if form[name].value and _day(form[name].value) is None]
    found = TrayFilter(
        since=_day(form["desde"].value),
        until=_day(form["hasta"].value),
        number=form["numero"].value,
        expediente=form["expediente"].value,
        document=form["documento"].value,
        subject=form["asunto"].value,
        destination_code=_chosen(form["institucion"]),
        status=_chosen(form["estado"]),
        page=page,
    )
    return found, problems


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _chosen(field: Field) -> str:
    return field.value if field.value in {choice.value for choice in field.choices} else ""


def notice_filters() -> Form:
    """Sent by GET."""
    return Form((
        Field("texto", say("Asunto o número de trámite"), type="search", max_length=100),
        Field("sin_leer", say("Solo las que no abrí")),
    ))


def join_filing() -> Form:
    return find_filing()
