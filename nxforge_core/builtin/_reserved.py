"""Ids that no plugin may have."""

from __future__ import annotations

from typing import Final

__all__ = ["RESERVED_IDS"]

#: Names of core commands, today's and those that the documentation promises.
RESERVED_IDS: Final = frozenset(
    {
        "backup",
        "check",
        "demo",
        "dev",
        "doctor",
        "jobs",
        "manifest",
        "migrate",
        "new",
        "plugins",
        "runs",
        "secrets",
        "serve",
        "settings",
        "tokens",
        "users",
        "worker",
    }
)
