"""How the demo's visitor and its own client come in."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from ._console import console

if TYPE_CHECKING:
    from nxforge_core.host import Running

__all__ = ["demo_code", "demo_token"]

#: A demo runs for a year at the most; at its end the token is revoked.
_TOKEN_LIFE: Final = timedelta(days=366)


async def demo_code(running: Running) -> str:
    """The code of a link that lets the visitor in."""
    return await running.security.links.login("admin", "demo", console())


@asynccontextmanager
async def demo_token(running: Running) -> AsyncIterator[str]:
    """A token for as long as the demo runs."""
    tokens = running.security.tokens
    name, ends = f"demo-{secrets.token_hex(4)}", datetime.now(UTC) + _TOKEN_LIFE
    made = await tokens.create(name, "admin", ends, by=console())
    try:
        yield made.text
    finally:
        await tokens.revoke(made.id, console())
