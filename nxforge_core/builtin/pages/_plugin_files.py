"""The files that one plugin keeps."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._caller import Caller
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin._plugin_files import delete_file, list_files

__all__ = ["FILES"]

say = load_texts("nxforge_core")

_MEGA: Final = 1_000_000


async def _rows(ctx: CoreContext, params: ui.Params) -> list[dict[str, object]]:
    return [
        {
            "name": each.name,
            "size": each.size / _MEGA,
            "stored": each.stored_at,
            "expires": each.expires_at or say("when the plugin deletes it"),
        }
        for each in await list_files(ctx, params.get("id", ""))
    ]


async def _delete(
    ctx: CoreContext, keys: list[str], reader: Caller, params: ui.Params
) -> ui.Done:
    for key in keys:
        await delete_file(ctx, reader.request, params.get("id", ""), key)
    return ui.Done(say("Deleted: {names}.").format(names=", ".join(keys)))


FILES: Final = ui.Table(
    say("Files"),
    _rows,
    (
        ui.Column("name", say("File"), "code", sort=True),
        ui.Column("size", say("Size"), "number", "MB", 3, sort=True),
        ui.Column("stored", say("Stored"), "age", sort=True),
        ui.Column("expires", say("Gone"), "time"),
    ),
    name="files",
    key="name",
    search=True,
    actions=(
        ui.RowAction(
            "delete",
            say("Delete"),
            _delete,
            permission="nxforge:plugins:manage",
            confirm=say("Delete the selected ({n})? The plugin may miss them."),
            style="danger",
            many=True,
            single=False,
        ),
    ),
    csv=False,
    empty=say("It keeps no file."),
)
