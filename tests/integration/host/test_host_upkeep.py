"""What a host does beside answering: keys, tokens, logs, and giving everything back."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nxforge_core.api import NxForgeError
from nxforge_core.database import Pool
from nxforge_core.host import NxForge
from nxforge_core.host._access_log import AccessLog
from nxforge_core.host._request import RequestShell
from nxforge_core.settings import NetworkSettings

Start = Callable[..., Awaitable[Any]]

pytestmark = pytest.mark.usefixtures("meter")

CONNECTIONS = """
select count(*) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
  and backend_type = 'client backend'
"""


async def connections(pool: Pool) -> int:
    """Connections to the database beside this one, once they had time to go."""
    count = -1
    async with asyncio.timeout(5):
        while count != 0:
            count = await pool.fetchval(CONNECTIONS)
            await asyncio.sleep(0.02)
    return count


async def test_stopped_host_leaves_no_connection(start: Start, pool: Pool) -> None:
    """Core, plugins and queue give their connections back."""
    host = await start("meter")
    await host.client.get(
        "/api/v1/m/meter/readings", headers=await host.bearer("viewer")
    )

    await host.app.stop()

    assert await connections(pool) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"network": NetworkSettings(allow=("nonsense/99",))},
        {"enable": ("nobody",)},
    ],
    ids=["network", "plugin"],
)
async def test_failed_start_leaves_no_connection(
    make: Callable[..., NxForge], pool: Pool, changes: dict[str, Any]
) -> None:
    """A start that fails half-way gives back what it had taken."""
    enable = changes.pop("enable", ("meter",))
    app = make(*enable, **changes)

    with pytest.raises(NxForgeError):
        await app.start()

    assert await connections(pool) == 0
    await app.stop()


async def test_lost_key_is_told_and_stops_no_start(
    start: Start, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the missing key; the plugin's login gets a new password."""
    query = "select role_password from nxforge.plugin where id = 'meter'"
    first = await start("meter")
    sealed = await first.running.core.database.fetchval(query)
    await first.app.stop()
    (settings.data_dir / "secret.key").unlink()

    second = await start("meter")

    assert second.running.inventory["meter"].state == "running"
    assert sealed.split(":")[1] in caplog.text
    assert sealed.split(":")[2] not in caplog.text
    assert await second.running.core.database.fetchval(query) != sealed


async def test_use_of_a_token_is_stored_at_the_stop(start: Start, pool: Pool) -> None:
    """When a token was last used outlives the host."""
    host = await start("meter")
    await host.client.get("/api/v1/me", headers=await host.bearer("viewer"))

    await host.app.stop()

    assert await pool.fetchval("select last_used_at from nxforge.token") is not None


async def test_access_log_has_a_line_for_each_request(start: Start) -> None:
    """Answers, denials and failures are logged alike, without codes of login links."""
    host = await start("meter")
    stream = io.StringIO()
    log = AccessLog(stream)
    host.app._shell = RequestShell(log.record)

    await host.client.get("/api/v1/m/meter/hello?token=hidden")
    await host.client.get("/login/hidden")
    await host.client.get("/api/v1/m/nobody")
    log.flush()

    lines = [json.loads(text) for text in stream.getvalue().splitlines()]
    assert [(line["path"], line["status"]) for line in lines] == [
        ("/api/v1/m/meter/hello", 200),
        ("/login/***", 401),
        ("/api/v1/m/nobody", 404),
    ]
    assert "hidden" not in stream.getvalue()
    assert len({line["request_id"] for line in lines}) == 3
