"""The table of routes and roles: `python -m tests.nets.routes` writes tests/nets/routes.md from the application."""

import re
from pathlib import Path

from hub.guards import guard_of
from hub.models import RoleRow

TABLE = Path(__file__).with_name("routes.md")
ROLES = tuple(re.findall(r"[a-z_]+", RoleRow.__doc__))
HEAD = """# Who may open what

Every route of the application by every role, `public` being who has not signed in. Written by
`python -m tests.nets.routes`; tests/nets/test_routes.py opens each one as each role and compares.
`x` opens; a route of machines opens by signature, credential or address, as its guard says.

"""


def rows_of(app):
    """(route, methods, guard, roles it opens to; "public" stands for everybody), in the order of the addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods))):
        methods = sorted(rule.methods - {"HEAD", "OPTIONS"})
        guard = guard_of(app, rule.endpoint)
        kind, _, names = guard.partition(":")
        named = {name.strip() for name in names.split(",")}
        yield rule.rule, methods, kind, {"role": named, "public": {"public"}}.get(kind, set())


def written(app):
    """The whole page."""
    lines = [f"| route | methods | guard | public | {' | '.join(ROLES)} |", "|---" * (4 + len(ROLES)) + "|"]
    for rule, methods, kind, opens in rows_of(app):
        marks = ["x" if "public" in opens or role in opens else "" for role in ("public", *ROLES)]
        lines.append(f"| `{rule}` | {' '.join(methods) or 'HEAD'} | {kind} | {' | '.join(marks)} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    from hub.app import create_app
    from hub.settings import Settings

    TABLE.write_text(written(create_app(Settings(database_url="postgresql://localhost/none"))), "utf-8")
