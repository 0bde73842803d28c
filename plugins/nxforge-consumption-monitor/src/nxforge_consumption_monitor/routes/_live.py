"""Live values over HTTP."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

import msgspec
from litestar import Response
from litestar.params import HeaderParameter, QueryParameter

from nxforge_consumption_monitor import report
from nxforge_consumption_monitor.permissions import READ_READINGS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, RouteSpec

__all__ = ["LiveJson", "live_route"]

_NOT_MODIFIED: Final = 304
_JSON: Final = "application/json"
_NO_CACHE: Final = {"cache-control": "no-cache"}
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


class LiveJson(Response[bytes]):
    """The answer of `live`, encoded."""

    #: What the OpenAPI document says of it.
    documented_as: ClassVar = _JSON


def live_route() -> RouteSpec:
    """The route of one host, with the answer that it keeps."""
    kept = report.KeptLive()

    async def live(
        ctx: PluginContext[MonitorSettings],
        known: Annotated[str | None, HeaderParameter(name="If-None-Match")] = None,
        group: Annotated[str | None, QueryParameter()] = None,
    ) -> LiveJson:
        """Latest values of every endpoint, or of those of a group, and their sums.

        With `If-None-Match` 304 until a round stored something or a state changed. The
        answer for a group is made anew each time.
        """
        if group is not None:
            own = _ENCODE(await report.live(ctx, group))
            return LiveJson(own, media_type=_JSON, headers=_NO_CACHE)
        answer = await kept.answer(ctx, known or "")
        headers = {"etag": answer.tag, **_NO_CACHE}
        if known and answer.tag in known:
            return LiveJson(b"", status_code=_NOT_MODIFIED, headers=headers)
        return LiveJson(answer.body, media_type=_JSON, headers=headers)

    return RouteSpec("GET", "/live", live, READ_READINGS)
