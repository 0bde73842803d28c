"""What the doctor finds in a database, and what its command says."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from nxforge_core.database import Pool
from nxforge_core.host._proxies import Proxies
from nxforge_core.host._sightings import Sightings
from nxforge_core.host.doctor import weak_rows
from nxforge_core.security import Limits
from nxforge_core.services import SystemClock

Start = Callable[..., Awaitable[Any]]
NxForge = Callable[..., Awaitable[str]]

OLD = "$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHQ$R8yQ7lb1MKyNcb2RkxUcDw"


async def found(host: Any) -> dict[str, str]:
    """Levels of what is found, by code."""
    database = host.running.core.database
    rows = [each async for each in weak_rows(database, SystemClock())]
    assert all(each.remedy for each in rows)
    return {each.code: each.level for each in rows}


async def test_weaknesses_of_what_is_stored(start: Start, pool: Pool) -> None:
    """Old hashes, endless tokens, wide networks, forwarders: each is told."""
    host = await start()
    before = await found(host)
    security = host.running.security
    await security.tokens.create("limited", "admin", limits=Limits(plugins=["meter"]))
    limited = await found(host)
    await security.tokens.create("endless", "admin")
    await pool.execute(
        "insert into nxforge.person (name, role, password, created_at) "
        "values ('anna', 'admin', $1, now())",
        OLD,
    )
    await pool.execute(
        "insert into nxforge.network (entry, note, created_by, created_at) "
        "values ('10.0.0.0/8', '', 'test', now())"
    )
    proxies = Proxies(["192.0.2.1"])
    headers = [(b"x-forwarded-for", b"198.51.100.1")]
    proxies.look_through({"client": ("203.0.113.9", 1), "headers": headers})
    sightings = Sightings(host.running.core.database, SystemClock(), proxies)
    await sightings.flush()
    await sightings.flush()
    after = await found(host)

    assert before["superuser"] == "high"
    assert before["no_admin"] == "medium"
    assert limited["endless_tokens"] == "low"
    assert after.items() >= {
        ("superuser", "high"),
        ("old_hashes", "medium"),
        ("wide_networks", "high"),
        ("forwarded_ignored", "medium"),
    }
    assert "no_admin" not in after


@pytest.mark.usefixtures("meter")
async def test_command_fails_where_something_is_open(nxforge: NxForge) -> None:
    """Findings as JSON or a table; the exit code is 1 if one of them is high."""
    out = await nxforge("doctor", "--security", "--json", expected=1)

    listed = json.loads(out.splitlines()[0])
    levels = [one["level"] for one in listed]
    assert {one["code"] for one in listed} >= {"superuser", "plain_cookies"}
    assert levels == sorted(levels, key=["high", "medium", "low"].index)
    assert "findings of level 'high'" in out
