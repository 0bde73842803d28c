"""What a browser saw at an endpoint's latest failure, as it is shown."""

from __future__ import annotations

from datetime import datetime

from nxforge_core.api import Model

__all__ = ["FailureView"]


class FailureView(Model):
    """The latest poll in a browser that failed.

    Attributes:
        failed_at: When it was given up.
        outcome: Why, in one word.
        error: Why, in a sentence.
        step: Number of the step that failed, from 1 on; 0: the page itself.
        html: Beginning of the page as it was then, without secrets.
        screenshot_bytes: Size of the picture, a PNG; null: there is none.
    """

    endpoint_id: str
    failed_at: datetime
    outcome: str
    error: str
    step: int
    html: str
    screenshot_bytes: int | None
