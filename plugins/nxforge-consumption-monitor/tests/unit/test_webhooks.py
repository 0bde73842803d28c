"""Who is told, how it is signed, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nxforge_consumption_monitor.store.alerting import StoredWebhook
from nxforge_consumption_monitor.webhooks import (
    MOST_ATTEMPTS,
    TOO_LATE,
    Notice,
    pause_after,
    signature,
    wants,
)

_AT = datetime(2025, 3, 10, 12, 17, tzinfo=UTC)


def _webhook(**fields: Any) -> StoredWebhook:
    known: dict[str, Any] = {
        "id": "w",
        "name": "on call",
        "url": "https://alerts.example.net/",
        "events": [],
        "min_severity": "info",
        "group_id": None,
        "sealed_secret": "x",
        "enabled": True,
        "failures": 0,
        "paused_at": None,
        "paused_why": "",
        "created_at": _AT,
        "updated_at": _AT,
    }
    return StoredWebhook(**known | fields)


_NOTICE = Notice(
    id="1", event="alert.created", at=_AT, severity="warning", group_id="g", data={}
)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),
        ({"events": ["alert.created"]}, True),
        ({"events": ["alert.resolved"]}, False),
        ({"min_severity": "warning"}, True),
        ({"min_severity": "critical"}, False),
        ({"group_id": "g"}, True),
        ({"group_id": "other"}, False),
        ({"enabled": False}, False),
        ({"paused_at": _AT}, False),
    ],
)
def test_webhook_is_told_what_it_wants(fields: dict[str, Any], *, told: bool) -> None:
    """Event, severity, group; nothing where nobody listens."""
    assert wants(_webhook(**fields), _NOTICE) is told


def test_signature_is_that_of_instant_and_body() -> None:
    """A value that other languages can be checked against."""
    assert signature("a long enough secret", b'{"id":"1"}', _AT) == (
        "t=1741609020,"
        "v1=2c326eb49ffb90ef7c1e887b0342c907ac592fefb4ee948eaf1efab41d19c63d"
    )


def test_retries_last_about_a_day() -> None:
    """Doubled from half a minute to three hours, a fifth more or less."""
    for event_id in ("a", "b", "c"):
        pauses = [pause_after(n, event_id) for n in range(1, MOST_ATTEMPTS)]
        known = [pause for pause in pauses if pause is not None]
        assert len(known) == MOST_ATTEMPTS - 1
        assert timedelta(seconds=24) <= known[0] <= timedelta(seconds=36)
        assert max(known) <= timedelta(hours=3.6)
        total = sum(known, timedelta())
        assert timedelta(hours=17) < total < TOO_LATE
    assert pause_after(MOST_ATTEMPTS, "a") is None


def test_what_failed_together_does_not_come_back_together() -> None:
    """The same event waits equally long, others differ."""
    assert pause_after(5, "a") == pause_after(5, "a")
    assert len({pause_after(5, str(number)) for number in range(20)}) == 20
