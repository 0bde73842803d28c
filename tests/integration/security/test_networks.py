"""The allow-list on its table."""

from __future__ import annotations

import asyncio

import pytest
from core_tables import StoppedClock

from nxforge_core.api import InvalidInputError, UnknownItemError
from nxforge_core.database import Pool
from nxforge_core.security import (
    CONSOLE,
    DuplicateNetworkError,
    NetworkEntryError,
    Networks,
)
from nxforge_core.security.audit import AuditFilter, AuditTrail


@pytest.fixture
def networks(pool: Pool, clock: StoppedClock) -> Networks:
    """A list whose setting names one network."""
    return Networks(pool, clock, ["10.20.0.0/16:80"], own=["10.30.0.5"])


async def test_added_network_counts_at_once_and_until_it_is_removed(
    networks: Networks,
) -> None:
    """Nothing but the settings at first; then what was added, then not any more."""
    before = networks.refusal("10.30.0.7", 80)
    made = await networks.add(" 10.30.0.0/16 ", CONSOLE, "hall 3")
    allowed = networks.refusal("10.30.0.7", 80)
    database = networks.refusal("10.30.0.5", 5432)
    fixed = networks.refusal("10.20.0.7", 80)
    gone = await networks.remove(made.id, CONSOLE)

    assert before == "not in network.allow"
    assert (allowed, fixed) == (None, None)
    assert str(database).startswith("address of this host or its database")
    assert (made.entry, made.note, gone) == ("10.30.0.0/16", "hall 3", "10.30.0.0/16")
    assert networks.refusal("10.30.0.7", 80) == before


async def test_every_change_is_in_the_trail(networks: Networks, pool: Pool) -> None:
    """Who allowed what, and who took it back; a refused change leaves nothing."""
    made = await networks.add("[FD00:0::7]:443", CONSOLE, "gateway")
    with pytest.raises(NetworkEntryError):
        await networks.add("169.254.169.254", CONSOLE)
    await networks.remove(made.id, CONSOLE)
    rows = await AuditTrail(pool).list(AuditFilter(action="networks"))

    assert [(row.action, row.target, row.before, row.after) for row in rows] == [
        ("networks.remove", "[fd00::7]:443", {"note": "gateway"}, None),
        ("networks.allow", "[fd00::7]:443", None, {"note": "gateway"}),
    ]
    assert rows[0].actor == "console"


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        ("10.20.0.0/16:80", DuplicateNetworkError),
        ("10.40.0.7/32", DuplicateNetworkError),
        ("0.0.0.0", NetworkEntryError),  # noqa: S104 - refused, not listened on
        ("127.0.0.0/8", NetworkEntryError),
        ("meter.example", NetworkEntryError),
    ],
)
async def test_useless_entries_are_refused(
    networks: Networks, entry: str, error: type[Exception]
) -> None:
    """What is there in another spelling, and what would open nothing."""
    await networks.add("10.40.0.7", CONSOLE)
    with pytest.raises(error):
        await networks.add(entry, CONSOLE)

    assert [one.entry for one in await networks.list()] == ["10.40.0.7"]


@pytest.mark.parametrize("note", ["two\nlines", "\x1b[31m", "x" * 201])
async def test_note_is_one_short_line(networks: Networks, note: str) -> None:
    """It is shown in tables and on terminals."""
    with pytest.raises(InvalidInputError):
        await networks.add("10.40.0.7", CONSOLE, note)


async def test_entries_are_found_by_any_spelling(networks: Networks) -> None:
    """As text or as id; those of the settings are not among them."""
    made = await networks.add("fd00:0:0::/32", CONSOLE)

    assert await networks.find("fd00::/32") == made.id
    assert await networks.find(str(made.id)) == made.id
    with pytest.raises(UnknownItemError, match=r"10\.20\.0\.0/16:80"):
        await networks.find("10.20.0.0/16:80")
    with pytest.raises(UnknownItemError):
        await networks.remove(99, CONSOLE)


async def test_row_that_nobody_could_have_added_opens_nothing(
    networks: Networks, pool: Pool
) -> None:
    """Neither does it keep the others from counting."""
    insert = "insert into network (entry, note, created_by, created_at) "
    for entry in ("169.254.169.254", "nonsense", "10.50.0.0/16"):
        await pool.execute(f"{insert} values ($1, '', '', now())", entry)
    await networks.reload()

    assert networks.refusal("169.254.169.254", 80) == "metadata address, never allowed"
    assert networks.refusal("10.50.0.1", 80) is None


async def test_same_entry_is_added_once_by_two(networks: Networks) -> None:
    """Whoever comes second is told."""
    both = [networks.add("10.60.0.0/16", CONSOLE) for _ in range(2)]
    results = await asyncio.gather(*both, return_exceptions=True)

    assert sum(isinstance(one, DuplicateNetworkError) for one in results) == 1
    assert len(await networks.list()) == 1
