"""Imports from beginning to end, and what is known of those before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import parse_endpoint_id
from nxforge_consumption_monitor.restate import Restatement, rehearse, restate
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.books import (
    Intake,
    JudgedCount,
    NewImport,
    StoredImport,
    Target,
    finish_import,
    insert_import,
    judged_of_import,
    list_imports,
    list_superseded,
    same_import,
)
from nxforge_core.api import Clock, Connection, Database, PluginContext

from ._errors import UnknownImportError
from ._options import ImportOptions, fingerprint_of
from ._reading import FileReading
from ._target import find_target
from ._views import ImportResult, ImportView, JudgedRows, SupersededView

__all__ = ["imports", "run_import", "show_import", "superseded"]

_Context = PluginContext[MonitorSettings]

_MOST: Final = 200
_ENCODE: Final = msgspec.json.Encoder(decimal_format="number").encode


async def run_import(
    database: Database,
    clock: Clock,
    text: str,
    options: ImportOptions,
    *,
    by: str,
    dry_run: bool = False,
) -> ImportView:
    """Import a file: the good rows of it, all in one transaction.

    Args:
        database: The plugin's.
        clock: Later times are refused.
        text: The file.
        options: How it is read, and where it goes.
        by: Who brings it.
        dry_run: Do the same and take it back: the counts are those of the import.

    Raises:
        UsageError: nothing could be read of it, or it goes nowhere.
    """
    digest = sha256(text.encode()).hexdigest()

    async def work(connection: Connection) -> ImportView:
        target = await find_target(connection, options.endpoint)
        new = NewImport(
            endpoint_id=target.id,
            channel=options.channel,
            name=options.name,
            sha256=digest,
            fingerprint=fingerprint_of(digest, target.id, options),
            options=msgspec.json.encode(options).decode(),
            created_by=by,
        )
        before = await same_import(connection, new.fingerprint)
        if before is not None:
            return _again(before, options.name, dry_run=dry_run)
        import_id = await insert_import(connection, new)
        result = await _imported(
            connection, target, new, import_id, (text, options, clock.now())
        )
        await finish_import(connection, import_id, _ENCODE(result).decode())
        [stored] = await list_imports(connection, import_id=import_id)
        return msgspec.structs.replace(
            _view(stored), id=None if dry_run else import_id, dry_run=dry_run
        )

    return await rehearse(database, work, keep=not dry_run)


async def imports(ctx: _Context, endpoint_id: str | None = None) -> list[ImportView]:
    """The newest imports, of an endpoint where one is named."""
    wanted = None if endpoint_id is None else parse_endpoint_id(endpoint_id)
    return [_view(each) for each in await list_imports(ctx.db, wanted, limit=_MOST)]


async def show_import(ctx: _Context, import_id: int) -> ImportView:
    """One import.

    Raises:
        UnknownImportError: there is none with the id.
    """
    found = await list_imports(ctx.db, import_id=import_id)
    if not found:
        raise UnknownImportError(import_id)
    return _view(found[0])


async def superseded(
    ctx: _Context, endpoint_id: str, low: datetime | None, high: datetime | None
) -> list[SupersededView]:
    """Readings of an endpoint that another one took the place of, newest first."""
    wanted = parse_endpoint_id(endpoint_id)
    return [
        SupersededView(
            id=each.id,
            endpoint_id=each.endpoint_id,
            channel=each.channel,
            timestamp=each.ts,
            register_kwh=each.register_kwh,
            quality="rejected",
            reason="superseded",
            source=each.source,
            superseded_by=each.won_by,
            import_id=each.import_id,
            note=each.note,
            entered_by=each.entered_by,
            superseded_at=each.superseded_at,
        )
        for each in await list_superseded(ctx.db, wanted, (low, high), _MOST)
    ]


async def _imported(
    connection: Connection,
    target: Target,
    new: NewImport,
    import_id: int,
    what: tuple[str, ImportOptions, datetime],
) -> ImportResult:
    text, options, now = what
    intake = Intake(
        endpoint_id=target.id,
        channel=new.channel,
        source="import",
        import_id=import_id,
        entered_by=new.created_by,
    )
    reading = FileReading(options, target, now)
    await reading.read(connection, intake, text)
    restated = Restatement(endpoint_id=target.id)
    judged: list[JudgedCount] = []
    if reading.changed is not None:
        first, last = reading.changed
        restated = await restate(connection, target.id, first, channels=[new.channel])
        judged = await judged_of_import(connection, intake, first, last)
    return _result(reading, restated, judged)


def _result(
    reading: FileReading, restated: Restatement, judged: Sequence[JudgedCount]
) -> ImportResult:
    return ImportResult(
        rows=reading.rows,
        inserted=reading.placed.inserted,
        duplicate=reading.placed.duplicate,
        conflict=reading.placed.conflict,
        replaced=reading.placed.replaced,
        rejected=reading.rejected,
        first=reading.span[0] if reading.span else None,
        last=reading.span[1] if reading.span else None,
        repeated_hour=(reading.times.passes[0], reading.times.passes[1]),
        notes=tuple(_notes(reading)),
        rejections=tuple(reading.rejections),
        judged=tuple(
            JudgedRows(quality=each.quality, reason=each.reason, readings=each.readings)
            for each in judged
        ),
        months=tuple(each for each in restated.changes if each.grain == "month"),
        days=sum(each.grain == "day" for each in restated.changes),
        adjustments=restated.adjustments,
    )


def _notes(reading: FileReading) -> list[str]:
    first, second = reading.times.passes
    notes = []
    if first or second:
        notes.append(
            f"{first + second} times lie in an hour that came twice: {first} were read "
            f"as its first pass, {second} as its second, by their order in the file"
        )
    if reading.values.doubtful:
        notes.append(
            f"{reading.values.doubtful} values such as 1.234 were read as decimals; "
            "give 'numberFormat' if the dot groups thousands"
        )
    if reading.intervals is not None and reading.intervals.gaps:
        notes.append(
            f"{reading.intervals.gaps} times an interval does not follow the one "
            "before: nothing is counted in between, and that time is not covered"
        )
    return notes


def _again(before: StoredImport, name: str, *, dry_run: bool) -> ImportView:
    """The answer to a file that was imported already: not one row is new."""
    view = _view(before)
    result = view.result
    known = result.inserted + result.duplicate + result.conflict
    again = msgspec.structs.replace(
        result,
        inserted=0,
        duplicate=known,
        conflict=0,
        replaced=0,
        judged=(),
        months=(),
        days=0,
        adjustments=(),
        notes=(f"import {before.id} brought the same file already", *result.notes),
    )
    return msgspec.structs.replace(
        view,
        id=None,
        same_as=before.id,
        name=name,
        dry_run=dry_run,
        result=again,
    )


def _view(stored: StoredImport) -> ImportView:
    return ImportView(
        id=stored.id,
        dry_run=False,
        same_as=None,
        endpoint_id=stored.endpoint_id,
        endpoint_name=stored.endpoint_name,
        channel=stored.channel,
        name=stored.name,
        sha256=stored.sha256,
        options=msgspec.Raw(stored.options.encode()),
        result=msgspec.json.decode(stored.result, type=ImportResult),
        created_by=stored.created_by,
        created_at=stored.created_at,
    )
