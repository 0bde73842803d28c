"""What a month of an endpoint or of a group costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.billing import Correction, Tariff, Usage, cost
from nxforge_consumption_monitor.models import (
    JointBill,
    MonthBill,
    UnknownEndpointError,
    parse_endpoint_id,
)
from nxforge_consumption_monitor.register import Span, span_of
from nxforge_consumption_monitor.store import (
    BilledEndpoint,
    BilledGroup,
    MonthEnd,
    UnknownGroupError,
    billed_endpoints,
    billed_group,
    booked_corrections,
    parse_group_id,
)
from nxforge_core.api import Connection

from ._errors import NoTariffError, UnknownSubjectError
from ._manage import stored_tariff
from ._member import energy_of, member_view, members_of
from ._peak import peak_of

__all__ = ["bill_of", "bill_of_all", "bill_of_endpoint", "bill_of_group"]

#: Bills of one sum; of more of them groups are asked for one by one.
_MOST_BILLS: Final = 200


class _Subject(msgspec.Struct, frozen=True):
    """Whose month is billed."""

    id: str
    name: str
    tz: str
    month: date

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    @property
    def span(self) -> Span:
        return span_of("month", self.month, self.zone)

    @property
    def month_end(self) -> MonthEnd:
        return MonthEnd(self.month, self.span.end)


async def bill_of(connection: Connection, subject_id: str, month: date) -> MonthBill:
    """What a month of the endpoint or the group with the id costs.

    Raises:
        UnknownSubjectError: neither an endpoint nor a group has the id.
        NoTariffError: somebody has no tariff.
        TariffGapError: there is time without a price.
        PeakUnknownError: demand is billed and no peak is known.
    """
    try:
        known = str(UUID(subject_id))
    except ValueError as error:
        raise UnknownSubjectError(subject_id) from error
    if await billed_endpoints(connection, endpoint_id=known):
        return await bill_of_endpoint(connection, known, month)
    if await billed_group(connection, known) is None:
        raise UnknownSubjectError(subject_id)
    return await bill_of_group(connection, known, month)


async def bill_of_endpoint(
    connection: Connection, endpoint_id: str, month: date
) -> MonthBill:
    """What a month of an endpoint costs, by its own tariff or that of its group.

    Args:
        connection: In a transaction that reads one state of things, or the pool.
        endpoint_id: Of the endpoint, archived or not.
        month: Any day of a calendar month of the endpoint's zone.

    Raises:
        UnknownEndpointError: there is no such endpoint.
        NoTariffError: neither the endpoint nor its group has a tariff.
        TariffGapError: there is time without a price.
        PeakUnknownError: demand is billed and no peak is known.
    """
    known = parse_endpoint_id(endpoint_id)
    found = await billed_endpoints(connection, endpoint_id=known)
    if not found:
        raise UnknownEndpointError(endpoint_id)
    [endpoint] = found
    subject = _Subject(endpoint.id, endpoint.name, endpoint.tz, month.replace(day=1))
    found = await billed_endpoints(
        connection, endpoint_id=known, month=subject.month_end
    )
    return await _month_bill(connection, subject, _by_tariff(found))


async def bill_of_group(
    connection: Connection, group_id: str, month: date
) -> MonthBill:
    """What a month of a group costs.

    Members are those who belonged to the group at the month's end. Those without a
    tariff of their own are billed together by the group's; the others one by one,
    each by its own.

    Args:
        connection: In a transaction that reads one state of things, or the pool.
        group_id: Of the group.
        month: Any day of a calendar month of the group's zone.

    Raises:
        UnknownGroupError: there is no such group.
        NoTariffError: neither a member nor the group has a tariff.
        TariffGapError: there is time without a price.
        PeakUnknownError: demand is billed and no peak is known.
    """
    group = await _group(connection, group_id)
    subject = _Subject(group.id, group.name, group.tz, month.replace(day=1))
    found = await billed_endpoints(
        connection,
        group_id=group.id,
        since=subject.span.start,
        month=subject.month_end,
    )
    return await _month_bill(connection, subject, _by_tariff(found))


async def bill_of_all(
    connection: Connection, month: date, tz: str
) -> tuple[MonthBill | None, list[str]]:
    """What a month of all endpoints that have a tariff costs; names of the others.

    The members of each group are billed together as they are for the group. There is
    no sum of very many bills.

    Raises:
        TariffGapError: there is time without a price.
        PeakUnknownError: demand is billed and no peak is known.
    """
    subject = _Subject("all", "", tz, month.replace(day=1))
    found = await billed_endpoints(connection, since=subject.span.start)
    billed = [each for each in found if each.own_tariff_id or each.group_tariff_id]
    others = [each.name for each in found if each not in billed]
    parts = _by_tariff(billed)
    if len(parts) > _MOST_BILLS:
        return None, others
    return await _month_bill(connection, subject, parts), others


async def _group(connection: Connection, group_id: str) -> BilledGroup:
    found = await billed_group(connection, parse_group_id(group_id))
    if found is None:
        raise UnknownGroupError(group_id)
    return found


def _by_tariff(
    endpoints: Sequence[BilledEndpoint],
) -> list[tuple[str, list[BilledEndpoint]]]:
    together: dict[tuple[str, str | None], list[BilledEndpoint]] = {}
    for each in endpoints:
        tariff_id = each.own_tariff_id or each.group_tariff_id
        if tariff_id is None:
            raise NoTariffError(each.name)
        alone = each.id if each.own_tariff_id else each.group_id
        together.setdefault((tariff_id, alone), []).append(each)
    return [(tariff_id, members) for (tariff_id, _), members in together.items()]


async def _month_bill(
    connection: Connection,
    subject: _Subject,
    parts: Sequence[tuple[str, list[BilledEndpoint]]],
) -> MonthBill:
    bills = [
        await _joint_bill(
            connection, subject, await stored_tariff(connection, tariff_id), endpoints
        )
        for tariff_id, endpoints in parts
    ]
    currencies = {each.bill.currency for each in bills}
    one = currencies.pop() if len(currencies) == 1 else None
    totals = (each.bill.total for each in bills)
    return MonthBill(
        id=subject.id,
        name=subject.name,
        month=f"{subject.month:%Y-%m}",
        tz=subject.tz,
        start=subject.span.start,
        end=subject.span.end,
        bills=tuple(bills),
        currency=one,
        total=None if one is None else sum(totals, Decimal("0.00")),
        complete=all(member.complete for each in bills for member in each.members),
    )


async def _joint_bill(
    connection: Connection,
    subject: _Subject,
    tariff: Tariff,
    endpoints: Sequence[BilledEndpoint],
) -> JointBill:
    span = subject.span
    members = await members_of(connection, endpoints, span)
    has_demand = any(price.demand for price in tariff.prices)
    peak = await peak_of(connection, members, span) if has_demand else None
    usage = Usage(
        span=span,
        zone=subject.zone,
        energy_between=energy_of(members),
        peak_between=lambda _start, _end: peak,
        corrections=await _corrections(connection, subject, endpoints),
    )
    return JointBill(
        bill=cost(tariff, usage),
        members=tuple(member_view(member, span) for member in members),
    )


async def _corrections(
    connection: Connection, subject: _Subject, endpoints: Sequence[BilledEndpoint]
) -> list[Correction]:
    ids = [each.id for each in endpoints]
    corrections = []
    for booked in await booked_corrections(connection, ids, subject.month):
        month = span_of("month", booked.month, subject.zone)
        members = await members_of(connection, endpoints, month)
        corrections.append(
            Correction(
                month=month,
                kwh=booked.energy_kwh,
                energy_between=energy_of(members),
            )
        )
    return corrections
