"""Failed log-ins, counted in the database: every host knows of all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from nxforge_core.api import Clock, Connection, Database
from nxforge_core.security._site import site_of

from ._backoff import ACCOUNT, ADDRESS, PAIR, Rule, Trouble, after_failure
from ._errors import TooManyLoginsError
from ._sql import SQL

__all__ = ["Keys", "Troubles", "change_keys", "device_keys", "stranger_keys"]

Keys = Mapping[bytes, Rule]

#: Nothing of any rule is left by then.
_FORGOTTEN: Final = timedelta(days=2)


def stranger_keys(name: str, address: str) -> Keys:
    """What is counted of somebody whose browser is not known."""
    account, site = name.casefold(), site_of(address)
    return {
        _key("pair", account, site): PAIR,
        _key("address", site): ADDRESS,
        _key("account", account): ACCOUNT,
    }


def device_keys(device: bytes) -> Keys:
    """What is counted of a known browser: nothing but its own failures."""
    return {_key("device", device.hex()): PAIR}


def change_keys(person: int) -> Keys:
    """What is counted of somebody who is logged in and says the password again."""
    return {_key("change", str(person)): PAIR}


class Troubles:
    """Counts each try as a failure before it is looked at, so that many at once count.

    Args:
        database: The core's schema.
        clock: Decides how long ago something was.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def admit(self, keys: Keys) -> None:
        """Let a try through.

        A try that is not let through is not counted: whoever keeps trying does not
        make others wait longer.

        Raises:
            TooManyLoginsError: it is too early for one more.
        """
        now = self._clock.now()
        async with self._database.transaction() as connection:
            await connection.execute(SQL.open_troubles, sorted(keys), now)
            found = await _locked(connection, keys)
            waits = [one.remaining(keys[key], now) for key, one in found.items()]
            if (longest := max(waits)) > 0:
                raise TooManyLoginsError(longest)
            failed = {
                key: after_failure(keys[key], one, now) for key, one in found.items()
            }
            await _keep(connection, failed)

    async def refund(self, connection: Connection, keys: Keys) -> None:
        """Take back what `admit` counted: the password was right.

        What is counted of one account and one address begins anew. The address alone
        does not: an own account must not pay for tries at others.
        """
        found = await _locked(connection, keys)
        kept = {
            key: one.refunded(one.failures if keys[key] is PAIR else 1.0)
            for key, one in found.items()
        }
        await _keep(connection, kept)

    async def flush(self) -> None:
        """Forget what is long ago."""
        before = self._clock.now() - _FORGOTTEN
        await self._database.execute(SQL.forget_troubles, before)


async def _locked(connection: Connection, keys: Keys) -> dict[bytes, Trouble]:
    rows = await connection.fetch(SQL.lock_troubles, list(keys))
    return {row["key"]: Trouble(row["failures"], row["last_at"]) for row in rows}


async def _keep(connection: Connection, troubles: Mapping[bytes, Trouble]) -> None:
    failures = [one.failures for one in troubles.values()]
    times = [one.last_at for one in troubles.values()]
    await connection.execute(SQL.keep_troubles, list(troubles), failures, times)


def _key(kind: str, *parts: str) -> bytes:
    text = "\0".join((kind, *parts))
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
