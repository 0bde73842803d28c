"""What a month costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from nxforge_consumption_monitor.billing import Bill
from nxforge_core.api import Model

__all__ = ["BilledMember", "CostError", "JointBill", "MonthBill"]


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


class CostError(Model):
    """Why a month has no cost: a hole in a tariff is no price of zero."""

    code: str
    message: str
    remedy: str
