"""Alerts for people: pages, counts, and who knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from nxforge_consumption_monitor.models import (
    AcknowledgeBody,
    AlertCounts,
    AlertsAnswer,
    AlertsMeta,
    AlertSummary,
    AlertView,
    SeverityCounts,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.alerting import (
    AlertFilter,
    StoredAlert,
    acknowledge_alert,
    forget_acknowledgement,
    list_alerts,
    summarize_alerts,
)
from nxforge_core.api import (
    ConflictError,
    InvalidInputError,
    PluginContext,
    UnknownItemError,
)

from ._kinds import KINDS
from ._query import AlertsQuery, decode_query
from ._texts import Facts, words_of

__all__ = ["acknowledge", "alert", "alerts", "summary", "unacknowledge"]

_Context = PluginContext[MonitorSettings]


class UnknownAlertError(UnknownItemError):
    """No alert has the id."""

    def __init__(self, alert_id: int) -> None:
        super().__init__(
            kind="alert", value=str(alert_id), remedy="GET /alerts lists them"
        )


class EndedAlertError(ConflictError):
    """An alert that is over is told no more anyway."""

    def __init__(self, alert_id: int) -> None:
        super().__init__(
            f"alert {alert_id} is resolved",
            remedy="acknowledge one that is pending, firing, or without data",
        )


async def alerts(ctx: _Context, query: AlertsQuery) -> AlertsAnswer:
    """A page of alerts, the newest first.

    Raises:
        InvalidInputError: a text of the query is not what it should be.
        UnknownItemError: an id of it is none.
    """
    wanted = decode_query(query)
    found = await list_alerts(ctx.db, wanted)
    rest = str(found[-1].id) if len(found) == wanted.limit else None
    return AlertsAnswer(
        data=[_view(each) for each in found], meta=AlertsMeta(next_cursor=rest)
    )


async def alert(ctx: _Context, alert_id: int) -> AlertView:
    """One alert.

    Raises:
        UnknownItemError: there is none with the id.
    """
    found = await list_alerts(ctx.db, AlertFilter(alert_id=alert_id))
    if not found:
        raise UnknownAlertError(alert_id)
    return _view(found[0])


async def acknowledge(
    ctx: _Context, alert_id: int, body: AcknowledgeBody, who: str
) -> AlertView:
    """Note that somebody knows of an alert.

    Raises:
        UnknownItemError: there is none with the id.
        ConflictError: it has ended.
        InvalidInputError: `until` is not in the future.
    """
    now = ctx.clock.now()
    _check_until(body.until, now)
    known = await acknowledge_alert(ctx.db, alert_id, who, now, body.until, body.note)
    view = await alert(ctx, alert_id)
    if not known:
        raise EndedAlertError(alert_id)
    return view


async def unacknowledge(ctx: _Context, alert_id: int) -> AlertView:
    """Have an alert told again.

    Raises:
        UnknownItemError: there is none with the id.
    """
    if not await forget_acknowledgement(ctx.db, alert_id):
        raise UnknownAlertError(alert_id)
    return await alert(ctx, alert_id)


async def summary(ctx: _Context) -> AlertSummary:
    """How many alerts are in which state."""
    found = await summarize_alerts(ctx.db)
    return AlertSummary(
        states=AlertCounts(
            pending=found.pending,
            firing=found.firing,
            no_data=found.no_data,
            error=found.error,
        ),
        firing_by_severity=SeverityCounts(
            info=found.info, warning=found.warning, critical=found.critical
        ),
        acknowledged=found.acknowledged,
        endpoints_watched=found.endpoints_watched,
        endpoints_normal=found.endpoints_normal,
        paused_webhooks=found.paused_webhooks,
        watched_at=found.watched_at,
    )


def _check_until(until: datetime | None, now: datetime) -> None:
    if until is None or (until.tzinfo is not None and until > now):
        return
    remedy = "give an instant in the future with its offset, or null"
    raise InvalidInputError(field="until", value=until.isoformat(), remedy=remedy)


def _view(stored: StoredAlert) -> AlertView:
    words = words_of(
        Facts(
            kind=stored.kind,
            state=stored.state,
            endpoint_name=stored.endpoint_name,
            value=stored.value,
            threshold=stored.threshold,
            since=stored.began_at,
            detail=stored.detail,
        )
    )
    known: dict[str, Any] = msgspec.structs.asdict(stored)
    del known["detail"]
    return AlertView(
        **known,
        unit=KINDS[stored.kind].unit,
        message=words.message,
        remedy=words.remedy,
    )
