"""The draft of the oficio by which a body tells the SGTD about its mesa de partes digital (Ley 31170)."""

from datetime import date, datetime

from hub.core.bodies import EntityRecord
from hub.core.cells import csv_of
from hub.papers.figures import MonthFigures, SgtdReport
from hub.papers.known import MONTHS, counter_line, long_day, long_month, or_blank
from hub.papers.sheet import HEADING, LABEL, SMALL, STRONG, Sheet

DRAFT = "BORRADOR: revísalo, complétalo y fírmalo antes de enviarlo"
ONLINE = "Mesa de partes digital, las 24 horas, todos los días"
SHARE = 10
"""Where the availability stands among the cells of a month."""
TABLES = (
    (
        "Documentos por mes",
        ("Mes", "Presentados", "De ellos, en línea", "Recibidos", "Observados", "No presentados", "Atendidos"),
        (0, 1, 2, 3, 4, 5),
    ),
    (
        "Tiempos en horas, y disponibilidad",
        ("Mes", "A registro, mediana", "A registro, p95", "A respuesta, mediana", "A respuesta, p95", "Disponible"),
        (6, 7, 8, 9, 10),
    ),
)
COLUMNS = (
    "institucion", "ruc", "ruc_verificado", "url_servicio", "url_gob_pe", "fecha_inicio", "responsable", "canales",
    "horarios", "mes", "presentados", "presentados_en_linea", "recibidos", "observados", "no_presentados", "atendidos",
    "horas_registro_mediana", "horas_registro_p95", "horas_respuesta_mediana", "horas_respuesta_p95",
    "disponibilidad_porcentaje",
)  # fmt: skip
MEANINGS = (
    "Presentados: por la fecha y hora de presentación. Recibidos: registrados por la mesa de partes de destino. "
    "Observados y no presentados: por la fecha de la observación y la de su vencimiento. Atendidos: con una primera "
    "respuesta o conclusión. Los tiempos se cuentan en horas desde la presentación. Disponibilidad: parte del mes en "
    "que se pudo presentar, según el registro público de interrupciones."
)


def csv_text(report: SgtdReport) -> str:
    """The report as CSV: a row a month; what is not known stays empty."""
    entity, service = report.entity, report.entity.service
    same = (
        entity.name, entity.ruc, "sí" if entity.is_verified else "no", service.url, service.gob_pe_url, service.since,
        service.responsible, " | ".join(channels(entity)),
        " | ".join(counter_line(one) for one in entity.open_counters),
    )  # fmt: skip
    return csv_of(COLUMNS, ((*same, f"{row.month:%Y-%m}", *_cells(row)) for row in report.months))


def _cells(row: MonthFigures) -> tuple[object, ...]:
    times = (row.to_register.median, row.to_register.p95, row.to_answer.median, row.to_answer.p95)
    counts = (row.presented, row.presented_online, row.received, row.observed, row.not_presented, row.attended)
    share = None if row.availability is None else round(row.availability * 100, 3)
    return (*counts, *(None if hours is None else round(hours, 2) for hours in times), share)


def channels(entity: EntityRecord) -> tuple[str, ...]:
    """By which ways a body takes papers."""
    return (ONLINE, *(f"Mesa de partes presencial, {counter.name}" for counter in entity.open_counters))


def draw(report: SgtdReport, year_name: str, made_at: datetime) -> bytes:
    """The PDF of the draft. `year_name` heads it, as in every official document."""
    entity, month = report.entity, long_month(report.month)
    title = f"Informe de la mesa de partes digital, {month}"
    sheet = Sheet(title, foot=f"{entity.acronym}. {title}. Borrador", year_name=year_name, made_at=made_at)
    sheet.paragraph(f"«{year_name}»", LABEL)
    sheet.paragraph(DRAFT, STRONG)
    _address(sheet, entity, report.made_on, month)
    sheet.paragraph(
        f"Le informo sobre nuestra mesa de partes digital ({entity.name}), a la que se presentan documentos a través "
        f"de la mesa de partes integrada del sector. {_stretch(report)}"
    )
    sheet.heading("La institución y su servicio")
    sheet.facts(facts(entity))
    for heading, heads, columns in TABLES:
        sheet.heading(heading)
        rows = [_line(row, columns) for row in report.months]
        sheet.table(heads, rows, (0.0, *[66.0] * (len(heads) - 1)))
    sheet.paragraph(MEANINGS, SMALL)
    _sign(sheet, entity)
    return sheet.output()


def _stretch(report: SgtdReport) -> str:
    first = report.months[0].month
    begins = "" if first == report.month else f"{MONTHS[first.month - 1]} a "
    return f"Las cifras son de {begins}{long_month(report.month)}."


def _line(row: MonthFigures, columns: tuple[int, ...]) -> list[str]:
    cells = _cells(row)
    shown = ["–" if cells[n] is None else f"{cells[n]}{' %' if n == SHARE else ''}" for n in columns]
    return [MONTHS[row.month.month - 1].capitalize(), *shown]


def facts(entity: EntityRecord) -> tuple[tuple[str, str], ...]:
    """What is told of the body; what is not known is a marked blank (Ley 31170)."""
    service = entity.service
    unverified = "" if entity.is_verified else " [por completar: confirmar el RUC]"
    places = (f"Mesa de partes {number}" for number in range(1, len(entity.open_counters) + 1))
    return (
        ("Institución", f"{entity.name} ({entity.acronym})"),
        ("RUC", f"{entity.ruc}{unverified}"),
        ("Dirección del servicio", or_blank(service.url, "dirección del servicio")),
        ("Página en gob.pe", or_blank(service.gob_pe_url, "página en gob.pe")),
        ("Fecha de inicio", or_blank(long_day(service.since) if service.since else "", "fecha de inicio")),
        ("Canal digital", ONLINE),
        *zip(places, map(counter_line, entity.open_counters), strict=True),
        ("Responsable", or_blank(service.responsible, "nombre y cargo")),
    )


def _address(sheet: Sheet, entity: EntityRecord, made_on: date, month: str) -> None:
    place = next((counter.place for counter in entity.counters if counter.is_principal), "")
    sheet.paragraph(f"{or_blank(place, 'lugar')}, {long_day(made_on)}")
    sheet.paragraph(f"OFICIO N.° [por completar: número]-{made_on.year}-{entity.acronym}", HEADING)
    for line in (
        "Señor(a) [por completar: nombre]",
        "Secretaría de Gobierno y Transformación Digital",
        "Presidencia del Consejo de Ministros",
        "Presente.-",
    ):
        sheet.paragraph(line)
        sheet.y -= 4
    sheet.y += 8
    sheet.paragraph(f"Asunto: informe de la mesa de partes digital, {month}", STRONG)
    sheet.paragraph("Referencia: Ley 31170; reglamento de la Ley de Gobierno Digital (DS 029-2021-PCM)")


def _sign(sheet: Sheet, entity: EntityRecord) -> None:
    sheet.room_for(80)
    sheet.paragraph("Atentamente,")
    sheet.y += 26
    sheet.paragraph("______________________________", LABEL)
    sheet.paragraph(or_blank(entity.service.responsible, "nombre y cargo de quien firma"))
