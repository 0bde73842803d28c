"""Data of the plugin: on the wire, and between its layers."""

from __future__ import annotations

from ._due import DueEndpoint, LeasedEndpoint, Mend, RoundRow
from ._endpoint import (
    AuthBody,
    AuthView,
    EndpointBody,
    EndpointChange,
    EndpointView,
    PollView,
)
from ._ids import UnknownEndpointError, parse_endpoint_id
from ._live import (
    LastReading,
    Live,
    LiveAnswer,
    LiveEndpoint,
    LiveSummary,
    State,
    Status,
)
from ._number import plain, watts
from ._reading import ReadingRow, ReadingsAnswer, ReadingsMeta
from ._report import MonthlyReport, MonthlyRow, Period, Summary, SummaryRow

__all__ = [
    "AuthBody",
    "AuthView",
    "DueEndpoint",
    "EndpointBody",
    "EndpointChange",
    "EndpointView",
    "LastReading",
    "LeasedEndpoint",
    "Live",
    "LiveAnswer",
    "LiveEndpoint",
    "LiveSummary",
    "Mend",
    "MonthlyReport",
    "MonthlyRow",
    "Period",
    "PollView",
    "ReadingRow",
    "ReadingsAnswer",
    "ReadingsMeta",
    "RoundRow",
    "State",
    "Status",
    "Summary",
    "SummaryRow",
    "UnknownEndpointError",
    "parse_endpoint_id",
    "plain",
    "watts",
]
