"""Tariffs and bills as they come in and go out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from nxforge_consumption_monitor.billing import Bill, Price
from nxforge_consumption_monitor.models import version_tag
from nxforge_core.api import Body, Model

__all__ = ["BilledMember", "JointBill", "MonthBill", "TariffBody", "TariffView"]


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


class BilledMember(Model):
    """An endpoint's part of a bill.

    Attributes:
        kwh: As metered; null where no register of the month is known.
        estimated_kwh: Of it, what lies within gaps.
        coverage: Share of the month between readings without a gap, 0 to 1.
        complete: A reading after the month's end is known.
    """

    endpoint_id: str
    endpoint_name: str
    kwh: Decimal | None
    estimated_kwh: Decimal
    coverage: Decimal
    complete: bool


class JointBill(Model):
    """What is billed together by one tariff: the sum of its members."""

    bill: Bill
    members: tuple[BilledMember, ...]


class MonthBill(Model):
    """What a calendar month of an endpoint or of a group costs.

    Attributes:
        tz: Zone whose month it is.
        bills: One for each tariff.
        currency: Of all bills; null where they differ.
        total: Sum of all bills, with tax; null where the currencies differ.
        complete: All members are: the bill does not rise any more.
    """

    id: str
    name: str
    month: str
    tz: str
    start: datetime
    end: datetime
    bills: tuple[JointBill, ...]
    currency: str | None
    total: Decimal | None
    complete: bool
