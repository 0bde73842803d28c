"""What the host notes in the scope of a request, and how it reads one."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["PATH", "REQUEST_ID", "below_mount", "is_login", "root_of", "shown"]

#: Members of the scope; Litestar changes `path` and leaves these.
PATH: Final = "nxforge.path"
REQUEST_ID: Final = "nxforge.request_id"

_LOGIN: Final = "/login/"


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


def is_login(path: str) -> bool:
    """Whether the path is that of a login link."""
    return path.startswith(_LOGIN)


def shown(path: str) -> str:
    """A path as logs may keep it: the code of a login link opens a session."""
    return f"{_LOGIN}***" if is_login(path) else path
