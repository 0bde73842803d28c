"""What a page looks like: pictures of bounded size, and a failure's traces."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from nxforge_core.api import Viewport

from ._errors import ChromiumError, VisitError
from ._tab import Tab

__all__ = ["evidence", "screenshot"]

#: Bytes of a picture, at the most.
_PICTURE: Final = 200_000
_SCALES: Final = (1.0, 0.6, 0.35, 0.2)
_EXCERPT: Final = 65_536
#: Replaces texts wherever a person or a program could read them.
_MASK: Final = """(secrets => {
  const clean = text => secrets.reduce((t, s) => t.split(s).join('***'), text);
  const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode())
    if (clean(n.data) !== n.data) n.data = clean(n.data);
  for (const e of document.querySelectorAll('*')) {
    for (const a of e.attributes) if (clean(a.value) !== a.value) a.value = '***';
    if (typeof e.value === 'string' && clean(e.value) !== e.value) e.value = '***';
  }
})(%s)"""


async def screenshot(tab: Tab, size: Viewport) -> bytes | None:
    """A PNG of what the window shows, made smaller until it is small enough."""
    area = {"x": 0, "y": 0, "width": size.width, "height": size.height}
    for scale in _SCALES:
        said = await tab.session.call(
            "Page.captureScreenshot", format="png", clip={**area, "scale": scale}
        )
        picture = base64.b64decode(said["data"])
        if len(picture) <= _PICTURE:
            return picture
    return None


async def evidence(
    tab: Tab, hidden: Sequence[str], seconds: float, size: Viewport
) -> tuple[bytes | None, str]:
    """Picture and text of a page that failed, as far as they can be had in time."""
    picture, text = None, ""
    secrets = [secret for secret in hidden if secret]
    with suppress(TimeoutError, ChromiumError, VisitError):
        async with asyncio.timeout(seconds):
            if secrets:
                await tab.evaluate(_MASK % json.dumps(secrets))
            text = str(
                await tab.evaluate(
                    f"document.documentElement.outerHTML.slice(0, {_EXCERPT})"
                )
            )
            picture = await screenshot(tab, size)
    for secret in secrets:
        text = text.replace(secret, "***")
    return picture, text
