"""The number of each kind of rule, and what it is when nothing is known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest

from nxforge_consumption_monitor.alerts import (
    KINDS,
    Scene,
    Unknown,
    check_threshold,
    measure,
)
from nxforge_consumption_monitor.models import AlertKind
from nxforge_consumption_monitor.signs import Hour, HourSoFar, Signs
from nxforge_consumption_monitor.store.alerting import ChannelNow, WatchedEndpoint

_NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
_LONG_AGO = _NOW - timedelta(days=30)


def _endpoint(channels: Iterable[ChannelNow] = (), **fields: Any) -> WatchedEndpoint:
    nothing: dict[str, Any] = dict.fromkeys(WatchedEndpoint.__struct_fields__)
    known: dict[str, Any] = {
        "id": "e1",
        "name": "rack 1 A",
        "kind": "meter",
        "interval_s": 300,
        "seen_at": _NOW,
        "attempted_at": _NOW,
        "failures": 0,
        "outcome": "ok",
        "error": "",
        "auth_failures": 0,
        "clock_skewed": False,
        "proposed": 0,
        "channels": msgspec.json.encode(list(channels)).decode(),
    }
    return WatchedEndpoint(**nothing | known | fields)


def _channel(name: str = "total", *, age: int = 0, **fields: Any) -> ChannelNow:
    at = _NOW - timedelta(minutes=age)
    decimals = {
        key: Decimal(value) if isinstance(value, str) else value
        for key, value in fields.items()
    }
    return ChannelNow(channel=name, sample_ts=at, **decimals)


def _signs(*, age: int = 0, **fields: Any) -> Signs:
    at = _NOW - timedelta(minutes=age)
    return Signs(**{"seen_at": at, "drew_at": at} | fields)


def _measured(
    kind: AlertKind,
    endpoint: WatchedEndpoint,
    *others: WatchedEndpoint,
    named: bool = False,
    resumed_at: datetime = _LONG_AGO,
) -> Decimal | str | None:
    scene = Scene(_NOW, resumed_at, [endpoint, *others])
    found = measure(kind, endpoint, scene, named=named)
    return found.state if isinstance(found, Unknown) else found


def _ago(minutes: int) -> datetime:
    return _NOW - timedelta(minutes=minutes)


def test_silence_is_measured_in_what_is_allowed() -> None:
    """Three intervals, and a quarter of an hour at least."""
    fields: dict[str, Any] = {"failures": 9, "outcome": "timeout"}
    assert _measured("offline", _endpoint(seen_at=_ago(14), **fields)) == Decimal(
        "0.933"
    )
    assert _measured("offline", _endpoint(seen_at=_ago(30), **fields)) == 2
    slow = _endpoint(seen_at=_ago(30), interval_s=900, **fields)
    assert _measured("offline", slow) == Decimal("0.667")


def test_answers_that_are_never_good_are_silence_too() -> None:
    """The device answers, and all of it is suspect."""
    assert _measured("offline", _endpoint(seen_at=_ago(60))) == 4


@pytest.mark.parametrize(
    "fields",
    [
        {"attempted_at": None, "failures": 9},
        {"attempted_at": _ago(90), "failures": 9},
        {"failures": 2},
    ],
)
def test_silence_that_nobody_listened_to_is_not_known(fields: dict[str, Any]) -> None:
    """Not polled at all, not polled lately, or failed only twice."""
    assert _measured("offline", _endpoint(seen_at=_ago(120), **fields)) == "no_data"


def test_silence_begins_anew_when_the_host_comes_back() -> None:
    """Minutes in which the host was down are not the device's."""
    endpoint = _endpoint(seen_at=_ago(600), failures=9, outcome="connect")
    assert _measured("offline", endpoint, resumed_at=_ago(10)) == "no_data"
    assert _measured("offline", endpoint, resumed_at=_ago(16)) == 40


@pytest.mark.parametrize("outcome", ["selector_missing", "no_number", "unit", "decode"])
def test_changed_page_is_apart_from_network_failure(outcome: str) -> None:
    """One of the two alerts, never both."""
    changed = _endpoint(seen_at=_ago(60), failures=9, outcome=outcome)
    assert _measured("page_changed", changed) == 1
    assert _measured("offline", changed) == 0
    away = _endpoint(seen_at=_ago(60), failures=9, outcome="timeout")
    assert _measured("page_changed", away) == 0
    assert _measured("offline", away) == 4


def test_refused_login_is_apart_from_network_failure() -> None:
    """After two refusals nobody asks any more."""
    paused = _endpoint(seen_at=_ago(60), failures=2, auth_failures=2, outcome="auth")
    assert _measured("login_paused", paused) == 1
    assert _measured("offline", paused) == 0
    assert _measured("login_paused", _endpoint(auth_failures=1)) == 0


def test_flags_and_counts() -> None:
    """A wrong clock, and what waits for a decision."""
    assert _measured("clock_skew", _endpoint(clock_skewed=True)) == 1
    assert _measured("clock_skew", _endpoint()) == 0
    assert _measured("register_event", _endpoint(proposed=3)) == 3


def test_frozen_values_count_of_the_worst_channel() -> None:
    """A register once more flowed than two of its last digits, or a power."""
    slow = _signs(
        still_polls=9, still_kwh=Decimal("0.2"), resolution_kwh=Decimal("0.1")
    )
    frozen = _signs(
        still_polls=9, still_kwh=Decimal("0.3"), resolution_kwh=Decimal("0.1")
    )
    power = _signs(same_polls=4)
    assert _measured("no_change", _endpoint([_channel(signs=slow)])) == 0
    assert _measured("no_change", _endpoint([_channel(signs=frozen)])) == 9
    both = _endpoint([_channel(signs=slow), _channel("l1", signs=power)])
    assert _measured("no_change", both) == 4


def test_idle_time_ends_with_the_latest_reading() -> None:
    """Of all channels; silence afterwards is no idleness."""
    idle = _signs(drew_at=_NOW - timedelta(hours=30))
    assert _measured("zero_hours", _endpoint([_channel(signs=idle)])) == 30
    busy = _endpoint([_channel(signs=idle), _channel("l1", signs=_signs())])
    assert _measured("zero_hours", busy) == 0


def test_power_and_register_are_compared_over_an_hour() -> None:
    """In % of the larger, beyond 0.1 kW and the register's last digit."""

    def of(sampled: str, metered: str, doubt: str = "0") -> Any:
        hour = Hour(
            ended_at=_ago(10),
            sampled_kw=Decimal(sampled),
            metered_kw=Decimal(metered),
            doubt_kw=Decimal(doubt),
        )
        return _measured(
            "power_energy_mismatch", _endpoint([_channel(signs=_signs(hour=hour))])
        )

    assert of("2", "2000") == Decimal("99.9")
    assert of("2", "1.5") == 25
    assert of("0.15", "0.05") == 0
    assert of("2", "1.5", doubt="1") == 0
    assert of("0", "0") == 0


def test_mismatch_without_a_whole_hour_is_not_known() -> None:
    """Too early, too long ago, or without power at all."""
    begun = _signs(so_far=HourSoFar(began_at=_NOW))
    early = _endpoint([_channel(signs=begun)])
    assert _measured("power_energy_mismatch", early) == "no_data"
    without = _endpoint([_channel(signs=_signs())])
    assert _measured("power_energy_mismatch", without) is None


@pytest.mark.parametrize("kind", ["no_change", "zero_hours", "power_energy_mismatch"])
def test_old_signs_are_no_data(kind: AlertKind) -> None:
    """What was read an hour ago says nothing about now; nor does nothing."""
    old = _endpoint([_channel(age=60, signs=_signs(age=60))])
    assert _measured(kind, old) == "no_data"
    assert _measured(kind, _endpoint()) == "no_data"


def test_current_is_that_of_the_fullest_conductor() -> None:
    """Main or phases, in either direction; others do not count."""
    phases = [
        _channel("l1", current_a="7"),
        _channel("l2", current_a="-9"),
        _channel("export", current_a="99"),
    ]
    assert _measured("current_a", _endpoint(phases)) == 9
    assert _measured("breaker_percent", _endpoint(phases, breaker_a=Decimal(16))) == (
        Decimal("56.25")
    )
    stale = _endpoint([_channel(age=60, current_a="7")], breaker_a=Decimal(16))
    assert _measured("current_a", stale) == "no_data"
    assert _measured("breaker_percent", stale) == "no_data"


@pytest.mark.parametrize(
    "kind",
    [
        "current_a",
        "breaker_percent",
        "feeds_percent",
        "imbalance_percent",
        "power_kw",
        "certificate_days",
        "token_days",
        "power_energy_mismatch",
    ],
)
def test_rule_that_names_an_endpoint_without_what_it_needs_is_in_error(
    kind: AlertKind,
) -> None:
    """A rule for all leaves it out."""
    bare = _endpoint([_channel(signs=_signs())])
    assert _measured(kind, bare) is None
    assert _measured(kind, bare, named=True) == "error"


def test_data_that_cannot_be_compared_is_an_error() -> None:
    """One strange row stops no other comparison."""
    broken = _endpoint(
        month_kwh=Decimal("sNaN"),
        estimated_kwh=Decimal(1),
        week_kwh=Decimal(1),
        week_s=Decimal(86_400),
    )
    assert _measured("estimated_percent", broken) == "error"
    huge = _endpoint(month_kwh=Decimal("1e40"))
    assert _measured("month_kwh", huge) == "error"


def test_one_feed_carries_both_when_the_other_fails() -> None:
    """The channels of one endpoint, or two endpoints in one place of one group."""
    inside = _endpoint(
        [_channel("feed_a", current_a="9"), _channel("feed_b", current_a="11")],
        breaker_a=Decimal(16),
    )
    assert _measured("feeds_percent", inside) == 125
    fields: dict[str, Any] = {
        "kind": "feed",
        "group_id": "g",
        "location": "rack 1",
        "breaker_a": Decimal(16),
    }
    a = _endpoint([_channel(current_a="9")], **fields)
    b = _endpoint([_channel(current_a="11")], **fields | {"id": "e2"})
    third = _endpoint([_channel(current_a="11")], **fields | {"id": "e3"})
    other = _endpoint([], **fields | {"id": "e4", "location": "rack 2"})
    assert _measured("feeds_percent", a, b, other) == 125
    assert _measured("feeds_percent", a) is None
    assert _measured("feeds_percent", a, b, third) is None
    stale = _endpoint([_channel(age=60, current_a="11")], **fields | {"id": "e2"})
    assert _measured("feeds_percent", a, stale) == "no_data"


def test_imbalance_is_the_largest_distance_from_the_mean() -> None:
    """Of currents, else of powers; too little load is balanced."""

    def of(quantity: str, *values: str, age: int = 0) -> Any:
        channels = [
            _channel(name, age=age, **{quantity: value})
            for name, value in zip(("l1", "l2", "l3"), values, strict=False)
        ]
        return _measured("imbalance_percent", _endpoint(channels))

    assert of("current_a", "10", "10", "16") == Decimal("33.333")
    assert of("power_kw", "1", "2", "3") == 50
    assert of("current_a", "0.1", "0.2", "0.9") == 0
    assert of("current_a", "10", "10") is None
    assert of("current_a", "10", "10", "16", age=60) == "no_data"


def test_power_is_that_of_the_main_channel_or_the_sum() -> None:
    """A page with phases alone has a power too."""
    assert _measured("power_kw", _endpoint([_channel(power_kw="3.5")])) == Decimal(
        "3.5"
    )
    names = ("l1", "l2", "l3")
    phases = [_channel(name, power_kw="1.5") for name in names]
    assert _measured("power_kw", _endpoint(phases)) == Decimal("4.5")
    stale = _endpoint([_channel(age=60, power_kw="3.5")])
    assert _measured("power_kw", stale) == "no_data"


def test_month_is_energy_so_far_and_how_it_will_end() -> None:
    """Going on like the last seven days."""
    month = _endpoint(
        month_kwh=Decimal(100),
        estimated_kwh=Decimal(10),
        peak_kw=Decimal("2.5"),
        month_ends_at=_NOW + timedelta(days=10),
        week_kwh=Decimal(336),
        week_s=Decimal(7 * 86_400),
    )
    assert _measured("month_kwh", month) == 100
    assert _measured("forecast_kwh", month) == 580
    assert _measured("estimated_percent", month) == 10
    assert _measured("peak_kw", month) == Decimal("2.5")
    idle = _endpoint(month_kwh=Decimal(0), estimated_kwh=Decimal(0))
    assert _measured("estimated_percent", idle) == 0


@pytest.mark.parametrize(
    ("month_kwh", "week_kwh", "week_s"),
    [("0.02", "0.02", 300), ("40", "336", 7 * 86_400)],
)
def test_share_of_estimates_needs_a_day_of_energy(
    month_kwh: str, week_kwh: str, week_s: int
) -> None:
    """A gap in the first minutes of a meter or a month is no share of either."""
    young = _endpoint(
        month_kwh=Decimal(month_kwh),
        estimated_kwh=Decimal(month_kwh),
        week_kwh=Decimal(week_kwh),
        week_s=Decimal(week_s),
    )
    assert _measured("estimated_percent", young) == "no_data"


@pytest.mark.parametrize(
    "kind", ["month_kwh", "forecast_kwh", "estimated_percent", "peak_kw"]
)
def test_month_of_which_nothing_is_known_is_no_data(kind: AlertKind) -> None:
    """Unknown is never zero."""
    assert _measured(kind, _endpoint()) == "no_data"


def test_forecast_needs_an_hour_of_the_week() -> None:
    """A few minutes are no trend."""
    fields: dict[str, Any] = {
        "month_kwh": Decimal(1),
        "month_ends_at": _NOW + timedelta(days=1),
    }
    assert _measured("forecast_kwh", _endpoint(**fields)) == "no_data"
    short = _endpoint(week_kwh=Decimal(1), week_s=Decimal(60), **fields)
    assert _measured("forecast_kwh", short) == "no_data"


def test_days_until_something_ends() -> None:
    """Negative once it has ended."""
    endpoint = _endpoint(
        certificate_ends_at=_NOW + timedelta(days=13, hours=12),
        token_expires_at=_NOW - timedelta(days=1),
    )
    assert _measured("certificate_days", endpoint) == Decimal("13.5")
    assert _measured("token_days", endpoint) == -1


@pytest.mark.parametrize("kind", get_args(AlertKind))
def test_every_kind_can_be_measured_of_every_endpoint(kind: AlertKind) -> None:
    """Whatever is missing, there is an answer, and a rule for all is never in error."""
    assert _measured(kind, _endpoint()) != "error"
    assert kind in KINDS


@pytest.mark.parametrize(
    ("kind", "fits", "wrong"),
    [
        ("offline", "1", "0.5"),
        ("login_paused", "1", "2"),
        ("no_change", "3", "2"),
        ("no_change", "10", "3.5"),
        ("breaker_percent", "80", "0"),
        ("estimated_percent", "5", "101"),
        ("token_days", "14", "367"),
        ("power_kw", "0.5", "NaN"),
        ("month_kwh", "1000", "Infinity"),
    ],
)
def test_threshold_must_fit_its_kind(kind: AlertKind, fits: str, wrong: str) -> None:
    """The refusal says what fits."""
    assert check_threshold(kind, Decimal(fits)) == ""
    assert check_threshold(kind, Decimal(wrong)).startswith("give ")
