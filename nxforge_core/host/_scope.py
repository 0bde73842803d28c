"""What the host notes in the scope of a request, and how it reads one."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["PATH", "REQUEST_ID", "below_mount", "holds_code", "root_of", "shown"]

#: Members of the scope; Litestar changes `path` and leaves these.
PATH: Final = "nxforge.path"
REQUEST_ID: Final = "nxforge.request_id"

#: Paths that end in a one-time code.
_CODES: Final = ("/login/", "/setup/", "/reset/")


def root_of(scope: Any) -> str:
    """The path the host is mounted at, without a slash at its end."""
    root: str = scope.get("root_path", "")
    return root.rstrip("/")


def below_mount(scope: Any) -> str:
    """The path below the mount: outer frameworks differ in whether they cut it."""
    path: str = scope["path"]
    root = root_of(scope)
    if root and (path == root or path.startswith(f"{root}/")):
        return path[len(root) :] or "/"
    return path


def holds_code(path: str) -> bool:
    """Whether the path is that of a link that works once."""
    return path.startswith(_CODES)


def shown(path: str) -> str:
    """A path as logs may keep it: the code of a link opens a session."""
    return f"/{path.split('/')[1]}/***" if holds_code(path) else path
