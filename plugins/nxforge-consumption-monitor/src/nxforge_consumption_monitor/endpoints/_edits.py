"""Who changed what of an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from nxforge_consumption_monitor.models import EndpointView, plain
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import StoredEdit, list_edits
from nxforge_core.api import PluginContext

__all__ = ["EndpointEdit", "difference", "edits"]

_MOST: Final = 200
#: What an edit says in words only: a secret that stood there must not stay here.
_IN_WORDS: Final = ("headers", "body", "browser_steps")
_TOLD: Final = (
    *("name", "url", "kind", "type", "vendor", "location", "client_name"),
    *("external_ref", "enabled", "method", "interval_s", "timeout_s", "tz", "max_kw"),
    *("multiplier", "modulus_kwh", "resolution_kwh", "reset_policy"),
    *("register_digits", "gap_after_s", "group_id", "breaker_a", "phases"),
    *("certified", "tls_mode", "tls_pin", "client", "expect", "tariff_id"),
    "rule_version",
)


class EndpointEdit(msgspec.Struct, frozen=True, kw_only=True):
    """One change of an endpoint.

    Attributes:
        changes: By the name of the member what it was, and what it is since.
    """

    done_by: str | None
    done_at: datetime
    changes: Mapping[str, tuple[object, object]]


def difference(
    before: EndpointView, after: EndpointView, *, login: bool
) -> dict[str, tuple[object, object]]:
    """What is not the same any more; of what may hold a secret only that it is not."""
    found = {
        name: (_plain(getattr(before, name)), _plain(getattr(after, name)))
        for name in _TOLD
        if getattr(before, name) != getattr(after, name)
    }
    for name in _IN_WORDS:
        if getattr(before, name) != getattr(after, name):
            found[name] = ("", "changed")
    was, now = (
        f"{each.auth.type} {each.auth.username or ''}" for each in (before, after)
    )
    if was != now:
        found["login"] = (was.strip(), now.strip())
    elif login:
        found["login"] = ("", "entered anew")
    return found


def _plain(value: object) -> object:
    return str(plain(value)) if isinstance(value, Decimal) else value


async def edits(
    ctx: PluginContext[MonitorSettings], endpoint_id: str
) -> list[EndpointEdit]:
    """Of an endpoint, the newest first."""
    return [_edit(each) for each in await list_edits(ctx.db, endpoint_id, _MOST)]


def _edit(stored: StoredEdit) -> EndpointEdit:
    changes = msgspec.json.decode(stored.changes, type=dict[str, tuple[object, object]])
    return EndpointEdit(done_by=stored.done_by, done_at=stored.done_at, changes=changes)
