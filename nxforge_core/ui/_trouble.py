"""What is wrong with what a reader sent."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

__all__ = ["Trouble"]


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why it was not done.

    Attributes:
        widget: To which it was sent.
        message: Of the whole; empty where single fields are wrong.
        fields: What is wrong with each.
        sent: What was in the fields, so that nobody types it twice; no secrets.
    """

    widget: str
    message: str = ""
    remedy: str = ""
    fields: Mapping[str, str] = {}
    sent: Mapping[str, str] = {}
