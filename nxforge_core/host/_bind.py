"""From a `RouteSpec` to a Litestar handler: context, envelope, guard."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler

from nxforge_core.api import PluginContext, RouteSpec, Success
from nxforge_core.host._access import Access, permission_guard
from nxforge_core.host._encode import JSON, encode

__all__ = ["bind"]

_Handler = Callable[..., Awaitable[Any]]


def bind(
    spec: RouteSpec, prefix: str, context: PluginContext, access: Access
) -> HTTPRouteHandler:
    """Make the Litestar handler that answers the route below `prefix`.

    Its signature is the author's without `ctx`, so Litestar parses and documents
    exactly what the author wrote.
    """
    hints = typing.get_type_hints(spec.handler, include_extras=True)
    takes_context = hints.pop("ctx", None) is not None
    call = partial(spec.handler, ctx=context) if takes_context else spec.handler
    bound, hints["return"] = _enclose(call, hints.get("return"))
    _disguise(bound, spec.handler, hints)
    guards = [permission_guard(access, spec.permission)] if spec.permission else []
    return _Route(
        path=prefix + spec.path,
        http_method=spec.method,
        status_code=spec.status,
        media_type=JSON,
        guards=guards,
        summary=spec.summary or _first_line(spec.handler),
    )(bound)


class _Route(HTTPRouteHandler):
    """A handler that is handed to its guard as it is."""

    async def authorize_connection(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> None:
        # Litestar copies the handler for every guard and request, which costs as much
        # as looking up the token three times over.
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]  # Litestar made each of them async


def _enclose(call: _Handler, answer: Any) -> tuple[_Handler, Any]:
    """The handler that answers bytes, and the type those bytes have."""
    origin = typing.get_origin(answer) or answer
    if isinstance(origin, type) and issubclass(origin, Response):
        return _as_it_is(call), answer
    if isinstance(origin, type) and issubclass(origin, Success):
        return _encoded(call), answer
    return _wrapped(call), Success[answer]


def _as_it_is(call: _Handler) -> _Handler:
    async def bound(**values: Any) -> Any:
        return await call(**values)

    return bound


def _encoded(call: _Handler) -> _Handler:
    async def bound(**values: Any) -> bytes:
        return encode(await call(**values))

    return bound


def _wrapped(call: _Handler) -> _Handler:
    async def bound(**values: Any) -> bytes:
        return encode(Success(data=await call(**values)))

    return bound


def _disguise(bound: _Handler, handler: _Handler, hints: dict[str, Any]) -> None:
    """Give `bound` the name and the resolved signature that Litestar is to read."""
    parameters = [
        parameter.replace(
            annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY
        )
        for parameter in inspect.signature(handler).parameters.values()
        if parameter.name != "ctx"
    ]
    signature = inspect.Signature(parameters, return_annotation=hints["return"])
    bound.__signature__ = signature  # type: ignore[attr-defined]  # read by inspect.signature
    bound.__annotations__ = hints
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(bound, name, getattr(handler, name))


def _first_line(handler: _Handler) -> str:
    return next(iter((inspect.getdoc(handler) or handler.__name__).splitlines()))
