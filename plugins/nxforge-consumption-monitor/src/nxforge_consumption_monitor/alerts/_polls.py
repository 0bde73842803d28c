"""Numbers of what polling shows: silence, freezing, contradictions, ends. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from nxforge_consumption_monitor.signs import Hour, Signs
from nxforge_consumption_monitor.store.alerting import WatchedEndpoint

from ._scene import Scene, Unknown, allowed_silence, not_yet

__all__ = [
    "certificate_left",
    "frozen_polls",
    "has_page_changed",
    "idle_hours",
    "is_clock_skewed",
    "is_login_paused",
    "mismatch",
    "silence",
    "token_left",
]

_Finding = Decimal | Unknown | None

_YES: Final = Decimal(1)
_NO: Final = Decimal(0)
_PAUSED_AFTER: Final = 2
_FAILED_POLLS: Final = 3
#: A failing endpoint is asked again after a quarter of an hour at the latest.
_LONGEST_PAUSE: Final = timedelta(minutes=15)
#: An hour that ended longer ago says nothing about now.
_CURRENT: Final = timedelta(hours=3)
_LEAST_MISMATCH_KW: Final = Decimal("0.1")
_MICROSECOND: Final = timedelta(microseconds=1)
_HOUR_US: Final = Decimal(timedelta(hours=1) // _MICROSECOND)
_DAY_US: Final = 24 * _HOUR_US
#: The device answered, and not as it used to.
_PAGE: Final = frozenset(
    {
        "ambiguous_number",
        "decode",
        "no_number",
        "selector_missing",
        "unexpected_content",
        "unit",
    }
)


def silence(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Time without a good reading, over what is allowed.

    A page that changed and a login that is refused are alerts of their own: there the
    device answers. After a pause of the host everybody has the whole time again.
    """
    if has_page_changed(endpoint, scene) or is_login_paused(endpoint, scene):
        return _NO
    allowed = allowed_silence(endpoint)
    ratio = Decimal((scene.now - endpoint.seen_at) // _MICROSECOND) / Decimal(
        allowed // _MICROSECOND
    )
    if ratio < 1:
        return max(ratio, _NO)
    asked = endpoint.attempted_at
    if asked is None or scene.now - asked > allowed + _LONGEST_PAUSE:
        return Unknown("no_data", "nobody polls it: is a worker running?")
    if scene.now - scene.resumed_at < allowed:
        return Unknown("no_data", "polling was resumed a short time ago")
    if 0 < endpoint.failures < _FAILED_POLLS:
        return Unknown("no_data", "it failed fewer than three times in a row")
    return ratio


def is_login_paused(endpoint: WatchedEndpoint, _: Scene) -> Decimal:
    """1 while the device is not asked because it refused the login twice."""
    return _YES if endpoint.auth_failures >= _PAUSED_AFTER else _NO


def has_page_changed(endpoint: WatchedEndpoint, _: Scene) -> Decimal:
    """1 while the device answers and the rule finds nothing."""
    return _YES if endpoint.outcome in _PAGE else _NO


def is_clock_skewed(endpoint: WatchedEndpoint, _: Scene) -> Decimal:
    """1 while the device's clock is wrong."""
    return _YES if endpoint.clock_skewed else _NO


def frozen_polls(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Answers in a row that repeat what cannot have stayed, of the worst channel."""
    signs = _fresh_signs(endpoint, scene)
    if isinstance(signs, Unknown):
        return signs
    return Decimal(max(each.frozen_polls for each in signs))


def idle_hours(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Hours up to the latest reading in which no channel shows consumption."""
    signs = _fresh_signs(endpoint, scene)
    if isinstance(signs, Unknown):
        return signs
    drew_at = max(each.drew_at for each in signs)
    seen_at = max(each.seen_at for each in signs)
    return max(Decimal((seen_at - drew_at) // _MICROSECOND) / _HOUR_US, _NO)


def mismatch(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """By how much power and register of the latest hour differ, % of the larger."""
    signs = _fresh_signs(endpoint, scene)
    if isinstance(signs, Unknown):
        return signs
    if not any(each.so_far or each.hour for each in signs):
        return None
    hours = [each.hour for each in signs if each.hour]
    fresh = [each for each in hours if scene.now - each.ended_at <= _CURRENT]
    if not fresh:
        return not_yet("no hour with six samples of power is complete")
    return max(_difference(each) for each in fresh)


def certificate_left(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Days until the device's certificate ends."""
    return _days_left(endpoint.certificate_ends_at, scene)


def token_left(endpoint: WatchedEndpoint, scene: Scene) -> _Finding:
    """Days until the token of the login ends."""
    return _days_left(endpoint.token_expires_at, scene)


def _days_left(ends_at: datetime | None, scene: Scene) -> Decimal | None:
    if ends_at is None:
        return None
    return Decimal((ends_at - scene.now) // _MICROSECOND) / _DAY_US


def _fresh_signs(endpoint: WatchedEndpoint, scene: Scene) -> list[Signs] | Unknown:
    signs = [each.signs for each in scene.channels(endpoint).values() if each.signs]
    fresh = [each for each in signs if scene.is_fresh(endpoint, each.seen_at)]
    return fresh or Unknown("no_data", "no reading is recent enough")


def _difference(hour: Hour) -> Decimal:
    apart = abs(hour.sampled_kw - hour.metered_kw)
    if apart <= _LEAST_MISMATCH_KW + hour.doubt_kw:
        return _NO
    return apart * 100 / max(abs(hour.sampled_kw), abs(hour.metered_kw))
