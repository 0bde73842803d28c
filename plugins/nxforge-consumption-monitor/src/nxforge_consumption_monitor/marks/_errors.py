"""Refusals about readings that are taken out or put back."""

from __future__ import annotations

from nxforge_core.api import UnknownItemError

__all__ = ["NoSuchReadingError"]


class NoSuchReadingError(UnknownItemError):
    """No reading there is left to be taken out, or was taken out."""

    def __init__(self, channel: str, period: str, *, excluded: bool) -> None:
        super().__init__(
            kind="excluded reading" if excluded else "reading that is not excluded",
            value=f"{channel} {period}",
            remedy="GET /readings lists the instants; what is excluded has that reason",
        )
