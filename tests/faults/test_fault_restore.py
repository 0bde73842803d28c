"""F32: a dump is brought to a new server, and a host starts on it."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self

import pytest
from echo import RULES, Echo
from hosts import Host, Installation
from matrix import Fault
from postmaster import Postmaster
from psycopg import sql

from nxforge_core.security import KeyRing
from nxforge_core.settings import SecretSettings

MONITOR: Final = "consumption-monitor"
API: Final = f"/api/v1/m/{MONITOR}"
SECRET: Final = "swordfish & chips"  # noqa: S105
#: What a start changes by itself: its own row, and nothing of anybody's.
CHANGED_BY_A_START: Final = ("nxforge.plugin", "nxforge.event", "nxq.")
TABLES: Final = """
select n.nspname, c.relname from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence = 'p'
    and (n.nspname in ('nxforge', 'nxq') or n.nspname like 'nxp\\_%')
"""
#: What a dump without privileges forgets, and a start closes again.
OPEN: Final = """
select count(*) from pg_proc as p
where p.pronamespace = 'nxforge'::regnamespace and p.proname = 'fence'
    and has_function_privilege('public', p.oid, 'execute')
"""


@pytest.fixture
def elsewhere() -> Iterator[Postmaster]:
    """Another server, which knows no role of the first one."""
    made = Postmaster()
    made.start()
    yield made
    made.remove()


@pytest.fixture
def echo() -> Iterator[Echo]:
    """A device that tells what password it was given."""
    made = Echo()
    yield made
    made.end()


@pytest.mark.fault("F32", "restored from a dump", short=1, long=1, share=1)
def test_restored_dump_is_the_installation_it_was(
    fault: Fault,
    installation: Installation,
    elsewhere: Postmaster,
    echo: Echo,
    tmp_path: Path,
) -> None:
    """Every row, every secret with the key; without it one clear error each."""
    token = _fill(installation, echo)
    key = installation.command.data / "secret.key"
    restored = Installation(tmp_path / "restored", elsewhere)
    dump = installation.postmaster.dump(installation.database)
    fault.inject(elsewhere.restore, restored.database, dump)
    fault.landed(bool(_rows(restored)))
    if fault.removed:
        fault.figure("rows lost or changed", 0, limit=0)
        return
    with _Start(restored, token, key=None) as without:
        unread = not without.device_told(echo)
        named = without.names_key(_key_id(installation))
    with _Start(restored, token, key=key) as again:
        read = again.device_told(echo)
        lost = _lost(_rows(installation), _rows(restored))

    fault.figure("rows lost or changed", lost, limit=0)
    fault.figure("functions that are open to all", restored.query(OPEN)[0][0], limit=0)
    fault.figure("secrets lost", not read, limit=0)
    fault.figure("secrets read without the key", not unread, limit=0)
    fault.figure("errors that do not name the key", not named, limit=0)
    fault.figure("seconds to start", max(without.seconds, again.seconds), limit=10)


class _Start:
    """A host on the restored database, with or without the key file."""

    def __init__(
        self, installation: Installation, token: str, key: Path | None
    ) -> None:
        installation.configure(MONITOR)
        data = installation.command.data
        shutil.rmtree(data, ignore_errors=True)
        if key is not None:
            data.mkdir(parents=True)
            shutil.copy2(key, data / "secret.key")
        began = time.monotonic()
        self.host: Host = installation.serve("--no-worker", "--no-scheduler").ready()
        self.seconds = time.monotonic() - began
        self._installation = installation
        self._client = installation.client(self.host, token)
        self._said = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._installation.stop()

    def device_told(self, echo: Echo) -> bool:
        """Try the endpoints; whether the device got the password."""
        echo.told.clear()
        for each in self._client.get(f"{API}/endpoints").json()["data"]:
            body: dict[str, Any] = {"endpointId": each["id"]}
            self._said += self._client.post(f"{API}/endpoints/test", json=body).text
        assert any("free" in one for one in echo.told["free"])
        return any(SECRET in one for one in echo.told.get("locked", ()))

    def names_key(self, key_id: str) -> bool:
        """Whether the log and the answer name the missing key, and what to do."""
        log = self.host.log.read_text("utf-8")
        words = (f"key {key_id}", "key file")
        return all(word in text for word in words for text in (log, self._said))


def _fill(installation: Installation, echo: Echo) -> str:
    """An installation with a bit of everything; a token of its administrator."""
    installation.configure(MONITOR)
    token = installation.command.token()
    host = installation.serve("--no-worker", "--no-scheduler").ready()
    login = {"type": "basic", "username": "ada", "secret": SECRET}
    with installation.client(host, token) as client:
        for name, auth in (("locked", login), ("free", None)):
            body = {"name": name, "url": echo.url(name, "json"), "rules": RULES}
            made = client.post(f"{API}/endpoints", json={**body, "auth": auth})
            assert made.status_code == 201, made.text
            reading = {"endpointId": made.json()["data"]["id"], "kwh": "12.5"}
            reading["at"] = "2026-01-01T00:00:00Z"
            client.post(f"{API}/readings/manual", json=reading)
        hook = {"name": "x", "url": echo.url("hook", "page"), "secret": "s" * 20}
        client.post(f"{API}/webhooks", json=hook)
        client.post("/api/v1/users", json={"name": "grace", "role": "viewer"})
    installation.stop()
    return token


def _key_id(installation: Installation) -> str:
    return KeyRing.load(SecretSettings(), installation.command.data).key_ids[0]


def _rows(installation: Installation) -> dict[str, Counter[str]]:
    """Every row of every table, as text."""
    found = {}
    for space, table in installation.query(TABLES):
        name = sql.Identifier(space, table)
        statement = sql.SQL("select t::text from {} as t").format(name)
        rows = installation.postmaster.query(statement, database=installation.database)
        found[f"{space}.{table}"] = Counter(text for (text,) in rows)
    return found


def _lost(before: dict[str, Counter[str]], after: dict[str, Counter[str]]) -> int:
    """Rows that are not there any more as they were."""
    assert sum(map(Counter.total, before.values())) > 50
    return sum(
        (rows - after.get(name, Counter())).total()
        for name, rows in before.items()
        if not name.startswith(CHANGED_BY_A_START)
    )
