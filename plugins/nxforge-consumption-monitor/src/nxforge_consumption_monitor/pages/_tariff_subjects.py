"""Who is billed by a tariff: groups, and meters of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.groups import (
    GroupBody,
    GroupView,
    change_group,
    groups,
    show_group,
)
from nxforge_consumption_monitor.models import EndpointChange, EndpointView
from nxforge_consumption_monitor.permissions import READ_ENDPOINTS, WRITE_ENDPOINTS
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.tariffs import show_tariff
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

from ._words import Noun, counted

__all__ = ["BILL", "SUBJECTS"]

say = load_texts(__package__)

_Context = PluginContext[MonitorSettings]

_UNBILLED: Final = "every meter that has no tariff yet"


class Subject(msgspec.Struct, frozen=True):
    """Who is billed by the tariff from now on.

    Attributes:
        whom: A group with all its meters, one meter, or all that nobody bills yet.
            What a meter has of its own counts before what its group has.
    """

    whom: str


async def _choices(ctx: _Context, params: ui.Params) -> list[tuple[str, str]]:
    tariff = params.get("id", "")
    meters = await endpoints.list_all(ctx)
    found = [("all", _UNBILLED)]
    found += [
        (f"group:{each.id}", f"group {each.name}")
        for each in await groups(ctx)
        if each.tariff_id != tariff
    ]
    return found + [
        (f"meter:{each.id}", f"meter {each.name}")
        for each in meters
        if each.tariff_id != tariff
    ]


async def _bill(ctx: _Context, data: Subject, params: ui.Params) -> ui.Done:
    tariff = await show_tariff(ctx.db, params.get("id", ""))
    count = await _assign(ctx, data.whom, tariff.id)
    noun: Noun = "group" if data.whom.startswith("group:") else "meter"
    return ui.Done(
        say("{counted} billed by {name} from now on.").format(
            counted=counted(count, noun), name=tariff.name
        ),
        link=ui.Link(say("See the report of this month"), "reports"),
    )


async def _assign(ctx: _Context, whom: str, tariff_id: str) -> int:
    kind, _, subject = whom.partition(":")
    if kind == "group":
        await _set_group(ctx, subject, tariff_id)
        return 1
    if kind == "meter":
        await _set_meter(ctx, subject, tariff_id)
        return 1
    if kind != "all":
        remedy = "choose a group, a meter, or all that have none"
        raise InvalidInputError(field="whom", value=whom, remedy=remedy)
    ids = await _unbilled(ctx)
    for each in ids:
        await _set_meter(ctx, each, tariff_id)
    return len(ids)


async def _unbilled(ctx: _Context) -> list[str]:
    billed = {each.id for each in await groups(ctx) if each.tariff_id}
    return [
        each.id
        for each in await endpoints.list_all(ctx)
        if each.tariff_id is None and each.group_id not in billed
    ]


async def _set_meter(ctx: _Context, endpoint_id: str, tariff_id: str | None) -> None:
    await endpoints.change(ctx, endpoint_id, EndpointChange(tariff_id=tariff_id))


async def _set_group(ctx: _Context, group_id: str, tariff_id: str | None) -> None:
    group = await show_group(ctx, group_id)
    body = GroupBody(
        name=group.name,
        kind=group.kind,
        tz=group.tz,
        tariff_id=tariff_id,
    )
    await change_group(ctx, group.id, body)


async def _rows(ctx: _Context, params: ui.Params) -> list[dict[str, object]]:
    tariff = params.get("id", "")
    meters = await endpoints.list_all(ctx)
    own = [each for each in meters if each.tariff_id == tariff]
    billed = [each for each in await groups(ctx) if each.tariff_id == tariff]
    return [*_group_rows(billed), *_meter_rows(own)]


def _group_rows(found: Iterable[GroupView]) -> list[dict[str, object]]:
    return [
        {
            "key": f"group:{each.id}",
            "whom": ui.Link(each.name, "group", {"id": each.id}),
            "kind": f"{each.kind} of {each.members} meters",
        }
        for each in found
    ]


def _meter_rows(found: Iterable[EndpointView]) -> list[dict[str, object]]:
    return [
        {
            "key": f"meter:{each.id}",
            "whom": ui.Link(each.name, "endpoint", {"id": each.id}),
            "kind": "meter",
        }
        for each in found
    ]


async def _release(ctx: _Context, keys: Sequence[str]) -> ui.Done:
    for key in keys:
        kind, _, subject = key.partition(":")
        await (_set_group if kind == "group" else _set_meter)(ctx, subject, None)
    return ui.Done(
        say("{counted} not billed by it any more.").format(
            counted=counted(len(keys), "line")
        )
    )


SUBJECTS: Final = ui.Table(
    say("Billed by it"),
    _rows,
    (
        ui.Column("whom", say("Who"), sort=True),
        ui.Column("kind", say("What"), sort=True),
    ),
    name="subjects",
    key="key",
    permission=READ_ENDPOINTS,
    actions=(
        ui.RowAction(
            "release",
            say("Bill no more"),
            _release,
            WRITE_ENDPOINTS,
            confirm=say(
                "Bill {n} by this tariff no more? Locked months stay as they are."
            ),
            many=True,
        ),
    ),
    empty=say("Nobody yet: choose below, and reports have a cost."),
)
BILL: Final = ui.Form(
    say("Bill somebody by it"),
    Subject,
    _bill,
    fields={"whom": ui.Field(say("Who"), choices=_choices)},
    name="bill",
    button=say("Bill by this tariff"),
    permission=WRITE_ENDPOINTS,
)
