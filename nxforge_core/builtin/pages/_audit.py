"""Who changed what, and whether the trail is whole."""

from __future__ import annotations

from functools import partial
from typing import Final

from nxforge_core.api import load_texts, ui
from nxforge_core.builtin._audit import list_audit, show_audit_head
from nxforge_core.builtin._context import CoreContext
from nxforge_core.security.audit import AuditEntry

from ._words import as_json, page_of

__all__ = ["AUDIT_PAGE"]

say = load_texts("nxforge_core")

_KINDS: Final = ("users", "roles", "tokens", "jobs", "runs", "networks", "page")


async def _rows(ctx: CoreContext, query: ui.Query, params: ui.Params) -> ui.Rows:
    find = partial(
        list_audit,
        ctx,
        actor=params.get("actor"),
        action=query.filters.get("action") or params.get("action"),
        target=params.get("target"),
    )
    return await page_of(query, lambda limit: find(limit=limit), _row)


def _row(entry: AuditEntry) -> dict[str, object]:
    return {
        "at": entry.at,
        "actor": _to("actor", entry.actor),
        "action": _to("action", entry.action),
        "target": _to("target", entry.target),
        "before": "" if entry.before is None else as_json(entry.before),
        "after": "" if entry.after is None else as_json(entry.after),
        "address": entry.address,
        "kind": entry.kind,
        "id": entry.id,
    }


def _to(name: str, text: str) -> object:
    return ui.Link(text, "audit", {name: text}) if text else ""


async def _shown(ctx: CoreContext, params: ui.Params) -> list[ui.Choice]:
    del ctx
    chosen = [
        f"{name} {params[name]}"
        for name in ("actor", "action", "target")
        if params.get(name)
    ]
    every = ui.Link(say("Everything"), "audit")
    if not chosen:
        return [ui.Choice(say("Shown"), [every], "Everything")]
    words = ", ".join(chosen)
    only = ui.Link(words, "audit", dict(params))
    return [ui.Choice(say("Shown"), [every, only], words)]


async def _head(ctx: CoreContext) -> list[ui.Fact]:
    head = await show_audit_head(ctx)
    protected = head.protection or say("the database keeps the host from changing it")
    return [
        ui.Fact(say("Newest row"), head.id, "number"),
        ui.Fact(
            say("Its hash"), head.hash or "none", "code", help=say("keep it elsewhere")
        ),
        ui.Fact(say("Protection"), protected),
    ]


async def _verify(ctx: CoreContext) -> ui.Done:
    found = await ctx.host.security.audit.verify()
    if not found.broken:
        return ui.Done(
            say("The trail is whole: {rows} rows fit.").format(rows=found.rows)
        )
    first = min(found.broken)
    count = len(found.broken)
    words = f"{count} rows do not fit; the first is {first}: {found.broken[first]}."
    return ui.Done(say("The trail is not whole. {words}").format(words=words))


AUDIT_PAGE: Final = ui.Page(
    name="audit",
    title=say("Audit"),
    intro=say("Who changed what, newest first."),
    icon="shield",
    permission="nxforge:audit:read",
    links=(
        ui.Link(say("CSV of everything"), "/api/v1/audit/export", {"format": "csv"}),
    ),
    body=(
        ui.Choices(say("Choice"), _shown),
        ui.Table(
            say("Changes"),
            _rows,
            (
                ui.Column("at", say("When"), "time"),
                ui.Column("actor", say("Who")),
                ui.Column("action", say("Did what")),
                ui.Column("target", say("To what")),
                ui.Column("before", say("Before"), "code"),
                ui.Column("after", say("After"), "code"),
                ui.Column("address", say("From"), hidden=True),
                ui.Column("kind", say("As"), hidden=True),
                ui.Column("id", say("Row"), "number", hidden=True),
            ),
            filters=(ui.Filter("action", say("About"), _KINDS),),
            csv=False,
            every=30,
            empty=say("Nobody changed anything yet."),
        ),
        ui.Detail(say("The trail"), _head, width="half"),
        ui.Action(
            say("Verify"),
            _verify,
            text=say("Looks through the whole chain of hashes."),
            width="half",
        ),
    ),
)
