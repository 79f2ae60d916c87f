"""How processes write their log: text for people, or a JSON object a line for machines (MESA_LOG_FORMAT=json).

A JSON line has the CUO of what it is about and the id of the request, and no personal data: of an error it names the
type and the places it passed, never what it said, for a message may quote what somebody typed.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import Any, Final

TEXT: Final = "%(asctime)s %(name)s %(levelname)s %(message)s"
JSON: Final = "json"
OWN: Final = ("mesa", "hub")
"""Loggers of ours; of libraries only warnings are written, for nobody knows what they tell besides."""
_CUO: Final = re.compile(r"\d{10}")
_FIELDS: Final = ("cuo", "filing", "endpoint", "method", "status", "milliseconds")
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered; empty outside of one."""


class JsonLines(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        line |= {name: record.__dict__[name] for name in _FIELDS if name in record.__dict__}
        if "cuo" not in line and (cuo := _cuo_of(record)):
            line["cuo"] = cuo
        if asked := request_id.get():
            line["request_id"] = asked
        if record.exc_info and record.exc_info[1] is not None:
            line["error"], line["where"] = _error_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _cuo_of(record: logging.LogRecord) -> str:
    """What a line is about stands first among its values."""
    first = record.args[0] if isinstance(record.args, tuple) and record.args else ""
    return first if isinstance(first, str) and _CUO.fullmatch(first) else ""


def _error_of(error: BaseException) -> tuple[str, list[str]]:
    frames = traceback.extract_tb(error.__traceback__)
    return type(error).__name__, [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def set_up(log_format: str) -> None:
    """Write the log of this process to its standard error; in JSON, a line for each step that was committed, too."""
    if log_format != JSON:
        logging.basicConfig(level=logging.INFO, format=TEXT)
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OWN:
        logging.getLogger(name).setLevel(logging.INFO)
    from hub.steps import write_steps  # gunicorn reads this file before it forks, and SQLAlchemy is for after

    write_steps()


def for_gunicorn() -> dict[str, Any]:
    """The same for gunicorn, whose own lines are those of its errors."""
    own = {"handlers": ["lines"], "level": "INFO", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "hub.logs.JsonLines"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": "INFO"} for name in OWN},
            "gunicorn.error": own,
            "gunicorn.access": {"handlers": [], "propagate": False},
        },
    }
