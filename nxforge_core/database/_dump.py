"""What an installation keeps in its database, as one file, and back.

PostgreSQL's own programs do it. Owners and privileges stay behind: a start gives tables
to the logins of the server it is on.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from ._address import ServerAddress
from ._binaries import packaged_binaries
from ._dump_errors import (
    DumpFailedError,
    NoDumpProgramError,
    NotEmptyError,
    TimescaleDumpError,
)
from ._queries import SQL
from ._server import check_server, connect_once

__all__ = ["bring_in", "dump_database", "restore_database"]

_DUMP: Final = "pg_dump"
_PARTS: Final = ("nxforge", "nxq", "nxp_*")
_PLAIN: Final = ("--format=plain", "--no-owner", "--no-privileges")
_HEAD: Final = 4096
_NEW_SETTING: Final = b"SET transaction_timeout = 0;"
_VERSION: Final = re.compile(rb"\) (\d+)")
#: Of an address, as PostgreSQL's programs read it from their environment: nobody sees
#: that in a list of processes.
_VARIABLES: Final[Mapping[str, str]] = {
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "gssencmode": "PGGSSENCMODE",
    "options": "PGOPTIONS",
    "sslcert": "PGSSLCERT",
    "sslcrl": "PGSSLCRL",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


async def dump_database(
    address: ServerAddress, file: Path, parts: Sequence[str] = _PARTS
) -> None:
    """Write a file, for its owner only: whole, or not at all.

    Args:
        address: With the host's login.
        file: Is written over where it is there.
        parts: Schemas; by default all of an installation.

    Raises:
        DumpFailedError: it could not be written; a subclass or the message says why.
        NoDumpProgramError: there is no `pg_dump` that is new enough.
    """
    server = await check_server(address)
    if server.timescaledb:
        raise TimescaleDumpError
    programs = await _programs(server.version // 10_000)
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        schemas = [f"--schema={part}" for part in parts]
        arguments = [*_PLAIN, *schemas, f"--file={draft}"]
        await _run(address, programs / _DUMP, arguments)
        _leave_out_new_settings(draft)
        draft.replace(file)
    except OSError as error:
        raise DumpFailedError(_DUMP, f"{file}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


async def restore_database(address: ServerAddress, file: Path) -> None:
    """Bring such a file into a database without NxForge, in one transaction.

    Raises:
        NotEmptyError: there is an installation already.
        DumpFailedError: the file cannot be brought in; the database stays empty.
        NoDumpProgramError: there is no `psql` that is new enough.
    """
    async with connect_once(address) as connection:
        if await connection.fetchval(SQL.is_installed):
            raise NotEmptyError(address.display())
    await bring_in(address, file)


async def bring_in(address: ServerAddress, file: Path) -> None:
    """Run a dump in one transaction.

    Raises:
        DumpFailedError: it fails; nothing of it stays.
        NoDumpProgramError: there is no `psql` that is new enough.
    """
    server = await check_server(address)
    programs = await _programs(server.version // 10_000)
    arguments = ["--no-psqlrc", "--quiet", "--single-transaction"]
    arguments += ["--set=ON_ERROR_STOP=1", f"--file={file}"]
    await _run(address, programs / "psql", arguments)


def _leave_out_new_settings(file: Path) -> None:
    """Let servers read it that are older than the program that wrote it.

    `pg_dump` begins by setting what only servers from 17 on know, to their default.
    """
    with file.open("r+b") as opened:
        place = opened.read(_HEAD).find(_NEW_SETTING)
        if place >= 0:
            opened.seek(place)
            opened.write(b"--  ")


async def _run(address: ServerAddress, program: Path, arguments: Sequence[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env={**_without_own(), **_environment(address)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, words = await process.communicate()
    except BaseException:
        process.kill()
        await process.wait()
        raise
    if process.returncode != 0:
        last = words.decode("utf-8", "replace").strip().splitlines()[-3:]
        raise DumpFailedError(program.name, " / ".join(last))


def _without_own() -> dict[str, str]:
    return {key: text for key, text in os.environ.items() if not key.startswith("PG")}


def _environment(address: ServerAddress) -> dict[str, str]:
    found = {"PGHOST": address.host, "PGPORT": str(address.port)}
    found |= {"PGUSER": address.user, "PGPASSWORD": address.password}
    found |= {"PGDATABASE": address.database, "PGAPPNAME": "nxforge dump"}
    for option, text in address.options.items():
        if option in _VARIABLES:
            found[_VARIABLES[option]] = text
    return {key: text for key, text in found.items() if text}


async def _programs(needed: int) -> Path:
    """A folder with programs at least as new as the server."""
    found: list[int] = []
    for folder in _folders():
        version = await _version_of(folder / _DUMP)
        if version >= needed and (folder / "psql").exists():
            return folder
        found.append(version)
    raise NoDumpProgramError(needed, max(found, default=0))


def _folders() -> Iterator[Path]:
    yield from packaged_binaries().values()
    if (program := shutil.which(_DUMP)) is not None:
        yield Path(program).parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


async def _version_of(program: Path) -> int:
    try:
        process = await asyncio.create_subprocess_exec(
            program, "--version", stdout=asyncio.subprocess.PIPE
        )
    except OSError:
        return 0
    words, _ = await process.communicate()
    match = _VERSION.search(words)
    return int(match[1]) if match else 0
