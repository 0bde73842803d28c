"""Looking at a server before anything is built on it."""

from __future__ import annotations

import msgspec
import pytest

from nxforge_core.database import (
    DatabaseUnreachableError,
    ServerAddress,
    check_server,
)

_CANARY = "canary-7"


async def test_check_server_tells_version_and_abilities(
    database: ServerAddress,
) -> None:
    """Version as a number and in words, and whether roles can be made."""
    info = await check_server(database)
    assert info.version >= 150000
    assert info.version_text.startswith(str(info.version // 10000))
    assert info.timescaledb is False
    assert info.can_create_roles is True


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"host": "127.0.0.1", "port": 1}, "127.0.0.1:1/"),
        ({"host": "name.invalid"}, "its host name is not known"),
        ({"database": "not_there"}, "not_there"),
    ],
)
async def test_check_server_names_place_reason_and_remedy_when_it_fails(
    database: ServerAddress, change: dict[str, object], words: str
) -> None:
    """One sentence with the address, without the password."""
    address = msgspec.structs.replace(database, password=_CANARY, **change)
    with pytest.raises(DatabaseUnreachableError) as refused:
        await check_server(address)
    assert words in refused.value.message
    assert "NXFORGE_DATABASE_URL" in refused.value.remedy
    assert "--database-url" in refused.value.remedy
    assert _CANARY not in refused.value.message
