"""Data of the plugin: on the wire, and between its layers."""

from __future__ import annotations

from ._due import ChannelMemory, DueEndpoint, LeasedEndpoint
from ._endpoint import (
    AuthBody,
    AuthView,
    EndpointBody,
    EndpointChange,
    EndpointView,
    PollView,
    ResetPolicy,
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
from ._round import ChannelRow, EventRow, Mend, RollupRow, RoundRow, Verdict

__all__ = [
    "AuthBody",
    "AuthView",
    "ChannelMemory",
    "ChannelRow",
    "DueEndpoint",
    "EndpointBody",
    "EndpointChange",
    "EndpointView",
    "EventRow",
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
    "ResetPolicy",
    "RollupRow",
    "RoundRow",
    "State",
    "Status",
    "Summary",
    "SummaryRow",
    "UnknownEndpointError",
    "Verdict",
    "parse_endpoint_id",
    "plain",
    "watts",
]
