"""From a `RouteSpec` to a Litestar handler: context, envelope, guard."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated, Any, Final

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.params import HeaderParameter
from litestar.types import Empty

from nxforge_core.api import Download, EventStream, PluginContext, RouteSpec, Success
from nxforge_core.builtin import StreamAnswer
from nxforge_core.plugins import innermost

from ._access import Access, permission_guard, public_guard
from ._answer import Answer
from ._body import BODY, body_decoder
from ._downloads import DownloadAnswer, downloaded
from ._encode import JSON, encode
from ._parameters import refuse_reserved, with_sources
from ._plugin_streams import PluginStreams

__all__ = ["bind", "media_of", "permission_of", "upload_of"]

_Handler = Callable[..., Awaitable[Any]]
_Written = Callable[..., object]

_NO_CONTENT: Final = 204
_PERMISSION: Final = "permission"
_MEDIA: Final = "media"
_UPLOAD: Final = "upload"
#: What the handler of a stream takes beside the author's parameters.
_LAST: Final = "nxforge_last_event"


def bind(
    spec: RouteSpec,
    prefix: str,
    context: PluginContext,
    access: Access,
    streams: PluginStreams | None = None,
) -> HTTPRouteHandler:
    """Make the Litestar handler that answers the route below `prefix`.

    Its signature is the author's without `ctx`, so Litestar parses and documents
    exactly what the author wrote.

    Raises:
        RouteRefusedError: a parameter has a name that is taken.
    """
    path = prefix + spec.path
    written = innermost(spec.handler)
    refuse_reserved(spec, inspect.signature(spec.handler).parameters)
    plain = typing.get_type_hints(written, include_extras=True)
    hints = with_sources(spec.path, plain)
    takes_context = hints.pop("ctx", None) is not None
    call = partial(spec.handler, ctx=context) if takes_context else spec.handler
    if hints.get("return") is EventStream and streams is not None:
        bound, hints["return"] = _streamed(call, streams), StreamAnswer
        hints[_LAST] = Annotated[str | None, HeaderParameter(name="Last-Event-ID")]
    elif hints.get("return") is Download:
        bound, hints["return"] = downloaded(call), DownloadAnswer
    else:
        bound, hints["return"] = _enclose(call, hints.get("return"), spec.status)
    _disguise(bound, spec.handler, written, hints)
    needed = spec.permission
    media = _media(plain.get("return"))
    guard = permission_guard(access, needed) if needed else public_guard(access)
    return _Route(
        path=path,
        http_method=spec.method,
        status_code=spec.status,
        media_type=media[0],
        guards=[guard],
        request_max_body_size=spec.upload or Empty,
        summary=spec.summary or _first_line(written),
        opt={
            _PERMISSION: spec.permission,
            _MEDIA: media,
            _UPLOAD: spec.upload,
            BODY: body_decoder(plain["data"]) if "data" in plain else None,
        },
    )(bound)


def permission_of(handler: HTTPRouteHandler) -> str | None:
    """What a handler of `bind` asks for; None if it is public."""
    permission: str | None = handler.opt.get(_PERMISSION)
    return permission


def media_of(handler: HTTPRouteHandler) -> Sequence[str]:
    """The content types that a handler of `bind` answers with."""
    media: Sequence[str] = handler.opt.get(_MEDIA, (JSON,))
    return media


def upload_of(handler: HTTPRouteHandler) -> int:
    """Bytes that the body may have which a handler of `bind` reads; 0: it is JSON."""
    limit: int = handler.opt.get(_UPLOAD, 0)
    return limit


class _Route(HTTPRouteHandler):
    """A handler that is handed to its guard as it is."""

    async def authorize_connection(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> None:
        # Litestar copies the handler for every guard and request, which costs as much
        # as looking up the token three times over.
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]  # Litestar made each of them async


def _media(answer: Any) -> Sequence[str]:
    """An answer that is sent as it is may say what the document calls it."""
    documented = getattr(answer, "documented_as", JSON)
    return (documented,) if isinstance(documented, str) else tuple(documented)


def _enclose(call: _Handler, answer: Any, status: int) -> tuple[_Handler, Any]:
    """The handler that answers bytes, and the type those bytes have."""
    origin = typing.get_origin(answer) or answer
    if isinstance(origin, type) and issubclass(origin, Response):
        return _as_it_is(call), answer
    if status == _NO_CONTENT:
        return _silent(call), type(None)
    if isinstance(origin, type) and issubclass(origin, Success):
        return _encoded(call, status), answer
    return _wrapped(call, status), Success[answer]


def _streamed(call: _Handler, streams: PluginStreams) -> _Handler:
    async def bound(**values: Any) -> StreamAnswer:
        last = values.pop(_LAST)
        return streams.open(await call(**values), last)

    return bound


def _as_it_is(call: _Handler) -> _Handler:
    async def bound(**values: Any) -> Any:
        return await call(**values)

    return bound


def _silent(call: _Handler) -> _Handler:
    async def bound(**values: Any) -> Answer:
        await call(**values)
        return Answer(b"", _NO_CONTENT, JSON)

    return bound


def _encoded(call: _Handler, status: int) -> _Handler:
    async def bound(**values: Any) -> Answer:
        return Answer(encode(await call(**values)), status, JSON)

    return bound


def _wrapped(call: _Handler, status: int) -> _Handler:
    async def bound(**values: Any) -> Answer:
        data = await call(**values)
        tag = getattr(data, "etag", None)
        headers = {"etag": tag} if isinstance(tag, str) else None
        return Answer(encode(Success(data=data)), status, JSON, headers)

    return bound


def _disguise(
    bound: _Handler, handler: _Handler, written: _Written, hints: dict[str, Any]
) -> None:
    """Give `bound` the name and the resolved signature that Litestar is to read."""
    parameters = [
        parameter.replace(
            annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY
        )
        for parameter in inspect.signature(handler).parameters.values()
        if parameter.name != "ctx"
    ]
    if _LAST in hints:
        kind = inspect.Parameter.KEYWORD_ONLY
        last = inspect.Parameter(_LAST, kind, default=None, annotation=hints[_LAST])
        parameters.append(last)
    signature = inspect.Signature(parameters, return_annotation=hints["return"])
    bound.__signature__ = signature  # type: ignore[attr-defined]  # read by inspect.signature
    bound.__annotations__ = hints
    for name in ("__name__", "__qualname__", "__module__", "__doc__"):
        setattr(bound, name, getattr(written, name))


def _first_line(handler: _Written) -> str:
    return next(iter((inspect.getdoc(handler) or handler.__name__).splitlines()))
