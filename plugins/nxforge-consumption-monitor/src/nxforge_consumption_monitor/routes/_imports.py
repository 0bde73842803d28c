"""Imports and typed-in registers over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar.params import QueryParameter

from nxforge_consumption_monitor import imports
from nxforge_consumption_monitor.imports import (
    ImportBody,
    ImportOptions,
    ImportTextError,
    ImportView,
    SupersededView,
    TypedReading,
    TypedReadingView,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext

from ._caller import Caller, name_of

__all__ = [
    "import_file",
    "list_imports",
    "list_superseded",
    "show_import",
    "type_in_reading",
]

_Context = PluginContext[MonitorSettings]

_DRY_RUN: Final = "dryRun"
_BODY: Final = msgspec.json.Decoder(ImportBody)


async def import_file(
    ctx: _Context,
    request: Caller,
    *,
    dry_run: Annotated[bool, QueryParameter(name=_DRY_RUN)] = False,
) -> ImportView:
    """Import a CSV file: as the body, with its options in the query, or as JSON.

    With `dryRun=true` nothing is stored, and the answer has the same counts.
    """
    raw = await request.body()
    is_json = "json" in request.headers.get("content-type", "")
    query = {k: v for k, v in request.query_params.items() if k != _DRY_RUN}
    text, options = _from_json(raw) if is_json else (_text(raw), _options(query))
    return await imports.run_import(
        ctx.db, ctx.clock, text, options, by=name_of(request), dry_run=dry_run
    )


async def list_imports(
    ctx: _Context,
    endpoint_id: Annotated[str | None, QueryParameter(name="endpointId")] = None,
) -> list[ImportView]:
    """The newest imports with what came of them."""
    return await imports.imports(ctx, endpoint_id)


async def show_import(ctx: _Context, import_id: int) -> ImportView:
    """One import with the rows that were rejected."""
    return await imports.show_import(ctx, import_id)


async def type_in_reading(
    ctx: _Context, request: Caller, data: TypedReading, *, preview: bool = False
) -> TypedReadingView:
    """Store a register that a person read off the meter."""
    return await imports.type_in(ctx, data, by=name_of(request), preview=preview)


async def list_superseded(
    ctx: _Context,
    endpoint_id: Annotated[str, QueryParameter(name="endpointId")],
    from_: Annotated[datetime | None, QueryParameter(name="from")] = None,
    to: datetime | None = None,
) -> list[SupersededView]:
    """Readings that another one of the same instant took the place of."""
    return await imports.superseded(ctx, endpoint_id, from_, to)


def _options(query: dict[str, str]) -> ImportOptions:
    return imports.options_of(query)


def _from_json(raw: bytes) -> tuple[str, ImportOptions]:
    try:
        body = _BODY.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        remedy = f"{error}; send JSON with 'text' and the options"
        raise InvalidInputError(field="body", value="JSON", remedy=remedy) from error
    fields = msgspec.structs.asdict(body)
    text = fields.pop("text")
    return text, ImportOptions(**fields)


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportTextError(error.start) from error
