"""Refusals about tariffs and bills."""

from __future__ import annotations

from datetime import date, datetime

from nxforge_core.api import ConflictError, UnknownItemError

__all__ = [
    "BilledPriceError",
    "DuplicateTariffError",
    "NoTariffError",
    "TariffInUseError",
    "UnknownSubjectError",
    "UnknownTariffError",
]


class UnknownTariffError(UnknownItemError):
    """No tariff has the id."""

    def __init__(self, tariff_id: str) -> None:
        super().__init__(
            kind="tariff", value=tariff_id, remedy="the list of tariffs has the ids"
        )


class DuplicateTariffError(ConflictError):
    """Two tariffs would bear one name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"a tariff named {name!r} exists already",
            remedy="choose another name, or change the existing tariff",
        )
        self.name = name


class TariffInUseError(ConflictError):
    """A tariff that something is billed by cannot go."""

    code = "tariff_in_use"

    def __init__(self, name: str, assigned: int) -> None:
        super().__init__(
            f"tariff {name!r} is assigned to {assigned} endpoints and groups",
            remedy="assign another tariff to them first",
        )
        self.name = name
        self.assigned = assigned


class BilledPriceError(ConflictError):
    """A price that a locked month was billed by would change."""

    code = "billed_price"

    def __init__(self, *, tariff: str, start: datetime, month: date) -> None:
        super().__init__(
            f"the price of tariff {tariff!r} from {start.isoformat()} holds in "
            f"{month:%Y-%m}, which is locked",
            remedy="leave it as it is up to the end of that month, and let another "
            "price begin later",
        )
        self.tariff = tariff
        self.start = start
        self.month = month


class NoTariffError(ConflictError):
    """Something is to be billed, and nobody said by what."""

    code = "no_tariff"

    def __init__(self, endpoint: str) -> None:
        super().__init__(
            f"endpoint {endpoint!r} has no tariff, and its group has none either",
            remedy="assign a tariff to the endpoint or to its group",
        )
        self.endpoint = endpoint


class UnknownSubjectError(UnknownItemError):
    """Nothing that could be billed has the id."""

    def __init__(self, subject_id: str) -> None:
        super().__init__(
            kind="endpoint or group",
            value=subject_id,
            remedy="GET /endpoints and GET /groups list the ids",
        )
