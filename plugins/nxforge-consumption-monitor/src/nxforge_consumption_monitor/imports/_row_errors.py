"""Why a row of a file is not taken; the others are.

::

    RowError
      MissingCellError
      NotTimeError
      SkippedTimeError       the clocks went over it
      FutureTimeError
      EarlyTimeError
      CalendarError
      NotNumberError
      NotOnlyNumberError
      NegativeValueError
      LargeValueError
      OverlapError
      OtherValueError        the file says two things of one instant
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "CalendarError",
    "EarlyTimeError",
    "FutureTimeError",
    "LargeValueError",
    "MissingCellError",
    "NegativeValueError",
    "NotNumberError",
    "NotOnlyNumberError",
    "NotTimeError",
    "OtherValueError",
    "OverlapError",
    "RowError",
    "SkippedTimeError",
]


class RowError(Exception):
    """A row is not taken. `reason` says why in one sentence, values included."""

    words: ClassVar[str] = ""

    def __init__(self, **facts: object) -> None:
        self.reason = self.words.format(**facts)
        super().__init__(self.reason)


class MissingCellError(RowError):
    """The row has no such cell, or it is empty."""

    words = "the {what} is missing"


class NotTimeError(RowError):
    """The text is no time of the form."""

    words = "{text!r} is no time of the form {form!r}; name the form as 'timeFormat'"


class SkippedTimeError(RowError):
    """No clock showed the time."""

    words = "{local} does not exist in {zone}: the clocks went forward"


class FutureTimeError(RowError):
    """The time has not come."""

    words = "{text!r} lies in the future"


class EarlyTimeError(RowError):
    """The time is before any meter of this kind."""

    words = "{text!r} lies before {earliest}"


class CalendarError(RowError):
    """The time is in no year that can be computed with."""

    words = "{text!r} lies beyond the calendar"


class NotNumberError(RowError):
    """The text is no number, or could be two."""

    words = "{why}"


class NotOnlyNumberError(RowError):
    """Something else stands beside the number."""

    words = "{text!r} is not only a number in {unit}"


class NegativeValueError(RowError):
    """Below zero."""

    words = "{text!r} is negative"


class LargeValueError(RowError):
    """More than the register can show."""

    words = "{text!r} is more than the register shows: {bound} kWh"


class OverlapError(RowError):
    """Intervals that overlap, or go back."""

    words = (
        "the interval from {start} begins before the one before it ends, {end}; "
        "intervals go in order of time"
    )


class OtherValueError(RowError):
    """Two values of one instant in one file."""

    words = "{line} has another value for {at}"
