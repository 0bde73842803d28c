"""What somebody has begun and not stored yet."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final, Generic, TypeVar

import msgspec

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext, UnknownItemError, ui

__all__ = ["Drafts", "UnknownDraftError", "draft_source"]

_Context = PluginContext[MonitorSettings]

T = TypeVar("T")

_KEPT: Final = timedelta(minutes=30)
_MOST: Final = 200
_BYTES: Final = 12


class UnknownDraftError(UnknownItemError):
    """It is too old, somebody else's, or the host was started anew."""

    def __init__(self) -> None:
        super().__init__(
            kind="draft",
            value="of this address",
            remedy="a draft is kept for half an hour: fill in the form again",
        )


class _Kept(msgspec.Struct, Generic[T], frozen=True):
    owner: str
    until: datetime
    value: T


class Drafts(Generic[T]):
    """Drafts of one process, each for the one who made it; the oldest make room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, _Kept[T]] = OrderedDict()

    def keep(self, owner: str, value: T, now: datetime) -> str:
        """Keep it for a while; the answer is its name."""
        while len(self._kept) >= _MOST:
            self._kept.popitem(last=False)
        name = token_urlsafe(_BYTES)
        self._kept[name] = _Kept(owner, now + _KEPT, value)
        return name

    def find(self, owner: str, name: str, now: datetime) -> T:
        """What was kept under the name.

        Raises:
            UnknownDraftError: nothing of this owner, or not any more.
        """
        found = self._kept.get(name)
        if found is None or found.owner != owner or found.until <= now:
            raise UnknownDraftError
        return found.value

    def asked(self, ctx: _Context, params: ui.Params, reader: ui.Reader) -> T | None:
        """The reader's draft that the address names; None where it names none.

        Raises:
            UnknownDraftError: nothing of this reader, or not any more.
        """
        if "draft" not in params:
            return None
        return self.find(reader.name, params["draft"], ctx.clock.now())

    def must(self, ctx: _Context, params: ui.Params, reader: ui.Reader) -> T:
        """The same where the address has to name one.

        Raises:
            UnknownDraftError: it names none, or not any more.
        """
        found = self.asked(ctx, params, reader)
        if found is None:
            raise UnknownDraftError
        return found

    def forget(self, name: str) -> None:
        """It is stored, or of no use any more."""
        self._kept.pop(name, None)


def draft_source(
    shown: Callable[[_Context, ui.Params, ui.Reader], T | None],
    make: Callable[[T], Any],
    otherwise: Any,
) -> ui.Source:
    """What a card makes of the draft of the address; without one, `otherwise`."""

    async def source(ctx: _Context, params: ui.Params, reader: ui.Reader) -> Any:
        view = shown(ctx, params, reader)
        return otherwise if view is None else make(view)

    return source
