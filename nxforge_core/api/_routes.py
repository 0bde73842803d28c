"""Routes as data: what answers under `/api/v1/m/<plugin>`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

__all__ = ["Body", "Method", "Model", "RouteSpec", "Success"]

T = TypeVar("T")

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Model(msgspec.Struct, kw_only=True, rename="camel"):
    """Base of what a route answers: camelCase on the wire, snake_case in Python.

    Where an answer has an attribute or a property `etag`, a quoted text, the host sends
    it as the header of that name as well.
    """


class Body(
    msgspec.Struct,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
):
    """Base of what a route accepts as JSON: extra members are errors."""


class Success(msgspec.Struct, Generic[T], kw_only=True, rename="camel"):
    """The envelope of every successful answer.

    A handler returns its data and the host wraps it. A handler that has members to
    add beside `data` answers a subclass of this one.
    """

    data: T
    success: Literal[True] = True


class RouteSpec(msgspec.Struct, frozen=True):
    """One route of a plugin.

    The handler is an async function. A parameter named `ctx` receives the
    `PluginContext`; path and query parameters are taken by name and annotation,
    `data` is the JSON body (a `Body`), `request` the Litestar request.

    Attributes:
        path: Below the plugin's prefix, for example `/readings/{reading_id:int}`. After
            a last parameter of type `str` an ending may follow, for example
            `/months/{month:str}.csv`: requests with it go to that route, all others
            to the one without.
        permission: What the caller needs. Either this or `public=True` must be given:
            a route with neither is refused when the plugin is loaded.
        status: HTTP status of a successful answer.
        summary: One line for the API documentation; by default the docstring's first.
        upload: Bytes that the body may have, up to 1 GB; the handler takes `request`
            and reads `request.stream()`, so nothing of it is held in memory. 0: the
            body is JSON of 5 MB at the most.
    """

    method: Method
    path: str
    handler: Callable[..., Awaitable[Any]]
    permission: str | None = None
    public: bool = False
    status: int = 200
    summary: str = ""
    upload: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
