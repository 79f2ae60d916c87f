"""Trends of a period: by day, hour, counter, institution and kind of document. Each a chart, a table and a download."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template

from hub.clock import now
from hub.core.calendar import LIMA
from hub.extensions import db, services
from hub.figures import live, reading
from hub.guards import roles
from hub.web.dashboard.asking import bp, name_of, read_asked
from hub.web.people import OVER_SECTOR
from hub.web.registers import handed
from hub.web.sentences import document_type, say

CHART_WIDTH, BAR = 100.0, 24
COLUMNS, LABELS = 7, 6
"""From so many instants on they stand beside each other as columns; so many of them are named."""


@dataclass(frozen=True)
class Chart:
    """A heading, and rows of (what, how many, its bar as hundredths of the longest)."""

    key: str
    heading: str
    of: str
    rows: tuple[tuple[str, int, float], ...]

    @property
    def height(self) -> int:
        return BAR * len(self.rows)

    @property
    def is_columns(self) -> bool:
        """A course of time, which is read from left to right."""
        return self.key in ("dia", "hora") and len(self.rows) >= COLUMNS

    @property
    def most(self) -> tuple[str, int, float]:
        return max(self.rows, key=lambda row: row[1])

    @property
    def named_each(self) -> int:
        return -(-len(self.rows) // LABELS)


def _chart(key, heading, of, rows):
    longest = max((count for _, count in rows), default=0) or 1
    return Chart(key, heading, of, tuple((name, count, CHART_WIDTH * count / longest) for name, count in rows))


def charts(directory, asked, narrow, at):
    """Every chart of a period."""
    start = reading.since(at, asked.days)
    flows = [one for one in reading.flows(db.session, start) if narrow.holds(one.door, one.destination_id)]
    days = dict(reading.by_day(db.session, start, narrow))
    every_day = ((start + timedelta(days=n)).astimezone(LIMA) for n in range(asked.days))
    hours = dict(reading.shares(db.session, start, "hour", narrow))
    kinds = sorted(reading.shares(db.session, start, "kind", narrow), key=lambda one: -one[1])
    doors, bodies = Counter(), Counter()
    for one in flows:
        doors[name_of(directory, one.door)] += one.filings
        bodies[directory.by_id(one.destination_id).acronym] += one.filings
    return (
        _chart("dia", say("Por día"), say("Día"), [(f"{day:%d/%m}", days.get(day, 0)) for day in every_day]),
        _chart("hora", say("Por hora del día"), say("Hora"),
               [(f"{hour:02d}:00", hours.get(f"{hour:02d}", 0)) for hour in range(24)]),
        _chart("mesa", say("Por dónde entran"), say("Mesa de partes"), doors.most_common()),
        _chart("institucion", say("A dónde van"), say("Institución"), bodies.most_common()),
        _chart("tipo", say("Por tipo de documento"), say("Tipo"),
               [(str(document_type(value)), count) for value, count in kinds]),
    )  # fmt: skip


@bp.get("/tendencias")
@roles(*OVER_SECTOR)
def show_trends():
    directory = services().directory
    asked, narrow = read_asked(directory)
    return render_template(
        "dashboard/trends.html", asked=asked, charts=charts(directory, asked, narrow, now()),
        periods=reading.PERIODS, directory=directory, bar=BAR,
    )


@bp.get("/tendencias/<key>.csv")
@roles(*OVER_SECTOR)
def export_trend(key):
    directory = services().directory
    asked, narrow = read_asked(directory)
    found = {one.key: one for one in charts(directory, asked, narrow, now())}
    chart = found.get(key) or found["dia"]
    rows = ((name, count) for name, count, _ in chart.rows)
    return _sheet(f"tendencia-{chart.key}.csv", (chart.of, say("Trámites")), rows)


@bp.get("/recorrido.csv")
@roles(*OVER_SECTOR)
def export_picture():
    """The picture of the first screen: what went from each door to each institution, and what waits there now."""
    directory = services().directory
    asked, narrow = read_asked(directory)
    counted = {(one.door, one.destination_id): one.filings
               for one in reading.flows(db.session, reading.since(now(), asked.days))}  # fmt: skip
    waiting = {leg: queue.count for leg, queue in live.waiting(db.session).items()}
    rows = [(name_of(directory, door), directory.by_id(body).acronym, counted.get((door, body), 0),
             waiting.get((door, body), 0)) for door, body in {**counted, **waiting} if narrow.holds(door, body)]
    heads = (say("Mesa de partes"), say("Institución"), say("Trámites"), say("Esperan"))
    return _sheet(f"recorrido-{asked.days}-dias.csv", heads, sorted(rows))


def _sheet(name, heads, rows):
    """A table as a file that a spreadsheet opens."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return handed("\ufeff" + out.getvalue(), "text/csv; charset=utf-8", name)


def _safe(text):
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
