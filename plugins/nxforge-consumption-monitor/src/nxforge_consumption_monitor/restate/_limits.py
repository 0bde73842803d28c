"""What a register of an endpoint can do, with the meter that is there."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Protocol

from nxforge_consumption_monitor.register import Limits, ResetPolicy

__all__ = ["Metered", "limits_of"]

_DEFAULT_RESOLUTION: Final = Decimal("0.001")


class Metered(Protocol):
    """The fields of an endpoint by which its registers are judged."""

    @property
    def max_kw(self) -> Decimal:
        """More the device cannot draw, kW."""

    @property
    def multiplier(self) -> Decimal:
        """Ratio of the transformers."""

    @property
    def modulus_kwh(self) -> Decimal | None:
        """The register's first impossible value, kWh on the device."""

    @property
    def register_digits(self) -> int | None:
        """Digits before the point, which say the same."""

    @property
    def resolution_kwh(self) -> Decimal | None:
        """Worth of the last digit, kWh on the device; None: as learned."""

    @property
    def reset_policy(self) -> ResetPolicy:
        """What a reset counts."""


def limits_of(
    endpoint: Metered,
    *,
    learned: Decimal | None = None,
    multiplier: Decimal | None = None,
    modulus_kwh: Decimal | None = None,
) -> Limits:
    """By what a reading is judged.

    Args:
        endpoint: Its fields are the default.
        learned: Resolution of the reading's own text, kWh; None where it had none.
        multiplier: Of the meter that was there; None: the endpoint's.
        modulus_kwh: Of that meter; None: the endpoint's.
    """
    modulus = modulus_kwh or endpoint.modulus_kwh
    if modulus is None and endpoint.register_digits is not None:
        modulus = Decimal(10) ** endpoint.register_digits
    return Limits(
        max_kw=endpoint.max_kw,
        multiplier=multiplier or endpoint.multiplier,
        modulus_kwh=modulus,
        resolution_kwh=endpoint.resolution_kwh or learned or _DEFAULT_RESOLUTION,
        reset_policy=endpoint.reset_policy,
    )
