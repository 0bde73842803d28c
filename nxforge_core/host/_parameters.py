"""What an author left unsaid about the parameters of a handler, said to Litestar."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg, KwargDefinition, PathParameter, QueryParameter
from msgspec import Meta

from nxforge_core.api import RouteSpec

from ._errors import RouteRefusedError

__all__ = ["refuse_reserved", "with_sources"]

#: Litestar hands these names something of its own; `data` and `request` are promised.
_RESERVED: Final = frozenset(
    {"body", "cookies", "headers", "query", "scope", "socket", "state"}
)
_BOUNDS: Final = (
    "ge",
    "gt",
    "le",
    "lt",
    "max_length",
    "min_length",
    "multiple_of",
    "pattern",
)
_IN_PATH: Final = re.compile(r"\{(\w+):\w+\}")


def refuse_reserved(spec: RouteSpec, parameters: Iterable[str]) -> None:
    """Refuse a handler that calls a parameter of its own what Litestar fills.

    Raises:
        RouteRefusedError: naming the parameter.
    """
    for name in sorted(_RESERVED.intersection(parameters)):
        remedy = (
            f"call it 'given_{name}: Annotated[..., QueryParameter(name={name!r})]', "
            "or take 'request'"
        )
        why = f"the framework keeps the parameter name {name!r} for itself"
        raise RouteRefusedError(spec, why, remedy=remedy)


def with_sources(path: str, hints: Mapping[str, Any]) -> dict[str, Any]:
    """The annotations, each saying whether its value comes from path, query or body.

    Litestar is going to infer that no longer; what an author said is kept.
    """
    in_path = set(_IN_PATH.findall(path))
    return {
        name: hint if _is_settled(name, hint) else _marked(name, hint, in_path)
        for name, hint in hints.items()
    }


def _is_settled(name: str, hint: Any) -> bool:
    said = typing.get_args(hint)[1:] if typing.get_origin(hint) is Annotated else ()
    return name in ("request", "return") or any(
        isinstance(each, KwargDefinition) for each in said
    )


def _marked(name: str, hint: Any, in_path: set[str]) -> Any:
    if name == "data":
        return Annotated[hint, BodyKwarg(media_type=RequestEncodingType.JSON)]
    kind = PathParameter if name in in_path else QueryParameter
    return Annotated[hint, kind(**_bounds(hint))]


def _bounds(hint: Any) -> dict[str, Any]:
    """What msgspec's `Meta` says of a parameter: Litestar passes over it."""
    said = (each for each in typing.get_args(hint)[1:] if isinstance(each, Meta))
    return {
        name: value
        for meta in said
        for name in _BOUNDS
        if (value := getattr(meta, name)) is not None
    }
