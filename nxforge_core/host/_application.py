"""One Litestar application per plugin, built and checked apart from all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from nxforge_core.api import PluginContext, RouteSpec

from ._access import Access
from ._bind import bind, media_of, permission_of, upload_of
from ._body import ExactRequest
from ._endings import as_written, lead, mounted
from ._errors import RouteRefusedError
from ._failure import answer_error
from ._generation import ASGI
from ._methods import options_handlers
from ._plugin_streams import PluginStreams
from ._schema_plugins import schema_plugins

__all__ = ["PluginApplication", "build_application"]

#: Room for a rule set or an import; a route that needs more takes an upload elsewhere.
_MAX_BODY: Final = 5_000_000
_WITHOUT_BODY: Final = frozenset({204, 303})


class PluginApplication:
    """The routes of one plugin as an ASGI application."""

    def __init__(self, handlers: Sequence[HTTPRouteHandler]) -> None:
        self._handlers = handlers
        self.asgi: ASGI = _litestar(handlers, None)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of these routes alone; slow, so call it off the loop.

        Operations that need no token say so by an empty `security`, the others by
        `x-permission`.
        """
        # Litestar adds a route for the document: apart from every one of ours.
        config = OpenAPIConfig("", "0", render_plugins=[JsonRenderPlugin()], path="/.")
        application = _litestar(self._handlers, config)
        document = application.openapi_schema.to_schema()
        for route in application.routes:
            operations = document["paths"].get(route.path_format, {})
            for handler in getattr(route, "route_handlers", ()):
                _note_access(handler, operations)
                _note_media(handler, operations)
                _note_upload(handler, operations)
        paths = document["paths"]
        document["paths"] = {as_written(path): paths[path] for path in paths}
        return document


def build_application(
    routes: Sequence[RouteSpec],
    prefix: str,
    context: PluginContext,
    access: Access,
    streams: PluginStreams | None = None,
) -> PluginApplication:
    """Bind the routes and build the application.

    Raises:
        RouteRefusedError: a route cannot be mounted.
    """
    whole = [mounted(route) for route in routes]
    options = options_handlers(whole, prefix)
    handlers: list[HTTPRouteHandler] = []
    for route in whole:
        try:
            handlers.append(bind(route, prefix, context, access, streams))
        except RouteRefusedError:
            raise
        except Exception as error:
            raise _refused(route, error) from error
    try:
        application = PluginApplication([*options, *handlers])
    except Exception:
        _find_refused(routes, handlers)
        raise
    application.asgi = lead(application.asgi, routes, prefix)
    return application


def _find_refused(
    routes: Sequence[RouteSpec], handlers: Sequence[HTTPRouteHandler]
) -> None:
    """Say which route it is: Litestar's own words often leave that out."""
    for count, route in enumerate(routes, 1):
        try:
            _litestar(handlers[:count], None)
        except Exception as error:
            raise _refused(route, error) from error


def _refused(route: RouteSpec, error: Exception) -> RouteRefusedError:
    why = getattr(error, "detail", "") or f"{type(error).__name__}: {error}"
    return RouteRefusedError(
        route, why, remedy="correct its path or its handler's signature"
    )


def _note_access(handler: HTTPRouteHandler, operations: dict[str, Any]) -> None:
    for method in handler.http_methods:
        operation = operations.get(method.lower())
        if operation is None:
            continue
        if permission := permission_of(handler):
            operation["x-permission"] = permission
        else:
            operation["security"] = []


def _note_media(handler: HTTPRouteHandler, operations: dict[str, Any]) -> None:
    for method in handler.http_methods:
        answer = operations.get(method.lower(), {}).get("responses", {})
        good = answer.get(str(handler.status_code), {})
        if handler.status_code in _WITHOUT_BODY:
            good.pop("content", None)
        content = good.get("content", {})
        first, *others = media_of(handler)
        for other in others:
            content[other] = content[first]


def _note_upload(handler: HTTPRouteHandler, operations: dict[str, Any]) -> None:
    if not (limit := upload_of(handler)):
        return
    schema = {"type": "string", "format": "binary", "maxLength": limit}
    content = {"application/octet-stream": {"schema": schema}}
    for method in handler.http_methods:
        if operation := operations.get(method.lower()):
            operation["requestBody"] = {"required": True, "content": content}


def _litestar(
    handlers: Sequence[HTTPRouteHandler], openapi: OpenAPIConfig | None
) -> Litestar:
    return Litestar(
        list(handlers),
        openapi_config=openapi,
        exception_handlers={Exception: answer_error},
        request_max_body_size=_MAX_BODY,
        plugins=schema_plugins(),
        request_class=ExactRequest,
        debug=False,
        logging_config=None,
    )
