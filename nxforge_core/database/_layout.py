"""The folders and files of an embedded server.

::

    DATA_DIR/            0700, or 0711 where the server runs under another user
      owner.lock         held (flock) by the process that owns the server
      password           0600: of the server's own login, a superuser
      host-password      0600: of the host's login
      socket             text: the folder of the socket, where it had to go elsewhere
      run/               0700: the socket
      cluster/           0700: PostgreSQL's data
      server.log         since the last start; server.log.1 before that when it is big
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from ._errors import DataDirectoryError, ServerPasswordError

__all__ = ["MAX_LOG_BYTES", "Layout"]

MAX_LOG_BYTES: Final = 10_000_000
#: `sockaddr_un` holds 108 bytes with the final zero on Linux, 104 elsewhere.
_SOCKET_LIMIT: Final = 107 if os.uname().sysname == "Linux" else 103
_SOCKET_NAME: Final = "/.s.PGSQL.5432"
_TEMPORARY: Final = "nxforge-"


class Layout:
    """Where things are in one data directory, and their permissions."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self.cluster = self.data_dir / "cluster"
        self.log = self.data_dir / "server.log"
        self.lock = self.data_dir / "owner.lock"
        self.password = self.data_dir / "password"
        self.host_password = self.data_dir / "host-password"
        self._pointer = self.data_dir / "socket"

    def prepare(self) -> None:
        """Make the data directory, closed to others where it is new.

        Raises:
            DataDirectoryError: it cannot be made or written.
        """
        with self.refusals_named(self.data_dir):
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.lock.touch(mode=0o600)
            # A read-only file system lets an existing file be touched by nobody,
            # but only a new one proves that there is room for a name.
            probe = self.data_dir / f".probe-{secrets.token_hex(4)}"
            probe.touch(mode=0o600)
            probe.unlink()

    def major_version(self) -> str | None:
        """Answer the cluster's PostgreSQL version, None where there is none yet."""
        with suppress(FileNotFoundError):
            return (self.cluster / "PG_VERSION").read_text().strip()
        return None

    def read_password(self) -> str | None:
        """Answer the login's password, None where none was made yet."""
        with suppress(FileNotFoundError):
            return self.password.read_text().strip() or None
        return None

    def ensure_password(self) -> str:
        """Answer the login's password, made at the first call.

        Raises:
            DataDirectoryError: the file is gone while the cluster is here.
        """
        if known := self.read_password():
            return known
        if self.major_version() is not None:
            raise ServerPasswordError(
                self.data_dir, self.password, "the password file is missing"
            )
        password = secrets.token_urlsafe(32)
        self._write_private(self.password, password)
        return password

    def ensure_host_password(self) -> str:
        """Answer the password of the host's login, made at the first call.

        Whoever comes first has made it: two processes never set one each.
        """
        with suppress(FileNotFoundError):
            return self.host_password.read_text().strip()
        draft = self.write_temporary(secrets.token_urlsafe(32))
        with self.refusals_named(self.host_password), suppress(FileExistsError):
            os.link(draft, self.host_password)
        draft.unlink()
        return self.host_password.read_text().strip()

    def write_temporary(self, text: str) -> Path:
        """Write a private file for a moment, below the data directory."""
        path = self.data_dir / f".once-{secrets.token_hex(8)}"
        self._write_private(path, text)
        return path

    def socket_folder(self) -> Path | None:
        """Answer where the socket is; None while no owner has decided."""
        run = self.data_dir / "run"
        if _fits(run):
            return run
        with suppress(FileNotFoundError):
            return Path(self._pointer.read_text().strip())
        return None

    def ensure_socket_folder(self) -> Path:
        """Make the private folder of the socket, where its path is short enough.

        The same folder is taken again after a restart, so that an address stays
        valid; one that another user could have put there is never taken.
        """
        folder = self.socket_folder()
        with self.refusals_named(folder or self._pointer):
            if folder is not None:
                with suppress(FileExistsError):
                    folder.mkdir(mode=0o700)
                if _is_private(folder):
                    return folder
            folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
            self._write_private(self._pointer, str(folder))
        return folder

    def remove_socket_folder(self) -> None:
        """Leave nothing outside the data directory after a clean stop."""
        folder = self.socket_folder()
        if folder is None or folder.parent == self.data_dir:
            return
        if folder.name.startswith(_TEMPORARY) and _is_private(folder):
            shutil.rmtree(folder, ignore_errors=True)

    def rotate_log(self) -> None:
        """Keep one older log when the present one is big."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > MAX_LOG_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))

    def open_log(self) -> BinaryIO:
        """Open the log for the server's words, closed to others."""
        with self.refusals_named(self.log):
            return open(self.log, "ab", opener=_private)

    def log_tail(self) -> str:
        """Answer the last words of the server, one line."""
        with suppress(OSError):
            lines = self.log.read_text("utf-8", "replace").splitlines()
            return " / ".join(line.strip() for line in lines[-3:])
        return ""

    @contextmanager
    def refusals_named(self, path: Path) -> Iterator[None]:
        """Turn what the file system refuses into an error with a remedy."""
        try:
            yield
        except OSError as error:
            refused = Path(error.filename) if error.filename else path
            reason = error.strerror or str(error)
            raise DataDirectoryError(self.data_dir, refused, reason) from error

    def _write_private(self, path: Path, text: str) -> None:
        # Whole or not at all: a kill in between leaves the old file.
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with self.refusals_named(path):
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder)) + len(_SOCKET_NAME) <= _SOCKET_LIMIT


def _is_private(folder: Path) -> bool:
    status = folder.lstat()
    return (
        stat.S_ISDIR(status.st_mode)
        and stat.S_IMODE(status.st_mode) & 0o077 == 0
        and os.geteuid() in {status.st_uid, 0}
    )
