"""Who looks at a page of the system."""

from __future__ import annotations

from nxforge_core.api.pages import Reader

from ._security import CallerRequest

__all__ = ["Caller"]


class Caller(Reader, frozen=True):
    """A reader of the system's own pages; no page of a plugin is told so much.

    Attributes:
        request: With it the pages ask the functions behind the API, so that whatever
            is done on a page is judged, and told to the audit trail, as it is there.
    """

    request: CallerRequest
