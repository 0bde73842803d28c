"""Groups on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from nxforge_consumption_monitor.models import version_tag
from nxforge_core.api import Body, Model

__all__ = ["GroupBody", "GroupKind", "GroupView"]

GroupKind = Literal["rack", "client", "other"]


class GroupBody(Body):
    """A group as it is wanted. Endpoints name it as `groupId`.

    Attributes:
        kind: `rack` has feeds, `client` has what is billed together.
        tz: Zone of its months; by default that of the settings.
        tariff_id: By which its endpoints are billed that have none of their own.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    kind: GroupKind = "rack"
    tz: str | None = None
    tariff_id: str | None = None


class GroupView(Model):
    """A group.

    Attributes:
        members: Endpoints of it that are not archived.
    """

    id: str
    name: str
    kind: GroupKind
    tz: str
    tariff_id: str | None
    members: int
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Of this version."""
        return version_tag(self.updated_at)
