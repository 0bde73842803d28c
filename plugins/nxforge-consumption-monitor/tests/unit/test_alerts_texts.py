"""What is said of an alert has value, threshold, since when, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from nxforge_consumption_monitor.alerts import KINDS, Facts, notice_of, words_of
from nxforge_consumption_monitor.models import AlertKind, AlertState
from nxforge_consumption_monitor.store.alerting import OpenAlert
from nxforge_consumption_monitor.webhooks import encode

_SINCE = datetime(2025, 3, 10, 12, 5, tzinfo=UTC)


def _said(kind: AlertKind, value: str | None, threshold: str, **fields: Any) -> str:
    known: dict[str, Any] = {
        "kind": kind,
        "state": "firing",
        "endpoint_name": "rack 1 A",
        "value": None if value is None else Decimal(value),
        "threshold": Decimal(threshold),
        "since": _SINCE,
    }
    return words_of(Facts(**known | fields)).message


def test_message_has_value_threshold_and_time() -> None:
    """A person needs no second look to know how bad it is."""
    assert _said("breaker_percent", "87.456", "80") == (
        "rack 1 A carries 87.5 % of its breaker's rating (limit 80 %),"
        " since 2025-03-10 12:05 UTC"
    )
    assert _said("offline", "1.0667", "1", detail="no route") == (
        "rack 1 A gives no reading (no route); that lasts 106.7 % of the time allowed"
        " (limit 100 % of the time allowed), since 2025-03-10 12:05 UTC"
    )


def test_end_says_that_it_is_over() -> None:
    """And when it began."""
    said = _said("power_kw", "3", "5", state="resolved")
    assert said.endswith("; it began 2025-03-10 12:05 UTC and is over")


def test_unknown_says_why() -> None:
    """No data is not an error, and neither is the alert."""
    no_data = _said("power_kw", None, "5", state="no_data", detail="too old")
    error = _said("power_kw", None, "5", state="error", detail="no power")
    assert no_data.startswith(
        "whether the rule power_kw holds for rack 1 A is not known (too old)"
    )
    assert error.startswith(
        "the rule power_kw cannot be compared with rack 1 A (no power)"
    )


@pytest.mark.parametrize("kind", get_args(AlertKind))
@pytest.mark.parametrize("state", get_args(AlertState))
def test_every_kind_and_state_has_words_and_a_remedy(
    kind: AlertKind, state: AlertState
) -> None:
    """Braces in a name or an error are text."""
    facts = Facts(
        kind=kind,
        state=state,
        endpoint_name="a {b}",
        value=None,
        threshold=KINDS[kind].low,
        since=_SINCE,
        detail="{oops}",
    )
    words = words_of(facts)
    assert "a {b}" in words.message
    assert words.remedy.endswith(".")


def _alert(**fields: Any) -> OpenAlert:
    known: dict[str, Any] = {
        "id": 7,
        "rule_id": 1,
        "kind": "page_changed",
        "severity": "warning",
        "threshold": Decimal(1),
        "endpoint_id": "e1",
        "endpoint_name": "rack 1 A",
        "group_id": None,
        "external_ref": None,
        "state": "firing",
        "unknown": None,
        "value": Decimal("1.000"),
        "detail": "",
        "began_at": _SINCE,
        "cleared_at": None,
        "told_at": _SINCE,
        "told": 1,
    }
    return OpenAlert(**known | fields)


def test_event_of_a_change_is_the_same_whoever_tells_it() -> None:
    """And another one for each change."""
    first = notice_of(_alert(), "fired", _SINCE)
    again = notice_of(_alert(detail="other words"), "fired", _SINCE)
    end = notice_of(_alert(state="resolved"), "resolved", _SINCE)
    assert first.id == again.id != end.id
    assert (first.event, end.event) == ("alert.created", "alert.resolved")


def test_body_keeps_every_digit_and_names_the_kind_of_error() -> None:
    """Numbers are numbers; what keeps readings away has one name."""
    body = encode(notice_of(_alert(value=Decimal("1.250")), "fired", _SINCE))
    assert '"value":1.250' in body
    assert '"errorType":"scraping_failure"' in body
    other = encode(notice_of(_alert(kind="power_kw"), "fired", _SINCE))
    assert '"errorType":"power_kw"' in other
