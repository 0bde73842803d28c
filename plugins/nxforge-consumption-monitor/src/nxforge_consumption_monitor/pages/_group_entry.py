"""What is entered of a group."""

from __future__ import annotations

from typing import Annotated, Final, get_args

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.groups import GroupBody, GroupKind, GroupView
from nxforge_core.api import load_texts, ui

from ._choices import tariff_choices
from ._words import named_options

__all__ = ["GROUP_FIELDS", "GroupEntry", "entry_of_group", "group_of"]

say = load_texts(__package__)


class GroupEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A group as it is entered.

    Attributes:
        kind: A rack may have an A and a B feed; a client is billed.
        tariff: By which its meters are billed that have none of their own.
        zone: Of its months, such as Europe/Berlin; empty: that of the settings.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    kind: GroupKind = "rack"
    tariff: str = ""
    zone: Annotated[str, Meta(max_length=100)] = ""


GROUP_FIELDS: Final = {
    "name": ui.Field(placeholder=say("Rack 7, or the name of a client")),
    "kind": ui.Field(options=named_options(get_args(GroupKind))),
    "tariff": ui.Field(choices=tariff_choices),
}


def entry_of_group(group: GroupView) -> GroupEntry:
    """A stored group as it is entered."""
    return GroupEntry(
        name=group.name, kind=group.kind, tariff=group.tariff_id or "", zone=group.tz
    )


def group_of(entry: GroupEntry) -> GroupBody:
    """A group as it is wanted."""
    return GroupBody(
        name=entry.name,
        kind=entry.kind,
        tz=entry.zone or None,
        tariff_id=entry.tariff or None,
    )
