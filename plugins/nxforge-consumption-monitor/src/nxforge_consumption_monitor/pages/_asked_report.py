"""Which report the address asks for, and the ways to others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from nxforge_consumption_monitor.register import LocalGrain, Span, span_of
from nxforge_consumption_monitor.report import SummaryQuery, decode_compare
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import InvalidInputError, PluginContext, load_texts, ui

__all__ = ["PERIODS", "AskedReport", "asked_report"]

say = load_texts(__package__)

PERIODS: Final[tuple[LocalGrain, ...]] = ("day", "week", "month", "year")
_DAY: Final = timedelta(days=1)


class AskedReport(msgspec.Struct, frozen=True, kw_only=True):
    """A period of the calendar, and whose.

    Attributes:
        day: Any day of the period.
        today: Of the site.
        group: Id of a group; empty for every endpoint.
    """

    period: LocalGrain
    day: date
    today: date
    zone: ZoneInfo
    group: str = ""
    compare: str = "previous"

    @property
    def span(self) -> Span:
        """The period of the site's calendar."""
        return span_of(self.period, self.day, self.zone)

    @property
    def query(self) -> SummaryQuery:
        """The same as a summary is asked for."""
        return SummaryQuery(
            period=self.period,
            date=self.day.isoformat(),
            compare=self.compare,
            group=self.group or None,
        )

    @property
    def month(self) -> str | None:
        """Of a month its name in addresses, else None."""
        return f"{self.day:%Y-%m}" if self.period == "month" else None

    @property
    def title(self) -> str:
        """The period in words."""
        first = self._local(self.span.start)
        match self.period:
            case "day":
                return f"{first:%A}, {first.day} {first:%B %Y}"
            case "week":
                last = self._local(self.span.end - _DAY / 2)
                return say("{day} {first:%B} to {day2} {last:%B %Y}").format(
                    day=first.day, first=first, day2=last.day, last=last
                )
            case "month":
                return f"{first:%B %Y}"
        return f"{first:%Y}"

    def link(self, text: str, **changes: str) -> ui.Link:
        """The way to the same report with other parameters."""
        known = {
            "period": self.period,
            "date": self.day.isoformat(),
            "group": self.group,
            "compare": self.compare,
        }
        params = {name: word for name, word in {**known, **changes}.items() if word}
        return ui.Link(text, "reports", params)

    def steps(self) -> list[ui.Link]:
        """The period before, this one, the one after, and the current one."""
        before = self._local(self.span.start - _DAY / 2)
        after = self._local(self.span.end + _DAY / 2)
        earlier = f"\N{LEFTWARDS ARROW} {self._titled(before)}"
        links = [self.link(earlier, date=before.isoformat()), self.link(self.title)]
        if after <= self.today:
            later = f"{self._titled(after)} \N{RIGHTWARDS ARROW}"
            links.append(self.link(later, date=after.isoformat()))
        if not self._local(self.span.start) <= self.today < after:
            links.append(self.link("now", date=self.today.isoformat()))
        return links

    def _titled(self, day: date) -> str:
        return msgspec.structs.replace(self, day=day).title

    def _local(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def asked_report(ctx: PluginContext[MonitorSettings], params: ui.Params) -> AskedReport:
    """Read the address; by default the current month of every endpoint.

    Raises:
        InvalidInputError: the address says something else.
    """
    zone = ZoneInfo(ctx.settings.time_zone)
    today = ctx.clock.now().astimezone(zone).date()
    return AskedReport(
        period=_period(params.get("period", "month")),
        day=_date(params["date"]) if "date" in params else today,
        today=today,
        zone=zone,
        group=params.get("group", ""),
        compare=decode_compare(params.get("compare")) or "previous",
    )


def _period(text: str) -> LocalGrain:
    for known in PERIODS:
        if known == text:
            return known
    raise InvalidInputError(
        field="period", value=text, remedy=f"give one of {', '.join(PERIODS)}"
    )


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            field="date", value=text, remedy="give a day such as 2025-03-31"
        ) from error
