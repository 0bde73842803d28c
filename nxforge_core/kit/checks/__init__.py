"""Every check, in the order of the report: one module each."""

from __future__ import annotations

from typing import Final

from nxforge_core.kit._check import Check

from . import (
    _access,
    _answers,
    _bad_settings,
    _cancel,
    _connections,
    _database_loss,
    _documented,
    _entry_point,
    _events,
    _hooks,
    _import,
    _jobs,
    _loop,
    _manifest,
    _migrations,
    _pages,
    _requirements,
    _residue,
    _round_trip,
    _routes,
    _settings,
    _specs,
    _start,
    _start_again,
    _start_up,
    _together,
    _types,
    _wheel,
)

__all__ = ["CHECKS"]

CHECKS: Final[tuple[Check, ...]] = (
    _entry_point.CHECK,
    _manifest.CHECK,
    _requirements.CHECK,
    _import.CHECK,
    _hooks.CHECK,
    _routes.CHECK,
    _settings.CHECK,
    _specs.CHECK,
    _migrations.CHECK,
    _start.CHECK,
    _answers.CHECK,
    _start_again.CHECK,
    _access.CHECK,
    _jobs.CHECK,
    _cancel.CHECK,
    _pages.CHECK,
    _events.CHECK,
    _loop.CHECK,
    _connections.CHECK,
    _database_loss.CHECK,
    _bad_settings.CHECK,
    _round_trip.CHECK,
    _residue.CHECK,
    _documented.CHECK,
    _types.CHECK,
    _start_up.CHECK,
    _wheel.CHECK,
    _together.CHECK,
)
