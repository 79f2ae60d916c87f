"""Who may open a door. Every route carries its guard, so that a test can ask each one for it."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask

View = Callable[..., Any]

SIGNATURE: Final = "signature"
BEARER: Final = "bearer"
ALLOW_LIST: Final = "allow-list"

FOREIGN: Final = {"static": "public: style sheets, script and pictures"}
"""Routes of the libraries, which cannot be marked where they are written."""


def mark(view: View, guard: str) -> View:
    """Write a guard on a view; the guards below do, and so does any other that keeps a door."""
    view.guard = guard  # type: ignore[attr-defined]
    return view


def guard_of(app: Flask, endpoint: str) -> str:
    """The guard of a route: "public: <why>", "role: <names>", "signature", "bearer", "allow-list"; empty for none."""
    marked: str = getattr(app.view_functions[endpoint], "guard", "")
    return FOREIGN.get(endpoint, marked)


def public(reason: str) -> Callable[[View], View]:
    """Anybody may come in; the reason says why that is right."""
    return lambda view: mark(view, f"public: {reason}")


def allow_listed(view: View) -> View:
    """The view looks for the caller's address in the directory before it tells or takes anything."""
    return mark(view, ALLOW_LIST)


def roles(*names: str) -> Callable[[View], View]:
    """Signed in and with one of these roles: hub.web.auth holds it before anything of the body is read."""

    def guarded(view: View) -> View:
        view.roles = frozenset(names)  # type: ignore[attr-defined]
        return mark(view, f"role: {', '.join(names)}")

    return guarded


def roles_of(view: View | None) -> frozenset[str] | None:
    """The roles that open a view; None where its guard is another."""
    return getattr(view, "roles", None)
