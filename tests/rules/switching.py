"""Switching a function off in place: its code is swapped, so that everybody who imported its name is concerned.

The new code takes the same parameters and gives the row's `off` expression. Decorators are looked through (wraps,
lru_cache, property, classmethod, cached_property), and caches are emptied.
"""

import importlib
import inspect
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType, FunctionType
from typing import Any

RECORDER = "_note_that_it_was_asked"


class CannotSwitch(Exception):
    """The row names no function, or its `off` is no expression: a fault of the table, not of a test."""


@dataclass
class Switched:
    """A function that is off: `asked` is how often it was called since, `file_name` marks its frames."""

    file_name: str
    asked: list[int] = field(default_factory=lambda: [0])

    def note(self) -> None:
        self.asked[0] += 1


def find(path: str) -> Any:
    """What "package.module:name" or "package.module:Class.name" names, as it was written. Raises CannotSwitch."""
    module_name, _, names = path.partition(":")
    try:
        found: Any = importlib.import_module(module_name)
    except ImportError as error:
        raise CannotSwitch(f"{path}: {error}") from error
    for name in names.split("."):
        try:
            found = inspect.getattr_static(found, name)
        except AttributeError as error:
            raise CannotSwitch(f"{path}: there is no {name}") from error
    return found


def function_of(found: Any) -> tuple[FunctionType, tuple[Any, ...]]:
    """The plain function under its decorators, and the caches to be emptied. Raises CannotSwitch."""
    caches = []
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        if hasattr(found, "cache_clear"):
            caches.append(found)
        if isinstance(found, property):
            found = found.fget
        elif isinstance(found, cached_property):
            found = found.func
        elif isinstance(found, classmethod | staticmethod):
            found = found.__func__
        elif hasattr(found, "__wrapped__"):
            found = found.__wrapped__
        else:
            raise CannotSwitch(f"{found!r} is no function of ours")
    return found, tuple(caches)


def switch_off(code: str, path: str, off: str) -> Switched:
    """Swap the code of a function for one that gives `off`. Raises CannotSwitch."""
    function, caches = function_of(find(path))
    switched = Switched(f"<{code} is off>")
    function.__globals__[RECORDER] = switched.note
    function.__code__ = _quiet_code(function.__code__, off, switched.file_name)
    for cache in caches:
        cache.cache_clear()
    return switched


def _quiet_code(old: CodeType, off: str, file_name: str) -> CodeType:
    """Code with the parameters and the closure of `old` that gives `off`; a generator gives what is in it."""
    is_generator = bool(old.co_flags & inspect.CO_GENERATOR)
    if off.lstrip().startswith("yield"):
        answer = f"return (({off}))"
    elif is_generator:
        answer = f"yield from ({off})"
    else:
        answer = f"return ({off})"
    closure = "".join(f"\n    {name} = None" for name in old.co_freevars)
    hold = f"\n        if False: {', '.join(old.co_freevars)}" if old.co_freevars else ""
    source = (
        f"def outer():{closure}\n"
        f"    def {old.co_name}({_parameters(old)}):{hold}\n"
        f"        {RECORDER}()\n"
        f"        {answer}\n"
        f"    return {old.co_name}\n"
    )
    try:
        outer = compile(source, file_name, "exec")
    except SyntaxError as error:
        raise CannotSwitch(f"{old.co_name}: {off!r} is no expression") from error
    inner = _code_in(_code_in(outer, "outer"), old.co_name)
    return inner.replace(co_flags=inner.co_flags | old.co_flags & inspect.CO_COROUTINE)


def _code_in(code: CodeType, name: str) -> CodeType:
    return next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)


def _parameters(code: CodeType) -> str:
    """The parameters of a code, without defaults: those stay on the function."""
    names = iter(code.co_varnames)
    plain = [next(names) for _ in range(code.co_argcount)]
    only_named = [next(names) for _ in range(code.co_kwonlyargcount)]
    if code.co_posonlyargcount:
        plain.insert(code.co_posonlyargcount, "/")
    if code.co_flags & inspect.CO_VARARGS:
        plain.append(f"*{next(names)}")
    elif only_named:
        plain.append("*")
    plain += only_named
    if code.co_flags & inspect.CO_VARKEYWORDS:
        plain.append(f"**{next(names)}")
    return ", ".join(plain)
