"""A form as a value: what a page shows for each field, and what a person typed. Stages decide, not this."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from hub.core.errors import Problem
from hub.web.sentences import say_problem


@dataclass(frozen=True)
class Choice:
    """One of the answers a field allows."""

    value: str
    text: str
    hint: str = ""
    group: str = ""
    """In a list: the heading under which it stands; choices of a group come together."""


@dataclass(frozen=True)
class Field:
    """One question: how it is asked, what was answered, and what is wrong with the answer."""

    name: str
    label: str
    hint: str = ""
    value: str = ""
    problem: str = ""
    choices: tuple[Choice, ...] = ()
    type: str = "text"
    width: str = ""
    """A width class of the design system, such as "10" or "two-thirds"; empty: the whole measure."""
    max_length: int | None = None
    autocomplete: str = ""
    inputmode: str = ""
    accept: str = ""
    is_optional: bool = False
    prefix: str = ""
    """Where a page shows the same form several times: what tells its fields' ids apart."""

    @property
    def id(self) -> str:
        """The id of its element on the page."""
        return f"{self.prefix}{self.name}"

    @property
    def is_on(self) -> bool:
        """For a tick box: it was ticked."""
        return bool(self.value)


@dataclass(frozen=True)
class Form:
    """The fields of a page, in the order of the page; `form["subject"]`, in a template `form.subject`."""

    fields: tuple[Field, ...]
    general_problems: tuple[str, ...] = field(default=())

    def __getitem__(self, name: str) -> Field:
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def has_problems(self) -> bool:
        return bool(self.general_problems) or any(one.problem for one in self.fields)

    def values(self) -> dict[str, str]:
        """What was typed, by field name, with the blanks at both ends taken off."""
        return {one.name: one.value for one in self.fields}

    def read(self, typed: Mapping[str, str]) -> "Form":
        """The same form with what was typed (`request.form` or `request.args`); files are read by the view."""
        return replace(self, fields=tuple(replace(one, value=_clean(typed.get(one.name, ""))) for one in self.fields))

    def choosing(self, name: str, choices: Iterable[Choice]) -> "Form":
        """The same form with the choices of one field, known only at run time."""
        return replace(self, fields=tuple(
            replace(one, choices=tuple(choices)) if one.name == name else one for one in self.fields
        ))

    def with_problems(
        self, problems: Iterable[Problem], say: Callable[[Problem], str] = say_problem
    ) -> "Form":
        """The same form with a sentence beside each field that a stage found wrong.

        A problem of no field of this form goes to the top of the page, so that none is lost.
        """
        told: dict[str, str] = {}
        general: list[str] = []
        names = {one.name for one in self.fields}
        for problem in problems:
            if problem.field in names:
                told.setdefault(problem.field, say(problem))
            else:
                general.append(say(problem))
        fields = tuple(replace(one, problem=told.get(one.name, "")) for one in self.fields)
        return replace(self, fields=fields, general_problems=tuple(general))


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def _clean(text: str) -> str:
    """Without what neither PostgreSQL nor XML can hold nor anybody sees, and without blanks at both ends."""
    seen = "".join(sign for sign in text.replace("\r\n", "\n") if unicodedata.category(sign) != "Cf")
    return _UNWRITABLE.sub("", seen).strip()
