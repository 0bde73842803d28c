"""A document on paper."""

from __future__ import annotations

import asyncio
import base64
from typing import Final

from nxforge_core.services.browser._messages import Failed, Print, Printed

from ._errors import ChromiumError, VisitError
from ._tab import Tab

__all__ = ["print_document"]

#: Inches: A4, where the document does not say another size.
_WIDTH, _HEIGHT, _MARGIN = 8.27, 11.69, 0.5
_LARGEST: Final = 32 * 1024 * 1024


async def print_document(tab: Tab, order: Print) -> Printed | Failed:
    """Print it; none of its scripts runs."""
    try:
        async with asyncio.timeout(order.timeout):
            pdf = await _printed(tab, order.html)
    except TimeoutError:
        return Failed(id=order.id, reason="timeout", what="it was not printed in time")
    except (ChromiumError, VisitError) as error:
        return Failed(id=order.id, reason="browser", what=str(error))
    if len(pdf) > _LARGEST:
        what = f"printed it is larger than {_LARGEST} bytes"
        return Failed(id=order.id, reason="too_large", what=what)
    return Printed(id=order.id, pdf=pdf)


async def _printed(tab: Tab, html: str) -> bytes:
    call = tab.session.call
    await tab.forget()
    await call("Emulation.setScriptExecutionDisabled", value=True)
    await tab.go("about:blank")
    await call("Page.setDocumentContent", frameId=tab.frame, html=html)
    said = await call(
        "Page.printToPDF",
        printBackground=True,
        preferCSSPageSize=True,
        paperWidth=_WIDTH,
        paperHeight=_HEIGHT,
        marginTop=_MARGIN,
        marginBottom=_MARGIN,
        marginLeft=_MARGIN,
        marginRight=_MARGIN,
    )
    return base64.b64decode(said["data"])
