"""Whether the functions of a plugin's module are the hooks they want to be."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Final, NamedTuple

from pluggy import HookimplOpts

from nxforge_core.api import hookspecs
from nxforge_core.api._markers import PROJECT

from ._candidate import Candidate, top_level
from ._nearest import suggest
from ._origin import place_of_code
from ._problem import Fault

__all__ = ["Marked", "check_functions"]

HOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(inspect.signature(getattr(hookspecs, name)).parameters)
    for name in hookspecs.__all__
}
#: Hooks that return one thing: a second implementation would have to lose.
SINGLE: Final = frozenset(
    {"nxforge_lifespan", "nxforge_migrations", "nxforge_settings"}
)
PREFIX: Final = "nxforge_"

_VARIADIC: Final = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Marked(NamedTuple):
    """A function marked with `hookimpl`, under its name in the module."""

    name: str
    function: Callable[..., object]
    marks: HookimplOpts

    @property
    def hook(self) -> str:
        """The hook it means to implement."""
        return self.marks["specname"] or self.name


def check_functions(
    marked: Sequence[Marked], module: ModuleType, owner: Candidate
) -> Iterator[Fault]:
    """Judge the functions of a plugin's module before pluggy sees them.

    pluggy itself accepts a misspelt name, ignores a function without mark, and stops
    at the first wrong argument.
    """
    for each in marked:
        if each.hook in HOOKS:
            yield from _check_hook(each, owner)
        elif not each.marks["optionalhook"]:
            place = place_of_code(each.function, owner.folder)
            message = f"there is no hook {each.hook!r}"
            yield Fault.at(place, message, _meant(each.hook))
    yield from _check_single(marked, owner)
    yield from _check_unmarked(module, owner)


def _check_hook(each: Marked, owner: Candidate) -> Iterator[Fault]:
    hook, allowed = each.hook, HOOKS[each.hook]
    place = place_of_code(each.function, owner.folder)
    if each.marks["wrapper"] or each.marks["hookwrapper"]:
        message = f"{hook} is marked as a wrapper, which NxForge does not call"
        yield Fault.at(place, message, "mark it with @hookimpl and return specs")
    elif kind := _kind(each.function):
        message = f"{hook} is {kind}, not a plain function"
        yield Fault.at(place, message, _plain(hook))
    for argument in _required(each.function):
        if argument not in allowed:
            message = f"{hook} takes the argument {argument!r}, which the hook has not"
            remedy = f"it may take {', '.join(allowed) or 'no argument'}"
            yield Fault.at(place, message, remedy)


def _check_single(marked: Sequence[Marked], owner: Candidate) -> Iterator[Fault]:
    seen: set[str] = set()
    for each in marked:
        if each.hook in SINGLE and each.hook in seen:
            message = (
                f"{each.hook} is implemented twice, and answers for the plugin once"
            )
            place = place_of_code(each.function, owner.folder)
            yield Fault.at(place, message, f"remove {each.name!r} or the other one")
        seen.add(each.hook)


def _check_unmarked(module: ModuleType, owner: Candidate) -> Iterator[Fault]:
    for name, function in sorted(vars(module).items()):
        if not name.startswith(PREFIX) or not _is_own(function, owner):
            continue
        if name in HOOKS:
            message, remedy = f"{name} is not marked as a hook", "add @hookimpl"
        else:
            message, remedy = f"there is no hook {name!r}", _meant(name)
        yield Fault.at(place_of_code(function, owner.folder), message, remedy)


def _is_own(function: object, owner: Candidate) -> bool:
    return (
        isinstance(function, FunctionType)
        and not hasattr(function, f"{PROJECT}_impl")
        and top_level(function.__module__) == owner.package
    )


def _meant(name: str) -> str:
    return suggest(name, HOOKS, otherwise=f"hooks are {', '.join(HOOKS)}")


def _kind(function: Callable[..., object]) -> str:
    if inspect.iscoroutinefunction(function):
        return "async"
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        return "a generator"
    return ""


def _plain(hook: str) -> str:
    if hook == "nxforge_lifespan":
        return (
            "write @contextlib.asynccontextmanager between @hookimpl and the function"
        )
    return "write 'def' without 'async' and return the specs"


def _required(function: Callable[..., object]) -> Iterator[str]:
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind not in _VARIADIC and parameter.default is parameter.empty:
            yield parameter.name
