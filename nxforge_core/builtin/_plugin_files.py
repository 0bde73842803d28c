"""The files of one plugin: listed, and deleted by admins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from litestar.params import Parameter

from nxforge_core.api import Model, RouteSpec, UnknownItemError

from ._context import CoreContext
from ._plugins import find_plugin
from ._security import CallerRequest
from ._told import tell

__all__ = ["ROUTES", "FileView", "delete_file", "list_files"]

_Name = Annotated[str, Parameter(max_length=200)]


class FileView(Model):
    """A file that a plugin keeps.

    Attributes:
        size: In bytes.
        expires_at: From then on it is gone; null: the plugin deletes it.
    """

    name: str
    size: int
    sha256: str
    stored_at: datetime
    expires_at: datetime | None


async def list_files(ctx: CoreContext, plugin: str) -> list[FileView]:
    """What a plugin keeps below the data directory, by name; not what is in it."""
    storage = ctx.host.storage_of(find_plugin(ctx, plugin).id)
    return [
        FileView(
            name=each.name,
            size=each.size,
            sha256=each.sha256,
            stored_at=each.stored_at,
            expires_at=each.expires_at,
        )
        for each in await storage.list()
    ]


async def delete_file(
    ctx: CoreContext, request: CallerRequest, plugin: str, name: _Name
) -> None:
    """Delete a file of a plugin, at once and in every process."""
    if not await ctx.host.storage_of(find_plugin(ctx, plugin).id).delete(name):
        raise UnknownItemError(kind="file", value=name)
    await tell(ctx, request, "files.delete", f"{plugin}/{name}")


_ALL = "/api/v1/plugins/{plugin:str}/files"

ROUTES = [
    RouteSpec("GET", _ALL, list_files, permission="nxforge:plugins:read"),
    RouteSpec(
        "DELETE", _ALL, delete_file, permission="nxforge:plugins:manage", status=204
    ),
]
