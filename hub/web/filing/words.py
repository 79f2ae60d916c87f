"""Words of the online form: sizes, limits, hours, problems, and what sending now means."""

from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from hub.core.bodies import Limits
from hub.core.errors import Problem
from hub.web import dates
from hub.web.look import rounded
from hub.web.look import size as weight
from hub.web.sentences import say_problem

BYTES = frozenset({"FILE_TOO_LARGE", "TOTAL_TOO_LARGE"})
"""Problems whose limit is a number of bytes."""
KINDS = {
    "application/pdf": "PDF",
    "text/plain": "TXT",
    "text/csv": "CSV",
    "application/msword": "Word",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/tiff": "TIFF",
    "application/zip": "ZIP",
}


def extent(size: int, pages: int | None) -> str:
    """"562.47 kB, 7 páginas"; without pages where they are not known."""
    return f"{weight(size)}, {ngettext('%(num)s página', '%(num)s páginas', pages)}" if pages else weight(size)


def say(problem: Problem) -> str:
    """A problem in words, its limit in megabytes where it is one of size."""
    limit = problem.params.get("limit")
    if problem.code in BYTES and isinstance(limit, int):
        problem = replace(problem, params={**problem.params, "limit": rounded(limit)})
    return say_problem(problem)


def limit_lines(limits: Limits, ceiling: int) -> tuple[str, ...]:
    """What an institution takes by internet, a sentence each."""
    main = _("Documento principal: un PDF")
    if limits.main_bytes:
        main = _("Documento principal: un PDF de hasta %(size)s", size=rounded(limits.main_bytes))
    annexes = _kinds(limits.annex_types)
    if limits.annex_bytes:
        annexes = _("%(kinds)s, de hasta %(size)s cada uno", kinds=annexes, size=rounded(limits.annex_bytes))
    total = _("En total: hasta %(size)s", size=rounded(limits.total_bytes or ceiling))
    files = (_("Cantidad: hasta %(count)s archivos", count=limits.files),) if limits.files else ()
    return (main, _("Anexos: %(kinds)s", kinds=annexes), total, *files)


def _kinds(media_types: tuple[str, ...]) -> str:
    if not media_types:
        return _("en cualquier formato")
    names = list(dict.fromkeys(KINDS.get(kind, kind) for kind in media_types))
    return names[0] if len(names) == 1 else _("%(some)s o %(last)s", some=", ".join(names[:-1]), last=names[-1])


def hours(counter) -> str:
    """When a counter attends: "lunes a viernes, de 08:30 a 16:30"; empty where it is not known."""
    by_time = {}
    for one in counter.hours:
        by_time.setdefault((one.opens, one.closes), []).append(one.weekday)
    return "; ".join(
        _("%(days)s, de %(opens)s a %(closes)s", days=_days(days), opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}")
        for (opens, closes), days in by_time.items()
    )


def _days(weekdays: list[int]) -> str:
    names = (_("lunes"), _("martes"), _("miércoles"), _("jueves"), _("viernes"), _("sábado"), _("domingo"))
    first, last = min(weekdays), max(weekdays)
    if len(weekdays) > 2 and last - first == len(weekdays) - 1:
        return _("%(first)s a %(last)s", first=names[first], last=names[last])
    return ", ".join(names[day] for day in sorted(weekdays))


def meaning(sending, body) -> tuple[str, ...]:
    """What sending now means: the day it counts as presented, and the day from which the institution's term runs."""
    day = dates.day(sending.considered_on).rpartition(" de ")[0]
    if sending.is_same_day:
        presented = _("Si lo envías ahora se considera presentado hoy, %(day)s.", day=day)
    else:
        presented = _("Hoy no es día hábil. Si lo envías ahora queda registrado al momento y se considera presentado "
                      "el %(day)s, que es el primer día hábil que sigue.", day=day)
    starts = dates.day(sending.clock_start).rpartition(" de ")[0]
    term = _("El plazo de %(body)s para atenderlo se cuenta desde el %(day)s.", body=body.acronym, day=starts)
    return presented, term
