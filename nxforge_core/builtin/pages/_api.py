"""Everything that programs can ask of the host and its plugins."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._context import CoreContext
from nxforge_core.builtin.apidoc import operations, plain_words
from nxforge_core.plugins import BUILT_IN

__all__ = ["API_PAGE", "method_state"]

say = load_texts("nxforge_core")

_LEVELS: Final[dict[str, ui.Level]] = {"GET": "unknown", "DELETE": "warning"}


def method_state(method: str) -> ui.State:
    """A method, by what it may do."""
    return ui.State(method, _LEVELS.get(method, "info"))


async def _rows(ctx: CoreContext, reader: ui.Reader) -> list[dict[str, object]]:
    headings = _headings(ctx)
    return [
        {
            "path": ui.Noted(
                ui.Link(path, "operation", {"id": raw["operationId"]}),
                plain_words(raw.get("summary", "")),
            ),
            "group": headings.get(raw["tags"][0], raw["tags"][0]),
            "method": method_state(method),
            "who": raw.get("x-permission") or ui.State(say("everybody")),
            "mine": _may(reader, raw.get("x-permission")),
        }
        for path, method, raw in operations(await ctx.host.openapi())
    ]


def _may(reader: ui.Reader, permission: str | None) -> str:
    return "yes" if permission is None or reader.may(permission) else "no"


def _headings(ctx: CoreContext) -> dict[str, ui.State]:
    """The name of each plugin and what it is for."""
    found: dict[str, ui.State] = {
        BUILT_IN: ui.State(say("The host"), note=say("What the host itself answers."))
    }
    for plugin in ctx.host.plugins():
        if manifest := plugin.manifest:
            found[str(plugin.id)] = ui.State(
                manifest.display_name, note=manifest.description or ""
            )
    return found


API_PAGE: Final = ui.Page(
    name="api",
    title=say("API reference"),
    intro=say(
        "What programs can ask of the host and its plugins. Each opens "
        "on a page of its own, where it can be tried."
    ),
    icon="plug",
    permission="nxforge:schema:read",
    links=(
        ui.Link(say("OpenAPI document"), "/schema/openapi.json"),
        ui.Link(say("Tokens"), "tokens"),
    ),
    body=(
        ui.Table(
            say("Operations"),
            _rows,
            (
                ui.Column("path", say("Operation"), "code"),
                ui.Column("method", say("Method")),
                ui.Column("who", say("Who may"), "code"),
            ),
            group="group",
            search=True,
            filters=(
                ui.Filter(
                    "method", say("Method"), ("GET", "POST", "PUT", "PATCH", "DELETE")
                ),
                ui.Filter("mine", say("You may"), ("yes", "no")),
            ),
            size=1_000,
            csv=False,
        ),
    ),
)
