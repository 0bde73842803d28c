"""What a month costs, or why nobody can say."""

from __future__ import annotations

from collections.abc import Awaitable

from nxforge_consumption_monitor.billing import PeakUnknownError, TariffGapError
from nxforge_consumption_monitor.models import CostError, MonthBill
from nxforge_consumption_monitor.tariffs import NoTariffError

__all__ = ["cost_of"]


async def cost_of(
    bill: Awaitable[MonthBill | None],
) -> tuple[MonthBill | None, CostError | None]:
    """The bill, or the refusal to make one."""
    try:
        return await bill, None
    except (NoTariffError, PeakUnknownError, TariffGapError) as error:
        told = CostError(code=error.code, message=error.message, remedy=error.remedy)
        return None, told
