"""What the arithmetic refuses to calculate with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from nxforge_core.api.errors import InvalidInputError

__all__ = ["LimitError", "NaiveInstantError"]


class LimitError(InvalidInputError):
    """A limit with which no reading could be judged."""

    code = "register_limit"

    def __init__(self, *, field: str, value: Decimal, wanted: str) -> None:
        super().__init__(field=field, value=value, remedy=f"give a number {wanted}")


class NaiveInstantError(InvalidInputError):
    """An instant without an offset: it could be any hour of the day."""

    code = "naive_instant"

    def __init__(self, *, field: str, value: datetime) -> None:
        super().__init__(
            field=field,
            value=value.isoformat(),
            remedy="give the instant with its offset from UTC",
        )
