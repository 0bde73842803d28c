"""Who the server's processes are, and how they end with their owner.

PostgreSQL refuses to run as root. In a user namespace that maps root to nobody it
runs with root's files and without root's rights; where containers forbid that, an
unprivileged user takes the server's files inside the data directory, if it can reach
them. Nothing outside the data directory is ever changed.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from ._errors import EmbeddedUserError

__all__ = ["Confinement", "choose_confinement"]

_NOBODY: Final = 65534
_NAMESPACE: Final = (
    "unshare",
    "--user",
    f"--map-user={_NOBODY}",
    f"--map-group={_NOBODY}",
)
_OTHER_USER: Final = (
    "setpriv",
    f"--reuid={_NOBODY}",
    f"--regid={_NOBODY}",
    "--clear-groups",
)
#: Standard input is a pipe from the owner: its end is the owner's end. The read is
#: in a subshell, so that the shell sees at once when the server ends by itself.
_END_WITH_PIPE: Final = """
exec 3<&0 </dev/null
"$@" 3<&- & server=$!
{ read -r _ <&3; kill -INT "$server"; } 2>/dev/null & watcher=$!
exec 3<&-
wait "$server"; status=$?
kill "$watcher" 2>/dev/null
exit "$status"
"""


class Confinement(msgspec.Struct, frozen=True, kw_only=True):
    """How to run the server's programs.

    Attributes:
        identity: Goes before every program.
        uid: Owner of the server's files where it is not ourselves.
        parent_death_signal: The kernel ends the server with its owner; else a pipe
            does.
    """

    identity: tuple[str, ...] = ()
    uid: int | None = None
    parent_death_signal: bool

    def once(self, *command: str | Path) -> list[str]:
        """Answer the command line of a program that ends by itself."""
        return [*self.identity, *map(str, command)]

    def server(self, *command: str | Path) -> list[str]:
        """Answer the command line of the server: it ends with the calling thread."""
        words = [str(word) for word in command]
        if not self.parent_death_signal:
            return ["sh", "-c", _END_WITH_PIPE, "sh", *self.identity, *words]
        # After the change of identity, which clears the signal.
        return [*self.identity, "setpriv", "--pdeathsig", "INT", *words]

    def own(self, *paths: Path) -> None:
        """Give files inside the data directory to the server's user."""
        if self.uid is not None:
            for path in paths:
                os.chown(path, self.uid, self.uid)

    def open_door(self, data_dir: Path) -> None:
        """Let the server's user pass through to its own files, and list nothing."""
        if self.uid is not None:
            data_dir.chmod(0o711)


async def choose_confinement(data_dir: Path, binaries: Path) -> Confinement:
    """Find an identity under which the server can run here.

    Raises:
        EmbeddedUserError: we are root and neither way works.
    """
    kernel = shutil.which("setpriv") is not None
    if os.geteuid() != 0:
        return Confinement(parent_death_signal=kernel)
    if await _works([*_NAMESPACE, str(binaries / "postgres"), "--version"]):
        return Confinement(identity=_NAMESPACE, parent_death_signal=kernel)
    return await other_user(data_dir, binaries)


async def other_user(data_dir: Path, binaries: Path) -> Confinement:
    """Run as nobody, where nobody can reach the data and the programs.

    Raises:
        EmbeddedUserError: it cannot, and we open no folder for it.
    """
    if shutil.which("setpriv") is None:
        raise EmbeddedUserError(
            data_dir, "neither user namespaces nor the program setpriv are here"
        )
    if not await _works([*_OTHER_USER, str(binaries / "postgres"), "--version"]):
        raise EmbeddedUserError(
            data_dir, f"user namespaces are off and nobody cannot run {binaries}"
        )
    if not await _works([*_OTHER_USER, "test", "-x", str(data_dir.parent)]):
        raise EmbeddedUserError(
            data_dir, f"user namespaces are off and nobody cannot enter {data_dir}"
        )
    return Confinement(identity=_OTHER_USER, uid=_NOBODY, parent_death_signal=True)


async def _works(command: Sequence[str]) -> bool:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    return await process.wait() == 0
