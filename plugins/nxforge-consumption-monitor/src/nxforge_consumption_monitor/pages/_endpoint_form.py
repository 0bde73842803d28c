"""What the form of an endpoint does: it is tried first, stored then."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.collect import POLL_JOB
from nxforge_consumption_monitor.models import EndpointView, TrialView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import RuleNote
from nxforge_consumption_monitor.trying import Trier
from nxforge_core.api import PluginContext, load_texts, ui

from ._drafts import Drafts
from ._endpoint_entry import (
    EndpointEntry,
    body_of,
    change_of,
    copy_of,
    entry_of,
    trial_of,
)

__all__ = ["EndpointForms"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]


class _Draft(msgspec.Struct, frozen=True):
    """An endpoint that was tried; its password is sealed."""

    entry: EndpointEntry
    view: TrialView
    sealed: str | None


class EndpointForms:
    """The form of one host, with the drafts that people work on."""

    def __init__(self) -> None:
        self._drafts: Drafts[_Draft] = Drafts()
        self._trier = Trier()

    async def known(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> EndpointEntry | dict[str, object]:
        """What the form holds: the draft, the stored endpoint, or nothing."""
        draft = self._drafts.asked(ctx, params, reader)
        if draft is not None:
            return draft.entry
        before = await _before(ctx, params)
        if before is None and "copy" in params:
            return copy_of(await endpoints.show(ctx, params["copy"]))
        return {} if before is None else entry_of(before)

    async def test(
        self, ctx: _Context, data: EndpointEntry, params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Ask the device, and show what it answers."""
        draft = self._drafts.asked(ctx, params, reader)
        sealed = ctx.secrets.seal(data.password) if data.password else None
        if sealed is None and draft is not None and _same_login(draft.entry, data):
            sealed = draft.sealed
        return await self._tried(ctx, data, sealed, params, reader)

    async def use(
        self, ctx: _Context, keys: Sequence[str], params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Take a rule that reads the number, and test again with it."""
        draft = self._drafts.must(ctx, params, reader)
        rule = draft.view.candidates[int(keys[0])].rule
        rules = msgspec.json.format(b"[" + bytes(rule) + b"]", indent=1).decode()
        entry = replace(draft.entry, rules=rules)
        return await self._tried(ctx, entry, draft.sealed, params, reader)

    async def look_for(
        self, ctx: _Context, keys: Sequence[str], params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Take a number of the page for the register, and look for rules."""
        draft = self._drafts.must(ctx, params, reader)
        entry = replace(draft.entry, find=keys[0])
        return await self._tried(ctx, entry, draft.sealed, params, reader)

    async def take_device(
        self, ctx: _Context, keys: Sequence[str], params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Take the rules of a known device, and test with them."""
        draft = self._drafts.must(ctx, params, reader)
        entry = replace(draft.entry, template=keys[0], rules="")
        return await self._tried(ctx, entry, draft.sealed, params, reader)

    async def save(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> ui.Done:
        """Store what was tested last."""
        draft = self._drafts.must(ctx, params, reader)
        entry = _opened(ctx, draft.entry, draft.sealed)
        before = await _before(ctx, params)
        if before is None:
            stored = await endpoints.create(ctx, body_of(entry))
            await ctx.jobs.run(POLL_JOB, {"endpointIds": [stored.id]})
            words = say(
                "{name} is stored, and asked for its first reading now."
            ).format(name=stored.name)
        else:
            change = change_of(entry, before)
            note = RuleNote(by=reader.name)
            stored = await endpoints.change(ctx, before.id, change, rule=note)
            words = say("{name} is changed; the next poll goes by it.").format(
                name=stored.name
            )
        self._drafts.forget(params["draft"])
        return ui.Done(words, go=ui.Link(stored.name, "endpoint", {"id": stored.id}))

    def shown(
        self, ctx: _Context, params: ui.Params, reader: ui.Reader
    ) -> TrialView | None:
        """The dry run of the address; None before the first one."""
        draft = self._drafts.asked(ctx, params, reader)
        return None if draft is None else draft.view

    async def _tried(
        self,
        ctx: _Context,
        entry: EndpointEntry,
        sealed: str | None,
        params: ui.Params,
        reader: ui.Reader,
    ) -> ui.Done:
        before = await _before(ctx, params)
        view = await self._trier.run(ctx, trial_of(_opened(ctx, entry, sealed), before))
        kept = _Draft(replace(entry, password=None), view, sealed)
        address = {"draft": self._drafts.keep(reader.name, kept, ctx.clock.now())}
        if before is not None:
            address["id"] = before.id
        told: dict[str, Sequence[object]] = {
            "found": view.candidates,
            "read": view.rules,
            "numbers": view.numbers,
            "devices": () if entry.template else view.templates,
        }
        address |= {name: str(len(each)) for name, each in told.items() if each}
        words = say("Tested: nothing is stored yet.")
        return ui.Done(words, go=ui.Link(say("Endpoint"), "endpoint-form", address))


async def _before(ctx: _Context, params: ui.Params) -> EndpointView | None:
    if "id" not in params:
        return None
    return await endpoints.show(ctx, params["id"])


def _same_login(old: EndpointEntry, new: EndpointEntry) -> bool:
    """The password of one is that of the other."""
    return (old.login, old.username, old.url) == (new.login, new.username, new.url)


def _opened(ctx: _Context, entry: EndpointEntry, sealed: str | None) -> EndpointEntry:
    password = None if sealed is None else ctx.secrets.open(sealed)
    return replace(entry, password=password)
