"""Answers that are no JSON, and what the OpenAPI document calls them."""

from __future__ import annotations

from typing import Any, ClassVar

from litestar import Response
from litestar.response import Stream

__all__ = ["AssetFile", "CsvFile", "HtmlPage", "LinesFile", "TomlFile"]


class HtmlPage(Response[str]):
    """A page."""

    #: What the OpenAPI document says of it; the same below.
    documented_as: ClassVar = "text/html"


class AssetFile(Response[bytes]):
    """A style sheet, a module, a drawing."""

    documented_as: ClassVar = ("text/css", "text/javascript", "image/svg+xml")


class CsvFile(Response[str]):
    """A table."""

    documented_as: ClassVar = "text/csv"


class TomlFile(Response[str]):
    """Settings."""

    documented_as: ClassVar = "application/toml"


class LinesFile(Stream):
    """Lines of any number, as JSON or as CSV."""

    documented_as: ClassVar = ("application/jsonl", "text/csv")

    def to_asgi_response(self, app: Any, request: Any, **more: Any) -> Any:
        """The same, with its own type: Litestar prefers that of the route."""
        more["media_type"] = self.media_type
        return super().to_asgi_response(app, request, **more)
