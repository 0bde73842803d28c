"""Groups of endpoints: racks, clients, and what is billed together."""

from __future__ import annotations

from ._manage import (
    DuplicateGroupError,
    GroupInUseError,
    change_group,
    create_group,
    groups,
    remove_group,
    show_group,
)
from ._views import GroupBody, GroupKind, GroupView

__all__ = [
    "DuplicateGroupError",
    "GroupBody",
    "GroupInUseError",
    "GroupKind",
    "GroupView",
    "change_group",
    "create_group",
    "groups",
    "remove_group",
    "show_group",
]
