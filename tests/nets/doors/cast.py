"""The cast: whom the estate belongs to, and everybody else. One browser each, signed in when first asked for."""

from functools import cache

from sqlalchemy import select

from hub import units
from hub.clock import now
from hub.guards import roles_of
from hub.models import User
from hub.sight import CITIZEN
from tests.fixtures.house import ADMIN, AUDITOR, CLERK, IGP_CLERK, OFFICER
from tests.nets.doors.marks import NAMES, PHONE
from tests.web.account import Holder
from tests.web.citizen import Filer
from tests.web.staff import make_user

KNOWN = {
    "seat": IGP_CLERK,  # took the filings, at the principal counter of IGP
    "officer": OFFICER,  # IIAP, to which they went
    "coordinator": "coordinacion@iiap.example",
    "next_officer": "bandeja@inaigem.example",  # where one was sent on
    "other_clerk": CLERK,
    "other_officer": "bandeja@minam.example",
    "admin": ADMIN,
    "auditor": AUDITOR,
}
MADE = {
    "desk": ("iiap", "clerk", "principal"),  # at the counter of the body they went to
    "body_auditor": ("iiap", "auditor", ""),
    "sister_seat": ("igp", "clerk", "huancayo"),  # another counter of the body that took them
    "sister_coordinator": ("igp", "seat_coordinator", "huancayo"),
    "igp_coordinator": ("igp", "entity_coordinator", ""),  # of the body whose counters took them
    "other_coordinator": ("minam", "entity_coordinator", ""),
    "other_auditor": ("minam", "auditor", ""),
    "operator": ("", "operator", ""),
}
UNITS = {"member": "Botánica", "other_unit": "Zoología"}
"""Collaborators of IIAP, each of one unit."""
CITIZENS = ("citizen", "another_citizen")
EVERYBODY = ("nobody", "drafter", "another_drafter", *CITIZENS, *KNOWN, *MADE, *UNITS)
KNOCK_EVERYWHERE = ("nobody", "another_citizen")
STRANGERS = (
    "nobody", "another_drafter", "another_citizen", "sister_seat", "sister_coordinator", "other_clerk",
    "other_officer", "other_coordinator", "other_auditor", "other_unit", "operator",
)  # fmt: skip
"""Who has nothing to do with anything of the estate: no page of theirs names it."""


class Cast:
    """`person(name)` is their browser; `ids[name]` the account of a servant of the State."""

    def __init__(self, house):
        self.house = house
        self.ids, self.units = {}, {}
        self.roles = {**{name: {CITIZEN} for name in CITIZENS}, "drafter": set(), "another_drafter": set()}
        self.person = cache(self._person)
        self.begin = cache(self._begin)

    def _person(self, name):
        if name in CITIZENS:
            typed = {"names": NAMES, "phone": PHONE} if name == "citizen" else {}
            return Holder(self.house).opens(**typed)
        if name.endswith("drafter"):
            return Filer(self.house)
        return self.begin(name)

    def _begin(self, name):
        if name == "nobody":
            return self.house.visitor()
        email = KNOWN.get(name) or self._made(name)
        with self.house.session() as session:
            user = session.scalars(select(User).where(User.email == email)).unique().one()
            self.ids[name], self.roles[name] = user.id, {role.name for role in user.roles}
        return self.house.signed_in(email)

    def comes_in(self, name, path, method="GET"):
        """False where a role that they have not is asked for first: tests/nets/test_routes.py knocks there."""
        app = self.house.app
        endpoint, _ = app.url_map.bind("localhost").match(path.partition("?")[0], method)
        wanted = roles_of(app.view_functions[endpoint])
        return wanted is None or name in KNOCK_EVERYWHERE or bool(wanted & self.roles[name])

    def _made(self, name):
        if name in UNITS:
            return make_user(self.house, "iiap", ["collaborator"], unit_id=self.unit(name))
        body, role, counter = MADE[name]
        return make_user(self.house, body, [role], counter_code=counter)

    def unit(self, name):
        """The unit of IIAP in which a collaborator works."""
        if name not in self.units:
            body, by = self.house.directory.entity("iiap"), self.id_of("coordinator")
            with self.house.session() as session:
                self.units[name] = units.add(session, body, UNITS[name], by, now()).id
                session.commit()
        return self.units[name]

    def id_of(self, name):
        self.person(name)
        return self.ids[name]

    def visitor(self, name):
        """Their browser, whatever they are."""
        person = self.person(name)
        return getattr(person, "visitor", person)


