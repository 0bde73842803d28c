"""Devices whose values stand on several pages: one poll, one instant, one login."""

from __future__ import annotations

from typing import Any, Final

import pytest

from nxforge_consumption_monitor.extract import RuleError
from nxforge_consumption_monitor.models import AuthBody, TrialBody
from nxforge_consumption_monitor.trying import Trier

_STEPS: Final = [{"step": "json", "path": "kwh"}, {"step": "unit", "fixed": "kWh"}]
_RULES: Final[dict[str, object]] = {
    "rules": [
        {"quantity": "energy", "steps": _STEPS},
        {"quantity": "energy", "channel": "l2", "source": "two", "steps": _STEPS},
    ],
    "sources": {"two": {"url": "/meters/2?all=1"}},
}
_KEY: Final = "of the device"
_URL: Final = "http://meter.test/meters/1"
_OTHER: Final = "http://meter.test/meters/2?all=1"
_READINGS: Final = "select channel, register_kwh, ts from reading order by channel"


def _serve(monitor: Any, one: str, two: str, status: int = 200) -> None:
    monitor.http.serve(_URL, one, "application/json")
    monitor.http.serve(_OTHER, two, "application/json", status)


async def test_values_of_two_pages_are_one_poll(monitor: Any) -> None:
    """Both registers are of one instant, and the login goes with both requests."""
    auth = AuthBody(type="header", username="X-Key", secret=_KEY)
    await monitor.add("a", url=_URL, rules=_RULES, auth=auth)
    _serve(monitor, '{"kwh": 7}', '{"kwh": 9}')
    assert (await monitor.round()).result["successful"] == 1
    rows = await monitor.pool.fetch(_READINGS)
    assert [tuple(row)[:2] for row in rows] == [("l2", 9), ("total", 7)]
    assert rows[0]["ts"] == rows[1]["ts"]
    assert [each.url for each in monitor.http.requests] == [_URL, _OTHER]
    assert {each.headers["X-Key"] for each in monitor.http.requests} == {_KEY}


async def test_poll_fails_where_a_further_page_does(monitor: Any) -> None:
    """Half of an answer is none: nothing of it is stored."""
    await monitor.add("a", url=_URL, rules=_RULES)
    _serve(monitor, '{"kwh": 7}', "oops", 500)
    await monitor.round()
    assert await monitor.pool.fetch(_READINGS) == []
    told = await monitor.pool.fetchrow("select outcome, error from scrape_attempt")
    assert told["outcome"] == "http_status"


async def test_further_page_is_not_asked_for_where_the_first_fails(
    monitor: Any,
) -> None:
    """A device that refuses is asked once."""
    await monitor.add("a", url=_URL, rules=_RULES)
    monitor.http.serve(_URL, "no", "text/plain", 401)
    await monitor.round()
    assert [each.url for each in monitor.http.requests] == [_URL]
    outcome = await monitor.pool.fetchval("select outcome from scrape_attempt")
    assert outcome == "auth"


async def test_dry_run_reads_the_further_pages_too(monitor: Any) -> None:
    """What the test shows is what a poll would store."""
    _serve(monitor, '{"kwh": 7}', '{"kwh": 9}')
    view = await Trier().run(monitor.ctx, TrialBody(url=_URL, rules=_RULES))
    assert [(each.channel, each.value) for each in view.rules] == [
        ("total", 7),
        ("l2", 9),
    ]


@pytest.mark.parametrize(
    "url", ["http://else.test/x", "//else.test/x", "/\\else.test", "meters/2"]
)
async def test_further_page_of_somebody_else_is_refused(monitor: Any, url: str) -> None:
    """The login would travel there."""
    rules = _RULES | {"sources": {"two": {"url": url}}}
    with pytest.raises(RuleError, match="path or query of the device"):
        await monitor.add("a", url=_URL, rules=rules)
