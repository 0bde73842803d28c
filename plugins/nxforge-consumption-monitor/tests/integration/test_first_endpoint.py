"""What the set-up of a new host is told of the first meter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nxforge_consumption_monitor.pages._first_endpoint import first_endpoint


async def test_first_meter_is_done_with_its_first_reading(monitor: Any) -> None:
    """No endpoint, one that failed, one that was read: each says what comes next."""
    nothing = await first_endpoint(monitor.ctx)
    endpoint = (await monitor.add("Hall")).id
    waiting = await first_endpoint(monitor.ctx)
    await monitor.ctx.db.execute(
        "insert into endpoint_state (endpoint_id, error) values ($1, 'timed out') "
        "on conflict (endpoint_id) do update set error = excluded.error",
        endpoint,
    )
    failing = await first_endpoint(monitor.ctx)
    await read(monitor, endpoint, timedelta(seconds=8))
    done = await first_endpoint(monitor.ctx)

    assert (nothing.done, nothing.link.to) == (False, "endpoint-form")
    assert waiting.text == "Hall is there; waiting for its first reading."
    assert failing.text == "Hall is there and could not be read yet: timed out."
    assert (failing.link.to, failing.link.params) == ("endpoint", {"id": endpoint})
    assert done.text == "First reading of Hall arrived after 8 s."
    assert (done.done, done.link.to) == (True, "live")


async def read(monitor: Any, endpoint: str, after: timedelta) -> None:
    """A reading that came so long after its endpoint."""
    await monitor.ctx.db.execute(
        "insert into reading (endpoint_id, channel, ts, slot, quality, created_at) "
        "select id, 'total', created_at, created_at, 'measured', created_at + $2 "
        "from endpoint where id = $1",
        endpoint,
        after,
    )


async def test_imported_history_is_no_wait(monitor: Any) -> None:
    """A reading stored long before or after says nothing about the time it took."""
    endpoint = (await monitor.add("Hall")).id
    await read(monitor, endpoint, timedelta(days=3))
    done = await first_endpoint(monitor.ctx)

    assert done.done
    assert done.text == "First reading of Hall arrived."
