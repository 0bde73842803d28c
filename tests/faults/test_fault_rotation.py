"""F30b: a rotation is killed in the middle, beside a running host."""

from __future__ import annotations

import subprocess
import threading
from uuid import uuid4

import psycopg
import pytest
from hosts import Installation, until
from matrix import Fault
from processes import NXFORGE

from nxforge_core.security import KeyRing, SecretError
from nxforge_core.settings import SecretSettings

MONITOR = "consumption-monitor"
TABLE = "nxp_consumption_monitor.credential"
#: So many take longer than the longest wait before the kill.
SECRETS = 500


@pytest.mark.fault("F30b", "rotation kill -9", short=1, long=40, share=0.5)
def test_killed_rotation_loses_no_secret(
    fault: Fault, installation: Installation
) -> None:
    """At any moment every value opens; the next call goes on; the host seals anew."""
    installation.configure(MONITOR)
    token = installation.command.token()
    host = installation.serve().ready()
    typed = _type_in(installation)
    lost = 0
    for _ in range(fault.times):
        code = _rotate(installation, None if fault.removed else fault.chance.random())
        fault.landed(code == -9)
        lost += _unreadable(installation, typed)
    assert _rotate(installation, None) == 0
    with installation.client(host, token) as client:
        body = {"name": "x", "url": "http://127.0.0.1:9/", "secret": "s" * 20}
        made = client.post(f"/api/v1/m/{MONITOR}/webhooks", json=body)
        assert made.status_code == 201, made.text

    lost += _unreadable(installation, typed)
    old = [key for key in _keys(installation) if key != _ring(installation).key_ids[0]]
    fault.figure("secrets lost", lost, limit=0)
    fault.figure("secrets with an old key", len(old), limit=0)
    fault.figure("hosts ended", not host.alive, limit=0)


def _ring(installation: Installation) -> KeyRing:
    return KeyRing.load(SecretSettings(), installation.command.data)


def _type_in(installation: Installation) -> dict[str, str]:
    """Store secrets; by id what they are."""
    box = _ring(installation).for_plugin(MONITOR)
    typed = {str(uuid4()): f"secret {number}" for number in range(SECRETS)}
    url = installation.postmaster.url(installation.database)
    with psycopg.connect(url) as connection:
        connection.cursor().executemany(
            f"insert into {TABLE} (id, kind, username, sealed_secret, options) "  # noqa: S608
            "values (%s, 'basic', 'ada', %s, '{}')",
            [(each, box.seal(text)) for each, text in typed.items()],
        )
    return typed


def _rotate(installation: Installation, moment: float | None) -> int:
    """Run the command; with a moment (0 to 1) kill it so long after its first step."""
    file = installation.command.data / "secret.key"
    before = file.stat().st_ino
    process = subprocess.Popen(
        [NXFORGE, "secrets", "rotate"],
        env=installation.command.environment(),
        stdout=subprocess.DEVNULL,
    )
    if moment is not None:
        until(
            lambda: file.stat().st_ino != before or process.poll() is not None,
            30,
            0.002,
        )
        threading.Event().wait(0.25 * moment)
        process.kill()
    return process.wait(60)


def _unreadable(installation: Installation, typed: dict[str, str]) -> int:
    """How many of the typed secrets do not come back as they were."""
    box = _ring(installation).for_plugin(MONITOR)
    stored = dict(
        installation.query(f"select id::text, sealed_secret from {TABLE}")  # noqa: S608
    )

    def opened(sealed: str) -> str:
        try:
            return box.open(sealed)
        except SecretError:
            return ""

    return sum(opened(stored.get(each, "")) != text for each, text in typed.items())


def _keys(installation: Installation) -> list[str]:
    """Ids of the keys of everything that is stored."""
    statement = (
        f"select split_part(sealed_secret, ':', 2) from {TABLE} "  # noqa: S608
        "union all select split_part(sealed_secret, ':', 2) "
        "from nxp_consumption_monitor.webhook "
        "union all select split_part(role_password, ':', 2) from nxforge.plugin "
        "where role_password is not null"
    )
    return [key for (key,) in installation.query(statement)]
