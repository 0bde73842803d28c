"""A trigger as text that two processes can compare."""

from __future__ import annotations

import msgspec

from nxforge_core.api import Trigger

__all__ = ["trigger_text"]


def trigger_text(trigger: Trigger) -> str:
    """Write a trigger as JSON with its fields in order."""
    return msgspec.json.encode(trigger, order="sorted").decode()
