"""The audit trail in PostgreSQL: whole, and seen where it is not."""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta

import asyncpg
import pytest
from core_tables import migration_texts

from nxforge_core.database import Pool, ServerAddress
from nxforge_core.security.audit import (
    Actor,
    AuditFilter,
    AuditTrail,
    Head,
    add_audit,
    protect_audit,
)

ADA = Actor("ada", "person", "192.0.2.1", "r-1")
ALL = AuditFilter()


@pytest.fixture
def trail(pool: Pool) -> AuditTrail:
    """An empty trail."""
    return AuditTrail(pool)


async def fill(trail: AuditTrail, count: int = 5) -> None:
    """Some rows."""
    for number in range(count):
        change = ({"n": number}, {"n": number + 1, "ä": [1, None, "x\n"]})
        await trail.add(ADA, "things.change", f"t{number}", change)


async def overrule(pool: Pool, sql: str) -> None:
    """Change the trail as somebody does who owns the database."""
    async with pool.transaction() as connection:
        await connection.execute("alter table audit disable trigger refuse_change")
        await connection.execute(sql)
        await connection.execute("alter table audit enable trigger refuse_change")


async def test_trail_is_read_back_as_it_was_written(trail: AuditTrail) -> None:
    """Who, what, to what, before and after, from where, when."""
    await fill(trail, 1)
    (row,) = await trail.list(ALL)

    assert (row.id, row.actor, row.kind) == (1, "ada", "person")
    assert (row.action, row.target) == ("things.change", "t0")
    assert (row.before, row.after) == ({"n": 0}, {"n": 1, "ä": [1, None, "x\n"]})
    assert (row.address, row.request) == ("192.0.2.1", "r-1")
    assert (await trail.verify()).broken == {}


async def test_hostile_text_neither_fails_nor_breaks_the_chain(
    trail: AuditTrail,
) -> None:
    """NUL, half characters and separators in names are kept as text."""
    for name in ("a\0b", "\ud800", "1:a,2:b", "", "-", "ä" * 500):
        await trail.add(Actor(name, "guest"), "x.y", name)

    assert (await trail.verify()).broken == {}
    assert len(await trail.list(ALL)) == 6


async def test_writers_at_once_make_one_chain(pool: Pool, trail: AuditTrail) -> None:
    """Whoever comes second waits for the first; who fails leaves no gap."""

    async def write(number: int) -> None:
        async with pool.transaction() as connection:
            await add_audit(connection, ADA, "x.y", str(number))
            if number % 4 == 0:
                raise ConnectionError

    done = await asyncio.gather(
        *(write(number) for number in range(40)), return_exceptions=True
    )
    verdict = await trail.verify()

    assert sum(isinstance(one, ConnectionError) for one in done) == 10
    assert (verdict.rows, verdict.broken) == (30, {})


@pytest.mark.parametrize(
    "sql",
    [
        "update audit set actor = 'eve'",
        "delete from audit",
        "truncate audit",
        "delete from audit where id = 99",
    ],
)
async def test_trail_refuses_to_be_changed(
    pool: Pool, trail: AuditTrail, sql: str
) -> None:
    """Even its owner has to take the guard away first."""
    await fill(trail)
    with pytest.raises(asyncpg.PostgresError, match="only ever added to"):
        await pool.execute(sql)
    assert len(await trail.list(ALL)) == 5


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("update audit set actor = 'eve' where id = 3", 3),
        ("update audit set at = at + interval '1 microsecond' where id = 3", 3),
        ("""update audit set after = '{"n": 9}' where id = 3""", 3),
        ("update audit set before = null where id = 3", 3),
        ("update audit set address = '' where id = 1", 1),
        ("delete from audit where id = 1", 2),
        ("delete from audit where id = 3", 4),
        ("update audit set id = 9 where id = 5", 9),
        (
            "update audit set hash = decode(repeat('ab', 32), 'hex') where id = 5",
            5,
        ),
        (
            """insert into audit select 6, at, actor, kind, action, target, before,
            after, address, request, previous, hash from audit where id = 5""",
            6,
        ),
    ],
)
async def test_changed_removed_and_inserted_rows_are_found(
    pool: Pool, trail: AuditTrail, sql: str, where: int
) -> None:
    """The chain breaks where somebody laid hands on it."""
    await fill(trail)
    await overrule(pool, sql)

    assert min((await trail.verify()).broken) == where


async def test_cut_end_is_found_with_a_head_from_elsewhere(
    pool: Pool, trail: AuditTrail
) -> None:
    """A chain that was cut is whole in itself: only what was kept shows it."""
    await fill(trail)
    head = await trail.head()
    assert head is not None
    assert (await trail.verify(head)).broken == {}
    await fill(trail)
    assert (await trail.verify(head)).broken == {}
    await overrule(pool, "delete from audit where id >= 5")

    assert (await trail.verify()).broken == {}
    assert list((await trail.verify(head)).broken) == [5]
    assert list((await trail.verify(Head(2, "0" * 64))).broken) == [2]


async def test_filters_and_pages(trail: AuditTrail) -> None:
    """Each filter narrows; a page begins after the one before."""
    await fill(trail, 7)
    await trail.add(Actor("bob", "token"), "thingsX.change", "t1")
    (oldest,) = (await trail.list(ALL))[-1:]
    second = oldest.at + timedelta(microseconds=1)

    async def ids(
        before: int | None = None, limit: int = 9, **more: object
    ) -> list[int]:
        wanted = AuditFilter(**more)  # type: ignore[arg-type]  # of the test
        return [row.id for row in await trail.list(wanted, before, limit)]

    assert await ids() == [8, 7, 6, 5, 4, 3, 2, 1]
    assert await ids(6, 2) == [5, 4]
    assert await ids(actor="bob") == [8]
    assert await ids(action="things") == [7, 6, 5, 4, 3, 2, 1]
    assert await ids(action="things.change", target="t1") == [2]
    assert await ids(until=second) == [1]
    assert await ids(since=second, limit=1) == [8]
    assert [row.id async for row in trail.every(AuditFilter(actor="ada"))][-1] == 1


async def test_everyday_login_can_only_read_and_add(database: ServerAddress) -> None:
    """Where the host may make roles, privileges guard the trail, at each start."""
    role, password = f"nxt_{secrets.token_hex(4)}", "x" * 12
    owner = Pool(database, search_path="public")
    await owner.execute(f"create role {role} login createrole password '{password}'")
    await owner.execute(f"grant create on database {database.database} to {role}")
    pool = Pool(database.with_role(role, password), search_path="nxforge")
    instance = secrets.token_hex(4)
    try:
        await pool.execute(f"create schema nxforge authorization {role}")
        for text in migration_texts():
            await pool.execute(text)
        before = await pool.fetchval("select has_table_privilege('audit', 'delete')")
        said = [await protect_audit(pool, instance) for _ in range(2)]
        # As an installation has it that was protected before the function was.
        await owner.execute(
            f"alter function nxforge.refuse_audit_change() owner to {role}"
        )
        said.append(await protect_audit(pool, instance))
        trail = AuditTrail(pool)
        await fill(trail)
        for sql in (
            "update audit set actor = 'eve'",
            "delete from audit",
            "truncate audit",
            "insert into audit select * from audit",
            "alter table audit disable trigger refuse_change",
            "alter table audit owner to current_user",
            "drop trigger refuse_change on audit",
            "alter function refuse_audit_change() rename to refuse_nothing",
            "alter function audit_piece(text) owner to current_user",
            "create rule r as on insert to audit do instead nothing",
            "set session_replication_role = 'replica'",
            f"set role nxforge_audit_{instance}",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(sql)
        assert before is True
        assert said == ["", "", ""]
        assert (await trail.verify()).rows == 5
    finally:
        await pool.close()
        await owner.execute("drop schema nxforge cascade")
        await owner.execute(f"drop owned by {role}")
        await owner.execute(f"drop role if exists nxforge_audit_{instance}")
        await owner.execute(f"drop role {role}")
        await owner.close()


async def test_weak_protection_is_said(pool: Pool) -> None:
    """A superuser is held by no privilege, and is told so."""
    assert "superuser" in await protect_audit(pool, "01234567")
