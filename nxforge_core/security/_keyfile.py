"""The file that holds the key set: private, made once, never half written."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from ._errors import KeySetError

__all__ = [
    "WatchedFile",
    "is_key",
    "lines_of_key_file",
    "make_key_file",
    "replace_key_file",
]


class WatchedFile:
    """A key file that notices when it was changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None

    def changed(self) -> bool:
        """Whether it differs from what was read last."""
        return self._state() != self._seen

    def forget(self) -> None:
        """What was read last could not be used: it counts as not read."""
        self._seen = None

    def read(self) -> list[str]:
        """Read the keys, newest first; lines that begin with `#` are comments.

        Raises:
            FileNotFoundError: there is no such file.
            KeySetError: it cannot be read, or others than its owner can read it.
        """
        # Before the reading: what is changed meanwhile is read once more, not missed.
        seen = self._state()
        lines = lines_of_key_file(self.path)
        self._seen = seen
        return list(filter(is_key, lines))

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size


def is_key(line: str) -> bool:
    """Whether a line of the file is a key, neither empty nor a comment."""
    return bool(line) and not line.startswith("#")


def lines_of_key_file(path: Path) -> list[str]:
    """Read the file as it is, comments included.

    Raises:
        FileNotFoundError: there is no such file.
        KeySetError: it cannot be read, or others than its owner can read it.
    """
    try:
        with path.open(encoding="ascii") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            lines = [line.strip() for line in file]
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        what = f"cannot be read: {error}"
        raise KeySetError(str(path), what, "make it readable for the host") from error
    if mode & 0o077:
        what = f"can be read by others (mode {mode:04o})"
        raise KeySetError(str(path), what, f"run 'chmod 600 {path}'")
    return lines


def make_key_file(path: Path, key: str) -> None:
    """Write a new key file with mode 0600; one that exists meanwhile stays as it is.

    It appears complete and synced, or not at all: a key that is lost in a power cut
    takes every stored secret with it.

    Raises:
        KeySetError: the folder cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(draft, f"# NxForge secret keys, newest first. Keep a copy.\n{key}\n")
        try:
            os.link(draft, path)  # fails where the file exists: the first one wins
        except FileExistsError:
            return
        finally:
            draft.unlink()
        _sync(path.parent)
    except OSError as error:
        what = f"cannot be made: {error.strerror}"
        remedy = f"make {path.parent} writable, or set NXFORGE_SECRETS_KEYS"
        raise KeySetError(str(path), what, remedy) from error


def replace_key_file(path: Path, lines: list[str]) -> None:
    """Put another content in the place of a key file, at once; its owner stays.

    Raises:
        KeySetError: it cannot be replaced.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        owner = path.stat()
        try:
            _write(draft, "".join(f"{line}\n" for line in lines))
            if owner.st_uid != os.geteuid():  # root, for the host's own user
                os.chown(draft, owner.st_uid, owner.st_gid)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
    except OSError as error:
        what = f"cannot be changed: {error.strerror}"
        remedy = (
            "where another tool provides the file, put a new key in there as the "
            "first line, then run 'nxforge secrets rotate --keep-key'"
        )
        raise KeySetError(str(path), what, remedy) from error


def _write(path: Path, text: str) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
