"""An alert's change as an event: what is published, and what webhooks carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from nxforge_consumption_monitor.models import Severity, WebhookEvent
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.alerting import OpenAlert
from nxforge_consumption_monitor.webhooks import Notice
from nxforge_core.api import NoticeLevel, NxForgeError, PluginContext, visible

from ._episode import Change
from ._kinds import KINDS
from ._texts import Facts, words_of

__all__ = ["EVENT_OF", "notice_of", "publish", "tell_people"]

EVENT_OF: Final[Mapping[Change, WebhookEvent]] = {
    "fired": "alert.created",
    "repeated": "alert.repeated",
    "resolved": "alert.resolved",
    "failed": "alert.error",
}
_LEVELS: Final[Mapping[Severity, NoticeLevel]] = {
    "info": "info",
    "warning": "warning",
    "critical": "error",
}
_SUBJECT: Final = 200
#: One name for all that keeps readings from coming in.
_SCRAPING: Final = "scraping_failure"


def notice_of(alert: OpenAlert, change: Change, at: datetime) -> Notice:
    """Put a change into words.

    Args:
        alert: As it is after the change, with its id.
        change: What it was.
        at: When it was.
    """
    event = EVENT_OF[change]
    return Notice(
        id=str(uuid5(NAMESPACE_URL, f"alert/{alert.id}/{event}/{at.isoformat()}")),
        event=event,
        at=at,
        severity=alert.severity,
        group_id=alert.group_id,
        data=_data(alert),
    )


async def publish(
    ctx: PluginContext[MonitorSettings], notices: Sequence[Notice]
) -> None:
    """Tell other plugins and pages what webhooks are told."""
    for notice in notices:
        await ctx.events.publish(notice.event, {"eventId": notice.id, **notice.data})


async def tell_people(
    ctx: PluginContext[MonitorSettings], notices: Sequence[Notice]
) -> None:
    """Have the host tell whom its administrators named; a failure stops nothing."""
    for notice in notices:
        message = str(notice.data["message"])
        subject = visible(message)[:_SUBJECT]
        text = f"{message}\n\n{notice.event}, {notice.at:%Y-%m-%d %H:%M} UTC"
        level = _LEVELS[notice.severity]
        try:
            await ctx.notify.send(subject, text, level=level, key=notice.id)
        except NxForgeError as error:
            ctx.log.warning("people not told", why=error.message)


def _data(alert: OpenAlert) -> dict[str, object]:
    words = words_of(
        Facts(
            kind=alert.kind,
            state=alert.state,
            endpoint_name=alert.endpoint_name,
            value=alert.value,
            threshold=alert.threshold,
            since=alert.began_at,
            detail=alert.detail,
        )
    )
    return {
        "alertId": alert.id,
        "ruleId": alert.rule_id,
        "state": alert.state,
        "severity": alert.severity,
        "message": words.message,
        "remedy": words.remedy,
        "value": alert.value,
        "threshold": alert.threshold,
        "unit": KINDS[alert.kind].unit,
        "since": alert.began_at,
        "labels": _labels(alert),
    }


def _labels(alert: OpenAlert) -> dict[str, str | None]:
    return {
        "endpointId": alert.endpoint_id,
        "endpointName": alert.endpoint_name,
        "errorType": _SCRAPING if KINDS[alert.kind].is_scraping else alert.kind,
        "kind": alert.kind,
        "groupId": alert.group_id,
        "externalRef": alert.external_ref,
    }
