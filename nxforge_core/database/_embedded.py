"""A PostgreSQL of our own, below one data directory."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final

import asyncpg

from nxforge_core.api.errors import NxForgeError

from ._address import ServerAddress
from ._binaries import find_binaries
from ._cluster import ROLE, ensure_cluster
from ._confinement import Confinement, choose_confinement
from ._errors import EmbeddedServerError, ServerPasswordError
from ._host_login import HOST_ROLE, make_host_login
from ._layout import Layout
from ._outage import outage_reason
from ._postmaster import Postmaster, clear_remains
from ._server import connect_once

__all__ = ["EmbeddedServer"]

_DATABASE: Final = "nxforge"
#: Seconds between two looks, while something is about to happen.
_GLANCE: Final = 0.01
#: Seconds between two looks at a server that another process owns.
_WATCH: Final = 0.25
#: Seconds in which a server that ends while it starts is started again.
_AGAIN: Final = 10.0
#: Seconds for a start with crash recovery.
_START: Final = 120.0


class EmbeddedServer:
    """A server that belongs to one process and serves every process of this directory.

    The process that gets the lock of the directory starts the server and ends it; the
    server ends by itself when that process dies. Others connect, and one of them takes
    over (`keep`) when the owner is gone. The address stays the same.

    ::

        async with EmbeddedServer(Path("/var/lib/nxforge/postgresql")) as address:
            pool = Pool(address, search_path="public")

    Args:
        data_dir: Its own folder; made at the first start, needs nothing beside it.
        confine: How to run the server's programs; found out where it is not given.
    """

    def __init__(self, data_dir: Path, *, confine: Confinement | None = None) -> None:
        self._layout = Layout(data_dir)
        self._confine = confine
        self._lock: int | None = None
        self._postmaster: Postmaster | None = None

    @property
    def is_owner(self) -> bool:
        """Whether this process started the server and will end it."""
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """Process number of the running server."""
        return Postmaster(self._layout, Confinement(parent_death_signal=True)).pid

    @property
    def owner(self) -> ServerAddress:
        """The server's own login, a superuser: for what the host may not do.

        Raises:
            ServerPasswordError: its password is not here.
        """
        layout = self._layout
        folder, password = layout.socket_folder(), layout.read_password()
        if folder is None or password is None:
            what = "the password file is missing"
            raise ServerPasswordError(layout.data_dir, layout.password, what)
        return _address_in(folder, ROLE, password)

    async def __aenter__(self) -> ServerAddress:
        return await self.start()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> ServerAddress:
        """Start the server, or connect to the one another process owns.

        Returns:
            The address, once it has answered `SELECT 1`.

        Raises:
            EmbeddedServerError: a subclass says what is in the way.
        """
        self._layout.prepare()
        deadline = asyncio.get_running_loop().time() + _START
        while asyncio.get_running_loop().time() < deadline:
            if self._take_lock():
                return await self._start_owned(deadline)
            if (address := self._address()) and await self._answers(address):
                return address
            await asyncio.sleep(_GLANCE * 5)
        raise EmbeddedServerError(
            self._layout.data_dir, "the process that owns it does not answer"
        )

    async def stop(self) -> None:
        """End the server if it is ours. Bounded: it is killed in the end."""
        if not self.is_owner:
            return
        if self._postmaster:
            await self._postmaster.stop()
            self._postmaster = None
        self._layout.remove_socket_folder()
        self._release_lock()

    async def keep(self, report: Callable[[NxForgeError], None]) -> None:
        """Keep the server running until cancelled: restart it, or take it over.

        Args:
            report: Told each failed attempt; the next one follows a second later.
        """
        while True:
            if self._postmaster:
                await self._postmaster.wait()
            else:
                await asyncio.sleep(_WATCH)
                if not self._take_lock():
                    continue
            try:
                await self._start_owned(asyncio.get_running_loop().time() + _START)
            except NxForgeError as error:
                report(error)
                await asyncio.sleep(1)

    async def _start_owned(self, deadline: float) -> ServerAddress:
        try:
            return await self._launch(deadline)
        except BaseException:
            if self._postmaster:
                await self._postmaster.stop()
                self._postmaster = None
            self._release_lock()
            raise

    async def _launch(self, deadline: float) -> ServerAddress:
        layout = self._layout
        binaries = find_binaries(layout.data_dir, layout.major_version())
        confine = self._confine or await choose_confinement(layout.data_dir, binaries)
        password = layout.ensure_password()
        layout.ensure_host_password()
        confine.open_door(layout.data_dir)
        await ensure_cluster(layout, confine, binaries, password)
        folder = layout.ensure_socket_folder()
        confine.own(folder)
        await clear_remains(layout)
        give_up = asyncio.get_running_loop().time() + _AGAIN
        while True:
            self._postmaster = postmaster = Postmaster(layout, confine)
            await postmaster.spawn(binaries, folder)
            address = self._host_in(folder)
            if await self._has_answered(postmaster, address, deadline):
                return address
            if asyncio.get_running_loop().time() > give_up:
                raise EmbeddedServerError(layout.data_dir, layout.log_tail())
            # Children of a killed server hold its shared memory for a moment.
            await asyncio.sleep(_GLANCE * 10)

    async def _has_answered(
        self, postmaster: Postmaster, address: ServerAddress, deadline: float
    ) -> bool:
        """Wait for the first answer; False where the server has ended instead."""
        while not await self._answers(address):
            if asyncio.get_running_loop().time() > deadline:
                what = f"no answer within {_START:g} s; {self._layout.log_tail()}"
                raise EmbeddedServerError(self._layout.data_dir, what)
            if postmaster.exit_code is not None:
                return False
            await asyncio.sleep(_GLANCE)
        return True

    async def _answers(self, address: ServerAddress) -> bool:
        try:
            return await _answers(address)
        except (asyncpg.InvalidPasswordError, asyncpg.InvalidCatalogNameError):
            # A new server, or one from before the host had a login of its own.
            await self._make_host_login(address)
            return await _answers(address)

    async def _make_host_login(self, address: ServerAddress) -> None:
        try:
            await make_host_login(self.owner, address)
        except asyncpg.InvalidPasswordError as error:
            # Waiting does not help: nothing changes a password but a person.
            layout = self._layout
            raise ServerPasswordError(
                layout.data_dir, layout.password, "the server refuses this password"
            ) from error

    def _address(self) -> ServerAddress | None:
        folder = self._layout.socket_folder()
        if folder is None or self._layout.read_password() is None:
            return None
        return self._host_in(folder)

    def _host_in(self, folder: Path) -> ServerAddress:
        password = self._layout.ensure_host_password()
        return _address_in(folder, HOST_ROLE, password)

    def _take_lock(self) -> bool:
        if self._lock is not None:
            return True
        with self._layout.refusals_named(self._layout.lock):
            descriptor = os.open(self._layout.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def _release_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _address_in(folder: Path, role: str, password: str) -> ServerAddress:
    return ServerAddress(
        host=str(folder), user=role, password=password, database=_DATABASE
    )


async def _answers(address: ServerAddress) -> bool:
    try:
        async with connect_once(address) as connection:
            return bool(await connection.fetchval("SELECT 1"))
    except (asyncpg.InvalidPasswordError, asyncpg.InvalidCatalogNameError):
        raise
    except Exception as error:
        if outage_reason(error, connecting=True) is None:
            raise
        return False
