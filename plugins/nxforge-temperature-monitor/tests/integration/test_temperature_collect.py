"""Reading sensors over HTTP, and what people see of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from nxforge_core.api import NoParams, Outcome
from nxforge_temperature_monitor import routes
from nxforge_temperature_monitor.collect import collect
from nxforge_temperature_monitor.health import sensor_health
from nxforge_temperature_monitor.models import NewSensor

JSON, HTML = "http://192.0.2.1/t.json", "http://192.0.2.2/"


async def add(bench: Any, name: str, url: str | None, **facts: Any) -> None:
    """A sensor that is due in a moment."""
    await routes.create_sensor(bench, NewSensor(name=name, url=url, **facts))
    await bench.db.execute("update sensor set next_at = $1", bench.at)


async def test_json_and_html_are_read_when_they_are_due(bench: Any) -> None:
    """In degrees Celsius, each in its interval; who sends by itself is not asked."""
    await add(bench, "sends", None)
    await add(bench, "web", HTML, kind="html", place="#t", unit="F")
    await add(bench, "json", JSON, place="a[0].t", interval_s=120)
    bench.http.pages = {
        JSON: (200, b'{"a": [{"t": 21.125}]}'),
        HTML: (200, b"<p id=t>68.0 &deg;F</p>"),
    }

    first = await collect(bench, NoParams())
    again = await collect(bench, NoParams())
    bench.later(seconds=60)
    later = await collect(bench, NoParams())

    assert first.result == {"read": 2, "failed": {}}
    assert again == Outcome.idle()
    assert later.result == {"read": 1, "failed": {}}
    found = {each.sensor: each.celsius for each in await routes.newest_readings(bench)}
    assert found == {"json": Decimal("21.125"), "web": Decimal(20)}
    assert sorted(bench.http.asked) == [JSON, HTML, HTML]


async def test_sensor_that_fails_holds_up_no_other(bench: Any) -> None:
    """It says why, is asked less and less often, and is well after one answer."""
    await add(bench, "gone", JSON, place="t")
    await add(bench, "here", HTML, kind="html", place="p")
    bench.http.pages = {HTML: (200, b"<p>20.5</p>")}

    outcome = await collect(bench, NoParams())
    gone = await routes.get_sensor(bench, "gone")

    assert outcome.kind == "partial"
    assert (gone.failures, gone.next_at) == (1, bench.at + timedelta(seconds=60))
    assert "within 10 s" in str(gone.error)
    bench.later(seconds=60)
    bench.http.pages[JSON] = (500, b"{}")
    await collect(bench, NoParams())
    gone = await routes.get_sensor(bench, "gone")
    assert gone.next_at == bench.at + timedelta(seconds=120)
    assert "HTTP 500" in str(gone.error)
    bench.later(seconds=120)
    bench.http.pages[JSON] = (200, b'{"t": 3}')
    await collect(bench, NoParams())
    gone = await routes.get_sensor(bench, "gone")
    assert (gone.failures, gone.error, gone.celsius) == (0, None, 3)


async def test_impossible_temperature_is_a_failure(bench: Any) -> None:
    """A broken probe that shows 2000 degrees stores nothing and alarms nobody."""
    await add(bench, "probe", JSON, place="t", high=Decimal(30))
    bench.http.pages = {JSON: (200, b'{"t": 2000}')}

    outcome = await collect(bench, NoParams())

    assert outcome.kind == "failed"
    assert await routes.newest_readings(bench) == []
    assert await routes.list_alerts(bench) == []


async def test_health_fails_when_most_sensors_do_or_nobody_reads(bench: Any) -> None:
    """And is well where nothing is to be read."""
    idle = await sensor_health(bench)
    await add(bench, "gone", JSON, place="t")
    due = await sensor_health(bench)
    bench.later(minutes=3)
    overdue = await sensor_health(bench)
    for _ in range(3):
        await collect(bench, NoParams())
        bench.later(minutes=10)
    failing = await sensor_health(bench)

    states = [each.state for each in (idle, due, overdue, failing)]
    assert states == ["ok", "ok", "failing", "failing"]
    assert "is a worker running" in overdue.detail
    assert failing.detail == "1 of 1 sensors fail"
