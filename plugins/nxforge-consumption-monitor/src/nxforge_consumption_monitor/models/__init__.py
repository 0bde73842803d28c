"""Data of the plugin: on the wire, and between its layers."""

from __future__ import annotations

from ._alert import (
    AlertKind,
    AlertRuleBody,
    AlertRuleView,
    AlertState,
    AlertView,
    Severity,
)
from ._due import ChannelMemory, DueEndpoint, LeasedEndpoint
from ._endpoint import (
    AuthBody,
    AuthView,
    Client,
    EndpointBody,
    EndpointChange,
    EndpointView,
    Kind,
    Method,
    PollView,
    RemovedEndpointView,
    ResetPolicy,
    Rules,
)
from ._ids import UnknownEndpointError, parse_endpoint_id
from ._instant import parse_instant
from ._live import (
    LastReading,
    Live,
    LiveAnswer,
    LiveEndpoint,
    LiveSummary,
    State,
    Status,
)
from ._month import (
    Comparison,
    GroupMonth,
    GroupMonthAnswer,
    MonthAdjustment,
    MonthLine,
    MonthTotal,
    StoredReport,
    StoredReportView,
)
from ._number import plain, watts
from ._reading import ReadingRow, ReadingsAnswer, ReadingsMeta
from ._report import MonthlyReport, MonthlyRow, Period, Summary, SummaryRow
from ._round import ChannelRow, EventRow, Mend, RollupRow, RoundRow, Verdict
from ._series import (
    EndpointSeries,
    EnergySeries,
    Gap,
    PowerMethod,
    PowerSeries,
    Series,
    SeriesGrain,
)
from ._template import TemplateSummary, TemplateView
from ._version import StaleVersionError, check_version, version_tag

__all__ = [
    "AlertKind",
    "AlertRuleBody",
    "AlertRuleView",
    "AlertState",
    "AlertView",
    "AuthBody",
    "AuthView",
    "ChannelMemory",
    "ChannelRow",
    "Client",
    "Comparison",
    "DueEndpoint",
    "EndpointBody",
    "EndpointChange",
    "EndpointSeries",
    "EndpointView",
    "EnergySeries",
    "EventRow",
    "Gap",
    "GroupMonth",
    "GroupMonthAnswer",
    "Kind",
    "LastReading",
    "LeasedEndpoint",
    "Live",
    "LiveAnswer",
    "LiveEndpoint",
    "LiveSummary",
    "Mend",
    "Method",
    "MonthAdjustment",
    "MonthLine",
    "MonthTotal",
    "MonthlyReport",
    "MonthlyRow",
    "Period",
    "PollView",
    "PowerMethod",
    "PowerSeries",
    "ReadingRow",
    "ReadingsAnswer",
    "ReadingsMeta",
    "RemovedEndpointView",
    "ResetPolicy",
    "RollupRow",
    "RoundRow",
    "Rules",
    "Series",
    "SeriesGrain",
    "Severity",
    "StaleVersionError",
    "State",
    "Status",
    "StoredReport",
    "StoredReportView",
    "Summary",
    "SummaryRow",
    "TemplateSummary",
    "TemplateView",
    "UnknownEndpointError",
    "Verdict",
    "check_version",
    "parse_endpoint_id",
    "parse_instant",
    "plain",
    "version_tag",
    "watts",
]
