"""The steps of the online form, in order: what each asks, whether it is done, and which comes next."""

from dataclasses import dataclass, replace

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hub import presenting
from hub.clock import now
from hub.core.errors import NotFound
from hub.extensions import services
from hub.web import looking_up
from hub.web.filing import forms, keeping


@dataclass(frozen=True)
class Step:
    """One page that asks. `fields`: what of the draft, and of the problems of a stage, belongs to it."""

    name: str
    title: object
    endpoint: str
    fields: frozenset[str]


STEPS = (
    Step("destination", _l("Elegir la institución"), "filing.choose", frozenset({"destination"})),
    Step("purpose", _l("Decir para qué lo presentas"), "filing.show_purpose", frozenset({"purpose", "procedure"})),
    Step("person", _l("Decir quién lo presenta"), "filing.show_person", frozenset({
        "person_type", "ruc", "business_name", "document_kind", "document_number_of_person", "names",
    })),
    Step("contact", _l("Decir cómo ubicarte"), "filing.show_contact", frozenset({
        "email", "phone", "address", "district",
    })),
    Step("document", _l("Describir el documento"), "filing.show_document", frozenset({
        "document_type", "document_number", "subject", "folios", "addressee", "related_expediente",
        "additional_information",
    })),
    Step("papers", _l("Adjuntar los archivos"), "filing.show_papers", frozenset({"main_document", "annexes"})),
)
DONE, BEGUN, OPEN = "done", "begun", "open"


@dataclass(frozen=True)
class Task:
    """A step as the task list shows it: `state` is done, begun or open; `problems` are those of its fields."""

    step: Step
    state: str
    problems: tuple

    @property
    def title(self):
        return str(self.step.title)

    @property
    def url(self):
        return url_for(self.step.endpoint)


def tasks():
    """The steps of this request's draft, with what each lacks."""
    house, files = services(), keeping.files()
    found = presenting.problems(house.directory, g.draft, files, house.settings.online_bytes, now())
    return tuple(_task(step, found, bool(files)) for step in STEPS)


def _task(step, found, has_files):
    problems = tuple(problem for problem in found if problem.field in step.fields)
    is_begun = any(g.draft.values.get(name) for name in step.fields) or (step.name == "papers" and has_files)
    return Task(step, BEGUN if problems and is_begun else OPEN if problems else DONE, problems)


def problems_of(name):
    """What is wrong with one step; a procedure that is gone shows beside the question that chooses it."""
    (task,) = (task for task in tasks() if task.step.name == name)
    return tuple(replace(one, field="purpose") if one.field == "procedure" else one for one in task.problems)


def next_url():
    """The page after this one: the first step that lacks something, else the review."""
    waiting = (task.url for task in tasks() if task.state != DONE)
    return next(waiting, url_for("filing.show_review"))


def destination():
    """The institution of this request's draft; None before one is chosen, or where it is no longer there."""
    try:
        return services().directory.entity(g.draft.values.get("destination", ""))
    except NotFound:
        return None


def place(name):
    """ "Paso 3 de 8": where a page stands among those that ask."""
    names = [step.name for step in STEPS]
    number = {"code": 5, "review": 8}.get(name) or (names.index(name) + 1 + (names.index(name) > 3))
    return _("Paso %(number)s de %(all)s", number=number, all=8)


def form_of(name):
    """The form of a step with what the draft holds."""
    if name == "document":
        return forms.filled(forms.document(destination()), g.draft.values)
    made = {"person": forms.person, "contact": forms.contact}[name]()
    return forms.filled(looking_up.hinted(made), g.draft.values)
