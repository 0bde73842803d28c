"""Whether routes can be mounted, and whether each says who may call it."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nxforge_core.api import RouteSpec

from ._check import Scope, is_async, label
from ._check_body import loose_parts
from ._origin import innermost
from ._problem import Fault

__all__ = ["check_routes"]

_TYPES: Final = (
    "date|datetime|decimal|float|int|path|str|time|timedelta|uuid"  # Litestar's
)
_PATH: Final = re.compile(
    rf"/\Z|(?:/(?:[A-Za-z0-9._~-]+|\{{[A-Za-z_]\w*:(?:{_TYPES})\}}))+"
    # what is asked for as a file of a kind
    r"(?:(?<=:str\})\.[a-z0-9]+)?\Z"
)
_PARAMETER: Final = re.compile(r"\{(?P<name>\w+):(?P<type>\w+)\}")


def check_routes(routes: Sequence[RouteSpec], scope: Scope) -> Iterator[Fault]:
    """Judge all routes of a plugin."""
    good: list[RouteSpec] = []
    for route in routes:
        misfits = list(scope.misfits(f"route {route.method} {route.path}", route))
        yield from misfits or _check(route, scope)
        if not misfits:
            good.append(route)
    yield from _check_repeated(good, scope)


def _check(route: RouteSpec, scope: Scope) -> Iterator[Fault]:
    what = f"route {route.method} {route.path}"
    if not _PATH.match(route.path):
        yield scope.fault(
            f"{what}: the path is not well-formed",
            "write it as '/readings/{reading_id:int}': a slash first, none at the "
            "end, a type with every parameter",
            near=route.handler,
        )
    yield from scope.access(
        what, route.permission, public=route.public, near=route.handler
    )
    yield from scope.awaitable(what, route.handler)
    if is_async(route.handler):
        yield from _check_annotations(what, route, scope)


def _check_repeated(routes: Sequence[RouteSpec], scope: Scope) -> Iterator[Fault]:
    first: dict[tuple[str, str], RouteSpec] = {}
    for route in routes:
        # Two names for one parameter make no difference to the one who calls.
        shape = (route.method, _PARAMETER.sub(r"{\g<type>}", route.path))
        other = first.setdefault(shape, route)
        if other is not route:
            yield scope.fault(
                f"{route.method} {route.path} is answered by {label(route.handler)} "
                f"and already by {label(other.handler)}",
                "give each route a path or a method of its own",
                near=route.handler,
            )


def _check_annotations(what: str, route: RouteSpec, scope: Scope) -> Iterator[Fault]:
    function = innermost(route.handler)
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception as error:  # noqa: BLE001 - annotations are expressions of the author's
        yield scope.fault(
            f"{what}: an annotation of {label(function)} cannot be resolved: "
            f"{type(error).__name__}: {error}",
            "import what it names at run time, at the top of the module",
            near=function,
        )
        return
    yield from _check_unannotated(what, route, hints, scope)
    for name in loose_parts(hints["data"]) if "data" in hints else ():
        yield scope.fault(
            f"{what}: 'data' of {label(function)} accepts {name}, which is no struct "
            "that forbids unknown fields",
            "derive it from nxforge_core.api.Body",
            near=function,
        )


def _check_unannotated(
    what: str, route: RouteSpec, hints: Mapping[str, object], scope: Scope
) -> Iterator[Fault]:
    wanted = [*inspect.signature(route.handler).parameters, "return"]
    missing = [name for name in wanted if name not in hints]
    if missing:
        yield scope.fault(
            f"{what}: {label(route.handler)} has no annotation for "
            f"{', '.join(map(repr, missing))}",
            "annotate every parameter and what is returned",
            near=route.handler,
        )
