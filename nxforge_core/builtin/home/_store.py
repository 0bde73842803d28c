"""Layouts of the start page in the database: of people, and of guests' sessions."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import load_sql
from nxforge_core.builtin._context import CoreContext
from nxforge_core.security import Principal
from nxforge_core.security.people import PersonRequiredError

from ._layout import Layout

__all__ = ["forget_layout", "keep_layout", "read_layout"]

_SQL: Final = load_sql("nxforge_core.builtin")


async def read_layout(ctx: CoreContext, reader: Principal) -> Layout:
    """What the reader wants; without an account and a session: nothing of their own."""
    if reader.person is None and reader.session is None:
        return Layout()
    found = await ctx.db.structs(Layout, _SQL.home_layout, *_whose(reader))
    return found[0] if found else Layout()


async def keep_layout(ctx: CoreContext, reader: Principal, layout: Layout) -> None:
    """Remember it.

    Raises:
        PersonRequiredError: the reader is a token that belongs to nobody.
    """
    person, session = _whose(reader)
    statement = (
        _SQL.keep_home_of_session if person is None else _SQL.keep_home_of_person
    )
    await ctx.db.execute(
        statement,
        session if person is None else person,
        list(layout.cards),
        list(layout.hidden),
        ctx.clock.now(),
    )


async def forget_layout(ctx: CoreContext, reader: Principal) -> None:
    """Let it be as at first.

    Raises:
        PersonRequiredError: the reader is a token that belongs to nobody.
    """
    await ctx.db.execute(_SQL.forget_home_layout, *_whose(reader))


def _whose(reader: Principal) -> tuple[int | None, int | None]:
    if reader.person is not None:
        return reader.person, None
    if reader.session is not None:
        return None, reader.session
    raise PersonRequiredError(reader.name)
