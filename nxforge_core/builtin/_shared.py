"""What many readers ask for in the same second is asked of a plugin once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Final

from nxforge_core.api.pages import Filled, Widget
from nxforge_core.events import Parcel, matches_any
from nxforge_core.ui import Ask, current, takes

from ._security import CallerRequest

__all__ = ["SharedAnswers", "shared_by"]

#: Seconds: a page is told of changes once a second, so none sees an older answer.
_HOLDS: Final = 1.0
_MOST: Final = 500


class _Kept:
    """One answer, and when its making began."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.body = b""
        self.began = float("-inf")


class SharedAnswers:
    """Answers that are held for a second, or until an event says they are old.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Hashable, _Kept] = {}
        self._heard: dict[str, float] = {}

    def hear(self, parcel: Parcel) -> bool:
        """Note that an event happened; as the wish of a tap, which gets none."""
        self._heard[parcel.name] = self._clock()
        return False

    async def answer(
        self, key: Hashable, live: Sequence[str], make: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """The answer that is held, or a new one; nobody makes a second one beside it.

        Args:
            key: Of all that the answer depends on.
            live: Names and patterns of events that make it old.
            make: Asks the plugin.
        """
        kept = self._kept.setdefault(key, _Kept())
        async with kept.lock:
            if not self._holds(kept, live):
                began = self._clock()
                kept.body = await make()
                kept.began = began
                self._tidy()
            return kept.body

    def _holds(self, kept: _Kept, live: Sequence[str]) -> bool:
        """What was read before an event may not have what the event tells of."""
        if self._clock() - kept.began > _HOLDS:
            return False
        return not any(
            at >= kept.began and matches_any(live, name)
            for name, at in self._heard.items()
        )

    def _tidy(self) -> None:
        if len(self._kept) <= _MOST:
            return
        old = self._clock() - _HOLDS
        self._kept = {
            key: kept
            for key, kept in self._kept.items()
            if kept.began >= old or kept.lock.locked()
        }


def shared_by(
    request: CallerRequest, ask: Ask, widget: Widget
) -> tuple[Hashable, Sequence[str]] | None:
    """What an answer depends on, and what makes it old; None: it is for one alone.

    Who looks is not told to a source that does not name `reader`: whoever may do the
    same, and looks at the same address, is answered the same.
    """
    if not isinstance(widget, Filled) or not (widget.live or widget.every):
        return None
    source = getattr(widget, "source", None)
    if source is None or takes(source, "reader") or _wants_new(request):
        return None
    params = tuple(sorted(ask.params.items()))
    live = (widget.live,) if isinstance(widget.live, str) else tuple(widget.live)
    key = (request.url.path, ask.root, params, request.user.permissions)
    return (*key, current().tag), live


def _wants_new(request: CallerRequest) -> bool:
    """Asked after the reader did something, which the answer has to show."""
    return "no-cache" in request.headers.get("cache-control", "")
