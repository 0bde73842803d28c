"""One Litestar application per plugin, built and checked apart from all others."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin

from nxforge_core.api import PluginContext, RouteSpec
from nxforge_core.host._access import Access
from nxforge_core.host._bind import bind
from nxforge_core.host._problem import answer_error

__all__ = ["PluginApplication", "build_application"]

#: Room for a rule set or an import; a route that needs more takes an upload elsewhere.
_MAX_BODY: Final = 5_000_000


class _DecimalIsNumber(OpenAPISchemaPlugin):
    """Answers carry decimals as JSON numbers with all their digits."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        return value is Decimal

    def to_openapi_schema(self, field_definition: Any, schema_creator: Any) -> Schema:
        del field_definition, schema_creator
        return Schema(type=OpenAPIType.NUMBER)


class PluginApplication:
    """The routes of one plugin as an ASGI application."""

    def __init__(self, handlers: Sequence[HTTPRouteHandler]) -> None:
        self._handlers = handlers
        self.asgi = _litestar(handlers, None)

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of these routes alone; slow, so call it off the loop."""
        # Litestar adds a route for the document: apart from every one of ours.
        config = OpenAPIConfig("", "0", render_plugins=[JsonRenderPlugin()], path="/.")
        return _litestar(self._handlers, config).openapi_schema.to_schema()


def build_application(
    routes: Sequence[RouteSpec], prefix: str, context: PluginContext, access: Access
) -> PluginApplication:
    """Bind the routes and build the application.

    Raises:
        ImproperlyConfiguredException: Litestar refuses a route.
    """
    return PluginApplication([bind(route, prefix, context, access) for route in routes])


def _litestar(
    handlers: Sequence[HTTPRouteHandler], openapi: OpenAPIConfig | None
) -> Litestar:
    return Litestar(
        list(handlers),
        openapi_config=openapi,
        exception_handlers={Exception: answer_error},
        request_max_body_size=_MAX_BODY,
        plugins=[_DecimalIsNumber()],
        debug=False,
        logging_config=None,
    )
