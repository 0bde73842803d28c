"""Weaknesses that the database knows of: its login, people, tokens, networks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Final

from nxforge_core.api import Clock, Database, load_sql
from nxforge_core.security import wide_entries
from nxforge_core.security.people import Hasher

from ._finding import Finding

__all__ = ["weak_rows"]

_SQL: Final = load_sql(__package__)
_LATELY: Final = timedelta(days=14)


async def weak_rows(database: Database, clock: Clock) -> AsyncIterator[Finding]:
    """What is stored and weak.

    Args:
        database: The core's schema, with the login of every day.
        clock: Decides what has expired.
    """
    for check in (_login, _people, _tokens, _networks, _sightings):
        async for finding in check(database, clock):
            yield finding


async def _login(database: Database, _: Clock) -> AsyncIterator[Finding]:
    found = await database.fetchrow(_SQL.doctor_login) or {}
    if found["superuser"]:
        yield Finding(
            "high",
            "superuser",
            f"the host's database login {found['login']!r} is a superuser",
            f"run 'ALTER ROLE {found['login']} NOSUPERUSER CREATEROLE' as another one",
        )
    if found["encryption"] != "scram-sha-256":
        yield Finding(
            "medium",
            "old_database_hashes",
            f"the database keeps new passwords as {found['encryption']}",
            "set 'password_encryption' to 'scram-sha-256' in postgresql.conf",
        )


async def _people(database: Database, _: Clock) -> AsyncIterator[Finding]:
    rows = await database.fetch(_SQL.doctor_people)
    is_dated: Callable[[str], bool] = Hasher().is_dated
    dated = [
        row["name"] for row in rows if row["password"] and is_dated(row["password"])
    ]
    if dated:
        yield Finding(
            "medium",
            "old_hashes",
            f"passwords of {len(dated)} people are hashed at less than today's cost: "
            f"{', '.join(dated[:5])}",
            "they are made anew when these people log in; deactivate who never does",
        )
    if not any(row["role"] == "admin" and row["password"] for row in rows):
        yield Finding(
            "medium",
            "no_admin",
            "nobody administers the host: whoever sees its console first may",
            "open the link that 'nxforge users setup-link' prints",
        )


async def _tokens(database: Database, _: Clock) -> AsyncIterator[Finding]:
    rows = await database.fetch(_SQL.doctor_tokens)
    admins = [row["name"] for row in rows if row["admin"]]
    others = [row["name"] for row in rows if not row["admin"]]
    for level, names, words in (
        ("medium", admins, "of administrators, without limits, "),
        ("low", others, ""),
    ):
        if names:
            yield Finding(
                level,  # type: ignore[arg-type]  # one of them
                "endless_tokens",
                f"{len(names)} tokens {words}never expire: {', '.join(names[:5])}",
                "make new ones with '--days', and revoke these with "
                "'nxforge tokens revoke NAME'",
            )


async def _networks(database: Database, _: Clock) -> AsyncIterator[Finding]:
    rows = await database.fetch(_SQL.doctor_networks)
    wide = wide_entries(row["entry"] for row in rows)
    if wide:
        yield Finding(
            "high",
            "wide_networks",
            f"requests may go to {', '.join(wide)}: whoever may enter an endpoint "
            "reaches all of it through the host",
            "list the networks of the devices; 'nxforge network' changes the list",
        )


async def _sightings(database: Database, clock: Clock) -> AsyncIterator[Finding]:
    since = clock.now() - _LATELY
    for row in await database.fetch(_SQL.doctor_sightings, since):
        yield Finding(
            "medium",
            "forwarded_ignored",
            f"{row['detail']} sent X-Forwarded-For on {row['seen_at']:%Y-%m-%d} and is "
            "no trusted proxy: everybody behind it counts as one address, over plain "
            "http",
            f"add {row['detail']!r} to 'server.trusted_proxies' if it is your proxy",
        )
