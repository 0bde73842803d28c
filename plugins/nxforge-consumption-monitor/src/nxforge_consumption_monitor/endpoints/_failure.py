"""The latest failure in a browser."""

from __future__ import annotations

import msgspec

from nxforge_consumption_monitor.models import FailureView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import failure_of, failure_picture
from nxforge_core.api import PluginContext, UnknownItemError

from ._manage import show

__all__ = ["failure", "failure_screenshot"]

_Context = PluginContext[MonitorSettings]


async def failure(ctx: _Context, endpoint_id: str) -> FailureView:
    """What it looked like.

    Raises:
        UnknownItemError: no such endpoint, or none of its polls failed in a browser.
    """
    known = (await show(ctx, endpoint_id)).id
    found = await failure_of(ctx.db, known)
    if found is None:
        raise UnknownItemError(kind="failure in a browser of endpoint", value=known)
    return FailureView(endpoint_id=known, **msgspec.structs.asdict(found))


async def failure_screenshot(ctx: _Context, endpoint_id: str) -> bytes:
    """Its picture, a PNG.

    Raises:
        UnknownItemError: no such endpoint, or there is no picture.
    """
    known = (await show(ctx, endpoint_id)).id
    found = await failure_picture(ctx.db, known)
    if found is None:
        raise UnknownItemError(kind="screenshot of endpoint", value=known)
    return found
