"""Versions of rule sets: a new one never rewrites what an older one read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from nxforge_consumption_monitor.models import EndpointChange, EndpointView, Rules
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import RuleNote, StoredRule, list_rules
from nxforge_core.api import Body, Model, PluginContext, UnknownItemError

from ._manage import change, show

__all__ = [
    "RuleBody",
    "RuleVersionView",
    "UnknownRuleVersionError",
    "add_rules",
    "revert_rules",
    "rule_versions",
]

_Context = PluginContext[MonitorSettings]


class RuleBody(Body):
    """A new version of a rule set, and why there is one."""

    rules: Rules
    note: Annotated[str, Meta(max_length=500)] = ""


class RuleVersionView(Model):
    """A version of an endpoint's rule set.

    Attributes:
        created_by: Who gave it; empty where that was not kept.
        is_current: The next poll reads by it.
    """

    version: int
    rules: msgspec.Raw
    created_at: datetime
    created_by: str
    note: str
    is_current: bool


class UnknownRuleVersionError(UnknownItemError):
    """The endpoint has no such version."""

    def __init__(self, version: int) -> None:
        super().__init__(
            kind="rule version",
            value=str(version),
            remedy="GET /endpoints/{id}/rules lists the versions",
        )


async def rule_versions(ctx: _Context, endpoint_id: str) -> list[RuleVersionView]:
    """All versions, the newest first.

    Raises:
        UnknownItemError: there is no such endpoint.
    """
    endpoint = await show(ctx, endpoint_id)
    return [
        RuleVersionView(
            version=each.version,
            rules=msgspec.Raw(each.rules.encode()),
            created_at=each.created_at,
            created_by=each.created_by,
            note=each.note,
            is_current=each.is_current,
        )
        for each in await list_rules(ctx.db, endpoint.id)
    ]


async def add_rules(
    ctx: _Context,
    endpoint_id: str,
    body: RuleBody,
    *,
    by: str,
    match: str | None = None,
) -> EndpointView:
    """Read by other rules from the next poll on.

    Raises:
        UnknownItemError: there is no such endpoint.
        StaleVersionError: somebody changed it meanwhile.
        NxForgeError: it is no rule set; the message names the place.
    """
    changes = EndpointChange(rules=body.rules)
    note = RuleNote(by, body.note)
    return await change(ctx, endpoint_id, changes, match=match, rule=note)


async def revert_rules(
    ctx: _Context, endpoint_id: str, version: int, *, by: str, match: str | None = None
) -> EndpointView:
    """Read by an older version again: as a new one, so that the order of time stays.

    Raises:
        UnknownItemError: there is no such endpoint, or no such version.
        StaleVersionError: somebody changed it meanwhile.
    """
    endpoint = await show(ctx, endpoint_id)
    old = _version(await list_rules(ctx.db, endpoint.id), version)
    body = RuleBody(rules=msgspec.json.decode(old.rules), note=f"as version {version}")
    return await add_rules(ctx, endpoint.id, body, by=by, match=match)


def _version(known: list[StoredRule], version: int) -> StoredRule:
    for each in known:
        if each.version == version:
            return each
    raise UnknownRuleVersionError(version)
