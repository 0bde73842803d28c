"""Ids that no plugin may have."""

from __future__ import annotations

from typing import Final

__all__ = ["RESERVED_IDS"]

#: Names of core commands, today's and those that the documentation promises, and
#: first words of events that are nobody's own.
RESERVED_IDS: Final = frozenset(
    {
        "alert",
        "backup",
        "check",
        "demo",
        "dev",
        "doctor",
        "job",
        "jobs",
        "manifest",
        "metric",
        "migrate",
        "module",
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
