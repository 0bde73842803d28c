"""Tariffs and bills as they come in and go out."""

from __future__ import annotations

from datetime import datetime

from nxforge_consumption_monitor.billing import Price
from nxforge_consumption_monitor.models import version_tag
from nxforge_core.api import Body, Model

__all__ = ["TariffBody", "TariffView"]


class TariffBody(Body):
    """A tariff as it is wanted, with all its prices in order of time."""

    name: str
    currency: str
    prices: tuple[Price, ...]


class TariffView(Model):
    """A tariff.

    Attributes:
        assigned: How many endpoints and groups are billed by it.
        settled_until: Prices that hold before never change: a locked month was billed
            by them. None while there is no such month.
    """

    id: str
    name: str
    currency: str
    prices: tuple[Price, ...]
    assigned: int
    settled_until: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Of this version."""
        return version_tag(self.updated_at)
