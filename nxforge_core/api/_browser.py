"""One visit of a page in a browser, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from ._http import BasicAuth, DigestAuth

__all__ = [
    "BrowserPage",
    "BrowserRequest",
    "BrowserStep",
    "Click",
    "Navigate",
    "Select",
    "Type",
    "Viewport",
    "Wait",
]

_Selector = Annotated[str, Meta(min_length=1, max_length=500)]
_Text = Annotated[str, Meta(max_length=4096)]
_Url = Annotated[str, Meta(min_length=1, max_length=2000)]
_Pause = Annotated[int, Meta(ge=1, le=20_000)]
_Side = Annotated[int, Meta(ge=100, le=4000)]


class _Step(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    tag=str.lower,
    tag_field="action",
):
    """As JSON: `{"action": "click", "selector": "#go"}`."""


class Navigate(_Step, frozen=True):
    """Go to another page of the same host; a path is enough. Waits until it is loaded.

    A page that answers 400 or more ends the visit: its status says what is wrong.
    """

    url: _Url


class Click(_Step, frozen=True):
    """Click the first element, once it is there."""

    selector: _Selector


class Type(_Step, frozen=True):
    """Put text into a field, in place of what is in it, once it is there."""

    selector: _Selector
    text: _Text

    def __repr__(self) -> str:
        return f"Type(selector={self.selector!r}, text='***')"


class Select(_Step, frozen=True):
    """Choose an option of a `select` by its value, once both are there."""

    selector: _Selector
    value: _Text

    def __repr__(self) -> str:
        return f"Select(selector={self.selector!r}, value='***')"


class Wait(_Step, frozen=True):
    """Wait until an element is there, or for some milliseconds: one of the two."""

    selector: _Selector | None = None
    ms: _Pause | None = None

    def __post_init__(self) -> None:
        """Refuse both and none.

        Raises:
            ValueError: it says what is wrong.
        """
        if (self.selector is None) == (self.ms is None):
            raise ValueError("give either 'selector' or 'ms'")  # noqa: EM101, TRY003 - msgspec adds the path


BrowserStep: TypeAlias = Navigate | Click | Type | Select | Wait


class Viewport(msgspec.Struct, frozen=True):
    """Size of the window, in CSS pixels."""

    width: _Side = 1280
    height: _Side = 800


class BrowserRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A page to visit.

    Attributes:
        url: Absolute, `http` or `https`. The network policy has to allow its host,
            and the page reaches no other one.
        steps: What is done once the page is loaded, in this order.
        headers: Sent with every request of the page.
        timeout: Seconds for the whole visit.
        max_bytes: Limit of the page's text as it stands at the end.
        tls: `insecure` accepts any certificate.
        hidden: Texts that no error may show: they are masked in the page before a
            failure is recorded.
    """

    url: str
    steps: tuple[BrowserStep, ...] = ()
    headers: Mapping[str, str] = {}
    auth: BasicAuth | DigestAuth | None = None
    timeout: float = 30.0
    max_bytes: int = 524_288
    tls: Literal["verify", "insecure"] = "verify"
    viewport: Viewport = Viewport()
    screenshot: bool = False
    hidden: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"BrowserRequest(steps={self.steps!r}, timeout={self.timeout!r})"


class BrowserPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it stands after the steps.

    Attributes:
        html: The document as it is now, whatever it was when it came.
        url: Where the visit ended.
        status: Of the last document that was loaded.
        content_type: Of that document.
        timings: Seconds of its parts: `load`, `steps`, `total`.
        screenshot: PNG, 200 kB at the most; None unless it was asked for.
    """

    html: str
    url: str
    status: int
    content_type: str
    timings: Mapping[str, float]
    screenshot: bytes | None = None

    def __repr__(self) -> str:
        return f"BrowserPage({self.status}, {len(self.html)} characters)"
