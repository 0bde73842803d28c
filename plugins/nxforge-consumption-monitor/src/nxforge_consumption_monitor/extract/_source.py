"""Further pages of a device, which are asked for together with its own page."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ._errors import ExtractionError, RuleError

__all__ = ["PageSource", "SourceMissingError"]


class PageSource(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A further page of the same device.

    Attributes:
        url: As a link of the endpoint's page would say it: `/meters/2`, `?id=2`.
        body: Of a POST.
    """

    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    method: Literal["GET", "POST"] = "GET"
    body: Annotated[str, Meta(max_length=20_000)] | None = None

    def __post_init__(self) -> None:
        # Logins travel with it: it must not lead to anybody else.
        is_of_device = self.url.startswith(("/", "?")) and not (
            self.url.startswith("//") or "\\" in self.url
        )
        if not is_of_device:
            raise RuleError(
                field="url",
                what=f"{self.url!r} is no path or query of the device",
                remedy="begin it with / or ?: all pages come from the endpoint's host",
            )


class SourceMissingError(ExtractionError):
    """A rule reads from a page that was not asked for."""

    outcome = "unexpected_content"

    def __init__(self, source: str) -> None:
        super().__init__(
            f"the page of the source {source!r} is not there",
            remedy="further pages come with the client http only; the command extract "
            "takes one with --source",
        )
