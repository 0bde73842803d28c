"""Numbers of load: current, breakers, feeds, phases, power, month. Pure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.store.alerting import ChannelNow, WatchedEndpoint

from ._scene import Scene, Unknown, not_yet

__all__ = [
    "breaker_share",
    "current",
    "feeds_share",
    "forecast",
    "imbalance",
    "month_energy",
    "power",
]

_Finding = Decimal | Unknown | None

_PHASES: Final = ("l1", "l2", "l3")
_FEEDS: Final = ("feed_a", "feed_b")
_MAIN: Final = "total"
#: Phases with less than this on average, A or kW, are not loaded.
_LEAST_LOAD: Final = {"current_a": Decimal(1), "power_kw": Decimal("0.2")}
_STALE: Final = Unknown("no_data", "no reading is recent enough")
_NO_MONTH: Final = not_yet("nothing of this month is known yet")
_HOUR_S: Final = 3600
_MICROSECOND: Final = timedelta(microseconds=1)
_HOUR_US: Final = Decimal(timedelta(hours=1) // _MICROSECOND)


def power(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Power now, kW: of the main channel, or the sum of the phases or feeds."""
    channels = scene.channels(endpoint)
    main = channels.get(_MAIN)
    if main is not None and main.power_kw is not None:
        return main.power_kw if scene.is_fresh(endpoint, main.sample_ts) else _STALE
    for names in (_PHASES, _FEEDS):
        values = _values(endpoint, scene, names, "power_kw")
        if values is not None:
            return values if isinstance(values, Unknown) else sum(values, Decimal(0))
    return None


def current(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Current of the conductor that carries most, A."""
    known = [
        each
        for each in scene.channels(endpoint).values()
        if each.current_a is not None and each.channel in {_MAIN, *_PHASES, *_FEEDS}
    ]
    if not known:
        return None
    fresh = [
        abs(each.current_a)
        for each in known
        if each.current_a is not None and scene.is_fresh(endpoint, each.sample_ts)
    ]
    return max(fresh) if fresh else _STALE


def breaker_share(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Current over the rating of the breaker, %."""
    amperes = current(endpoint, scene)
    if endpoint.breaker_a is None or not isinstance(amperes, Decimal):
        return None if endpoint.breaker_a is None else amperes
    return amperes * 100 / endpoint.breaker_a


def feeds_share(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """What one feed would carry if the other failed, % of its breaker's rating."""
    if endpoint.breaker_a is None:
        return None
    both = _values(endpoint, scene, _FEEDS, "current_a")
    if both is None:
        both = _pair(endpoint, scene)
    if both is None or isinstance(both, Unknown):
        return both
    return sum(both, Decimal(0)) * 100 / endpoint.breaker_a


def imbalance(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """How far the phase that differs most is from the mean of the three, %."""
    for quantity, least in _LEAST_LOAD.items():
        values = _values(endpoint, scene, _PHASES, quantity)
        if values is None:
            continue
        if isinstance(values, Unknown):
            return values
        mean = sum(values, Decimal(0)) / len(values)
        if mean < least:
            return Decimal(0)
        return max(abs(each - mean) for each in values) * 100 / mean
    return None


def month_energy(endpoint: WatchedEndpoint, _: Scene) -> _Finding:
    """This month's energy so far, kWh."""
    return _NO_MONTH if endpoint.month_kwh is None else endpoint.month_kwh


def forecast(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """This month's energy at its end, going on like the last seven days, kWh."""
    if endpoint.month_kwh is None or endpoint.month_ends_at is None:
        return _NO_MONTH
    if endpoint.week_kwh is None or not endpoint.week_s:
        return not_yet("the last seven days are not known")
    if endpoint.week_s < _HOUR_S:
        return not_yet("less than an hour of the last seven days is known")
    rest = Decimal((endpoint.month_ends_at - scene.now) // _MICROSECOND) / _HOUR_US
    mean_kw = endpoint.week_kwh * _HOUR_S / endpoint.week_s
    return endpoint.month_kwh + mean_kw * max(rest, Decimal(0))


def _pair(endpoint: WatchedEndpoint, scene: Scene) -> list[Decimal] | Unknown | None:
    other = scene.other_feed(endpoint)
    if other is None:
        return None
    both = [current(endpoint, scene), current(other, scene)]
    if None in both:
        return None
    known = [each for each in both if isinstance(each, Decimal)]
    return known if len(known) == len(both) else _STALE


def _values(
    endpoint: WatchedEndpoint, scene: Scene, names: tuple[str, ...], quantity: str
) -> list[Decimal] | Unknown | None:
    """One quantity of several channels; None unless all of them have it."""
    channels = scene.channels(endpoint)
    found: list[ChannelNow] = [channels[name] for name in names if name in channels]
    values = [getattr(each, quantity) for each in found]
    if len(found) != len(names) or None in values:
        return None
    if not all(scene.is_fresh(endpoint, each.sample_ts) for each in found):
        return _STALE
    return [abs(value) for value in values]
