"""Tariffs in the database, and the bills of months."""

from __future__ import annotations

from ._errors import (
    BilledPriceError,
    DuplicateTariffError,
    NoTariffError,
    TariffInUseError,
    UnknownSubjectError,
    UnknownTariffError,
)
from ._manage import (
    change_tariff,
    create_tariff,
    list_tariffs,
    remove_tariff,
    show_tariff,
)
from ._month import bill_of, bill_of_all, bill_of_endpoint, bill_of_group
from ._views import TariffBody, TariffView

__all__ = [
    "BilledPriceError",
    "DuplicateTariffError",
    "NoTariffError",
    "TariffBody",
    "TariffInUseError",
    "TariffView",
    "UnknownSubjectError",
    "UnknownTariffError",
    "bill_of",
    "bill_of_all",
    "bill_of_endpoint",
    "bill_of_group",
    "change_tariff",
    "create_tariff",
    "list_tariffs",
    "remove_tariff",
    "show_tariff",
]
