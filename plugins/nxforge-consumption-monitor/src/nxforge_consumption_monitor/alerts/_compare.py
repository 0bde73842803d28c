"""Every endpoint against every rule: what became of their alerts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from nxforge_consumption_monitor.store.alerting import (
    AlertRow,
    AlertRule,
    HushedAlert,
    OpenAlert,
    WatchedEndpoint,
)

from ._episode import Change, Episode, Hush, Patience, Sign, advance
from ._kinds import KINDS, is_breached
from ._measure import measure
from ._scene import Scene, Unknown

__all__ = ["Comparison", "applies"]

_SOON: Final = timedelta(hours=1)
_LATER: Final = timedelta(hours=12)
_MAX_DETAIL: Final = 300
_Key = tuple[int, str]


def applies(rule: AlertRule, endpoint: WatchedEndpoint) -> bool:
    """Whether a rule watches an endpoint."""
    if rule.endpoint_id is not None:
        return rule.endpoint_id == endpoint.id
    return rule.group_id is None or rule.group_id == endpoint.group_id


class Comparison:
    """One run.

    Args:
        scene: What is known.
        known: Alerts that have not ended.
        hushed: Of what somebody knows.

    Attributes:
        rows: How alerts stand that changed.
        gone: Alerts that were none, by rule and endpoint.
        told: What is to be told; the id of a new alert is 0 as yet.
    """

    def __init__(
        self, scene: Scene, known: Sequence[OpenAlert], hushed: Iterable[HushedAlert]
    ) -> None:
        self._scene = scene
        self._known = {(each.rule_id, each.endpoint_id): each for each in known}
        self._hush: Mapping[_Key, Hush] = {
            (each.rule_id, each.endpoint_id): "all" if each.is_silent else "again"
            for each in hushed
        }
        self._seen: set[_Key] = set()
        self.rows: list[AlertRow] = []
        self.gone: list[_Key] = []
        self.told: list[tuple[Change, OpenAlert]] = []

    def compare(self, rule: AlertRule, endpoint: WatchedEndpoint) -> None:
        """Take over what is so of one endpoint by one rule."""
        key = (rule.id, endpoint.id)
        self._seen.add(key)
        before = self._known.get(key)
        named = rule.endpoint_id is not None
        found = measure(rule.kind, endpoint, self._scene, named=named)
        if before is None and not named and _says_nothing(found):
            return
        soon = KINDS[rule.kind].repeats_soon
        after, change = advance(
            _episode(before),
            self._scene.now,
            Patience(
                wait=timedelta(seconds=rule.for_s),
                keep=timedelta(seconds=rule.keep_s),
                repeat=_LATER,
                first_repeat=_SOON if soon else _LATER,
            ),
            _sign(rule, found, before),
            hush=self._hush.get(key, ""),
            resumed_at=self._scene.resumed_at,
        )
        self._take(before or _fresh(rule, endpoint), endpoint, found, after, change)

    def close_orphans(self) -> None:
        """End what no rule watches any more; call it after all were compared."""
        for key, alert in self._known.items():
            if key in self._seen:
                continue
            if not alert.told and alert.state != "firing":
                self.gone.append(key)
                continue
            ended = replace(alert, state="resolved", unknown=None)
            if alert.told:
                ended = replace(ended, told_at=self._scene.now)
                self.told.append(("resolved", ended))
            self.rows.append(_row(ended))

    def _take(
        self,
        alert: OpenAlert,
        endpoint: WatchedEndpoint,
        found: Decimal | Unknown | None,
        after: Episode | None,
        change: Change | None,
    ) -> None:
        if after is None:
            if alert.id:
                self.gone.append((alert.rule_id, alert.endpoint_id))
            return
        now = replace(
            alert,
            state=after.state,
            unknown=after.unknown,
            value=found if isinstance(found, Decimal) else alert.value,
            detail=_detail(alert, endpoint, found, after),
            began_at=after.began_at,
            cleared_at=after.cleared_at,
            told_at=after.told_at,
            told=after.told,
        )
        if now != alert or not alert.id:
            self.rows.append(_row(now))
        if change is not None:
            self.told.append((change, now))


def _says_nothing(found: Decimal | Unknown | None) -> bool:
    return found is None or (isinstance(found, Unknown) and found.is_early)


def _sign(
    rule: AlertRule, found: Decimal | Unknown | None, before: OpenAlert | None
) -> Sign:
    if isinstance(found, Unknown):
        return found.state
    if found is None:
        return "calm"
    firing = before is not None and before.state == "firing"
    so = is_breached(rule.kind, found, rule.threshold, firing=firing)
    return "breached" if so else "calm"


def _episode(alert: OpenAlert | None) -> Episode | None:
    if alert is None:
        return None
    return Episode(
        alert.state,
        alert.began_at,
        alert.cleared_at,
        alert.told_at,
        alert.told,
        alert.unknown,
    )


def _fresh(rule: AlertRule, endpoint: WatchedEndpoint) -> OpenAlert:
    return OpenAlert(
        id=0,
        rule_id=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        threshold=rule.threshold,
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        group_id=endpoint.group_id,
        external_ref=endpoint.external_ref,
        state="pending",
        unknown=None,
        value=None,
        detail="",
        began_at=endpoint.seen_at,
        cleared_at=None,
        told_at=None,
        told=0,
    )


def _detail(
    alert: OpenAlert,
    endpoint: WatchedEndpoint,
    found: Decimal | Unknown | None,
    after: Episode,
) -> str:
    if after.state == "resolved":
        return alert.detail
    if isinstance(found, Unknown):
        return alert.detail if after.state == "firing" else found.why
    if KINDS[alert.kind].is_scraping:
        return (endpoint.error or endpoint.outcome or "")[:_MAX_DETAIL]
    ends = {
        "certificate_days": endpoint.certificate_ends_at,
        "token_days": endpoint.token_expires_at,
    }.get(alert.kind)
    return f"{ends:%Y-%m-%d %H:%M} UTC" if ends else ""


def _row(alert: OpenAlert) -> AlertRow:
    return AlertRow(
        rule_id=alert.rule_id,
        endpoint_id=alert.endpoint_id,
        state=alert.state,
        unknown=alert.unknown,
        value=alert.value,
        detail=alert.detail,
        began_at=alert.began_at,
        cleared_at=alert.cleared_at,
        told_at=alert.told_at,
        told=alert.told,
    )
