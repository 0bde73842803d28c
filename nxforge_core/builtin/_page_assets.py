"""Files of pages: the host's for everybody, those of plugins for who may see pages."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from nxforge_core.api import RouteSpec, UnknownItemError
from nxforge_core.ui import ASSET_HEADERS, OWNER, Bundle, own_assets

from ._context import CoreContext
from ._files import AssetFile

__all__ = ["ROUTES"]


async def plugin_file(
    ctx: CoreContext, owner: str, digest: str, path: PurePosixPath
) -> AssetFile:
    """A file that a plugin ships for its pages; its modules may do what readers may."""
    bundle = ctx.host.modules_of(owner)
    if bundle is None:
        raise UnknownItemError(kind="files of a plugin", value=owner)
    return _found(bundle, digest, path)


async def own_file(digest: str, path: PurePosixPath) -> AssetFile:
    """A file of the host's own, at an address that changes with its content."""
    return _found(own_assets(), digest, path)


def _found(bundle: Bundle, digest: str, path: PurePosixPath) -> AssetFile:
    # Litestar puts a slash before what it takes for a path.
    name = str(path).lstrip("/")
    asset = bundle.find(digest, name)
    if asset is None:
        raise UnknownItemError(kind="file", value=f"{digest}/{name}")
    return AssetFile(asset.body, media_type=asset.media_type, headers=ASSET_HEADERS)


_FILE: Final = "{digest:str}/{path:path}"

ROUTES = [
    RouteSpec("GET", f"/ui/{OWNER}/{_FILE}", own_file, public=True),
    RouteSpec(
        "GET",
        f"/ui/{{owner:str}}/{_FILE}",
        plugin_file,
        permission="nxforge:pages:read",
    ),
]
