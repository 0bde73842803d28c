"""The core's own tables without a host, and a clock that a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

__all__ = ["START", "StoppedClock", "migration_texts"]

START = datetime(2026, 1, 1, tzinfo=UTC)


class StoppedClock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """The instant."""
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Seconds."""
        return self.seconds


def migration_texts(*, back: bool = False) -> list[str]:
    """The core's migrations in order, or in reverse what undoes them."""
    folder = files("nxforge_core.builtin") / "migrations"
    found = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir()}
    names = sorted(name for name in found if name.endswith(".rollback.sql") is back)
    return [found[name] for name in (reversed(names) if back else names)]
