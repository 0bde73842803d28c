"""Files that others can read or change, and the user that the host runs as."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nxforge_core.security import key_path
from nxforge_core.settings import LoadedSettings

from ._finding import Finding

__all__ = ["weak_files"]

#: Settings whose values are secrets.
_SECRET: Final = ("database.url", "secrets.keys")


def weak_files(loaded: LoadedSettings, user: int | None = None) -> Iterator[Finding]:
    """What lies open on this machine.

    Args:
        loaded: Says where the files are.
        user: Id of the user; None is that of this process.
    """
    settings = loaded.settings
    key_file = key_path(settings.secrets, settings.data_dir)
    if _mode(key_file) & 0o077:
        yield Finding(
            "high",
            "open_key_file",
            f"others can read the keys in {key_file} (mode {_mode(key_file):04o})",
            f"run 'chmod 600 {key_file}', then 'nxforge secrets rotate'",
        )
    if _mode(settings.data_dir) & 0o077:
        yield Finding(
            "medium",
            "open_data_dir",
            f"others can look into {settings.data_dir} (mode "
            f"{_mode(settings.data_dir):04o})",
            f"run 'chmod 700 {settings.data_dir}'",
        )
    yield from _settings_file(loaded)
    if (os.geteuid() if user is None else user) == 0:
        yield Finding(
            "medium",
            "root",
            "this runs as root: a mistake in a plugin is one of the whole machine",
            "run the host as a user of its own",
        )


def _settings_file(loaded: LoadedSettings) -> Iterator[Finding]:
    if loaded.file is None:
        return
    mode = _mode(loaded.file)
    if mode & 0o022:
        yield Finding(
            "high",
            "writable_settings",
            f"others can change {loaded.file} (mode {mode:04o})",
            f"run 'chmod go-w {loaded.file}'",
        )
    held = [key for key in _SECRET if _is_from_file(loaded, key)]
    if held and mode & 0o004:
        yield Finding(
            "high",
            "readable_secrets",
            f"everybody can read {', '.join(held)} in {loaded.file} (mode {mode:04o})",
            f"run 'chmod 640 {loaded.file}'",
        )


def _is_from_file(loaded: LoadedSettings, key: str) -> bool:
    source = loaded.sources.get(key)
    return source is not None and source.kind == "file"


def _mode(path: Path) -> int:
    """Of a file; 0 where there is none."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
