"""Which readings are marked, what it would change, and the deed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from nxforge_consumption_monitor import endpoints, marks
from nxforge_consumption_monitor.marks import (
    ExcludeBody,
    MarkedView,
    NoSuchReadingError,
    RestoreBody,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._restated import change_rows

__all__ = [
    "EXCLUDED",
    "ReadingsNote",
    "ReadingsNoteOrNone",
    "ReadingsToMark",
    "changes",
    "choose",
    "chosen",
    "exclude",
    "mark_link",
    "outcome",
    "restore",
]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

#: Why a reading that was taken out is worth nothing.
EXCLUDED: Final = "excluded"
#: To the end of the minute that people enter.
_MINUTE: Final = timedelta(minutes=1) - timedelta(microseconds=1)
_PREVIEW: Final = "a preview"


class ReadingsToMark(msgspec.Struct, frozen=True, kw_only=True):
    """Readings of one meter.

    Attributes:
        first: By the clock of the site.
        last: The readings of this minute are among them.
        channel: Of a meter with several registers.
    """

    endpoint: str
    first: Annotated[datetime, Meta(tz=False)]
    last: Annotated[datetime, Meta(tz=False)]
    mark: Literal["bad", "good"] = "bad"
    channel: Annotated[str, Meta(pattern="^[a-z0-9_]{1,32}$")] = "total"


class ReadingsNote(msgspec.Struct, frozen=True, kw_only=True):
    """Why readings are bad.

    Attributes:
        note: For those who come later; it is kept.
    """

    note: Annotated[str, Meta(min_length=1, max_length=500)]


class ReadingsNoteOrNone(msgspec.Struct, frozen=True, kw_only=True):
    """Why readings are good after all.

    Attributes:
        note: For those who come later; it is kept.
    """

    note: Annotated[str, Meta(max_length=500)] = ""


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The readings of the address."""

    endpoint: str
    channel: str
    at: datetime
    until: datetime
    bad: bool


def mark_link(
    endpoint_id: str, channel: str, at: datetime, *, excluded: bool
) -> ui.Link:
    """The way to marking one reading, or to putting it back."""
    mark = "good" if excluded else "bad"
    text = say("put back") if excluded else say("mark")
    params = {"endpoint": endpoint_id, "channel": channel, "at": at.isoformat()}
    return ui.Link(text, "mark", {**params, mark: "1"})


def _asked(params: ui.Params) -> _Asked:
    at = _instant(params, "at")
    return _Asked(
        endpoint=params.get("endpoint", ""),
        channel=params.get("channel", "total"),
        at=at,
        until=_instant(params, "until") if "until" in params else at,
        bad="good" not in params,
    )


def _instant(params: ui.Params, name: str) -> datetime:
    text = params.get(name, "")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.min  # noqa: DTZ901 - refused below
    if found.tzinfo is None:
        remedy = "choose readings on the page of their meter"
        raise InvalidInputError(field=name, value=text, remedy=remedy)
    return found


async def chosen(ctx: _Context, params: ui.Params) -> dict[str, object]:
    """The readings of the address, as the form holds them; else of now."""
    zone = ZoneInfo(ctx.settings.time_zone)
    now = ctx.clock.now().isoformat()
    found = _asked({**params, "at": params.get("at", now)})
    return {
        "endpoint": found.endpoint,
        "channel": found.channel,
        "first": found.at.astimezone(zone),
        "last": found.until.astimezone(zone),
        "mark": "bad" if found.bad else "good",
    }


async def choose(ctx: _Context, data: ReadingsToMark, params: ui.Params) -> ui.Done:
    """Go to where it is seen what marking them would change."""
    meter = await endpoints.show(ctx, data.endpoint)
    at, until = _period(ctx, data, params)
    wanted = {"endpoint": meter.id, "channel": data.channel, data.mark: "1"}
    wanted |= {"at": at.isoformat(), "until": until.isoformat()}
    words = say("Nothing is marked yet; see what it would change.")
    return ui.Done(words, go=ui.Link(say("Mark readings"), "mark", wanted))


def _period(
    ctx: _Context, data: ReadingsToMark, params: ui.Params
) -> tuple[datetime, datetime]:
    """What was entered; what was not touched stays exact."""
    zone = ZoneInfo(ctx.settings.time_zone)
    at, until = (each.replace(tzinfo=zone) for each in (data.first, data.last))
    until += _MINUTE
    if "at" not in params:
        return at, until
    held = _asked(params)
    at = held.at if _same(held.at, at) else at
    return at, held.until if _same(held.until, until) else until


def _same(one: datetime, other: datetime) -> bool:
    return one.timestamp() // 60 == other.timestamp() // 60


async def outcome(ctx: _Context, params: ui.Params) -> list[ui.Notice]:
    """What marking them would be, in a sentence."""
    asked = _asked(params)
    try:
        found = await _mark(ctx, asked, _PREVIEW, by=_PREVIEW, preview=True)
    except (NoSuchReadingError, InvalidInputError) as error:
        return [ui.Notice(error.message, "warning")]
    return [ui.Notice(_words(found, asked, done=False), "info")]


def _words(found: MarkedView, asked: _Asked, *, done: bool) -> str:
    months = len([each for each in found.restated.changes if each.grain == "month"])
    count = say.count("{n} reading", "{n} readings", found.readings)
    changed = say.count("{n} month", "{n} months", months)
    return _SENTENCES[asked.bad, done].format(readings=count, months=changed)


_SENTENCES: Final = {
    (True, False): say(
        "{readings} would be marked as bad; the energy of {months} would change."
    ),
    (False, False): say(
        "{readings} would be put back and judged again; the energy of {months} would"
        " change."
    ),
    (True, True): say("{readings} marked as bad; the energy of {months} changed."),
    (False, True): say(
        "{readings} put back and judged again; the energy of {months} changed."
    ),
}


async def changes(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    """Days and months that would have another energy."""
    try:
        found = await _mark(ctx, _asked(params), _PREVIEW, by=_PREVIEW, preview=True)
    except (NoSuchReadingError, InvalidInputError):
        return []
    return change_rows(found.restated)


async def exclude(
    ctx: _Context, data: ReadingsNote, params: ui.Params, reader: ui.Reader
) -> ui.Done:
    """Take the readings of the address out."""
    return await _do(ctx, replace(_asked(params), bad=True), data.note, reader)


async def restore(
    ctx: _Context, data: ReadingsNoteOrNone, params: ui.Params, reader: ui.Reader
) -> ui.Done:
    """Put the readings of the address back."""
    return await _do(ctx, replace(_asked(params), bad=False), data.note, reader)


async def _do(ctx: _Context, asked: _Asked, note: str, reader: ui.Reader) -> ui.Done:
    found = await _mark(ctx, asked, note, by=reader.name, preview=False)
    back = {"id": asked.endpoint, "tab": "readings"}
    words = _words(found, asked, done=True)
    return ui.Done(words, go=ui.Link(say("Readings"), "endpoint", back))


async def _mark(
    ctx: _Context, asked: _Asked, note: str, *, by: str, preview: bool
) -> MarkedView:
    if asked.bad:
        body = ExcludeBody(
            endpoint_id=asked.endpoint,
            timestamp=asked.at,
            until=asked.until,
            channel=asked.channel,
            note=note,
        )
        return await marks.exclude(ctx, body, by=by, preview=preview)
    again = RestoreBody(
        endpoint_id=asked.endpoint,
        timestamp=asked.at,
        until=asked.until,
        channel=asked.channel,
        note=note,
    )
    return await marks.restore(ctx, again, by=by, preview=preview)
