"""The consumption monitor on the simulated rack, and what it has to answer for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hosts import Host, Installation
from rack import Rack, register_kwh

__all__ = ["Meters"]

_SCHEMA = "nxp_consumption_monitor"
_ATTEMPTS = f"{_SCHEMA}.scrape_attempt"
#: What was polled, until when, and when that was stored: a lost attempt polled nobody.
_POLLS = (
    "(select *, started_at + make_interval(secs => scrape_ms / 1e3) as ended,"  # noqa: S608 - names of our own
    " pg_xact_commit_timestamp(xmin) as stored"
    f" from {_ATTEMPTS} where outcome <> 'lost') as p"
)
#: What a round was that did not do its work in one go.
_BROKEN = "(r.state <> 'succeeded' or r.losses > 0 or r.attempt > 1)"
_ROUND = (
    "nxforge.run as r on r.plugin = 'consumption-monitor'"
    " and r.job = 'collect-consumption' and r.shard = 0"
)
#: Slots of endpoints without a poll, and nothing that explains it. What does:
#:
#: - the tick of the slot was late, or did not come to its end at once;
#: - a poll for an earlier slot was stored only after that tick was due: its lease kept
#:   others off until then;
#: - the endpoint rested: at least two polls in a row had failed, the last one no longer
#:   ago than the rest that so many cost;
#: - a round that was lost or begun anew had leased the endpoint for this slot or an
#:   earlier one, as a lost attempt tells or the lease that it still has, and nobody
#:   polled before that was noticed. The round's own row has to agree.
_GAPS = f"""
    select count(*)
    from {_SCHEMA}.endpoint as e
    cross join generate_series(%s::timestamptz, %s::timestamptz, '5 s') as begun
    cross join lateral (
        select at as slot, to_timestamp(ceil(extract(epoch from at) / 5) * 5) as due
        from (select begun + make_interval(secs => e.phase_s) as at) as each
    ) as s
    left join nxforge.run as tick on tick.plugin = 'consumption-monitor'
        and tick.job = 'collect-consumption' and tick.trigger <> 'manual'
        and tick.shard = 0 and tick.slot = s.due
    cross join lateral (
        select count(*) as failures, max(p.ended) as ended
        from {_POLLS}
        where p.endpoint_id = e.id and p.slot < s.slot and p.slot > coalesce(
            (
                select max(p.slot) from {_POLLS}
                where p.endpoint_id = e.id and p.slot < s.slot and p.outcome = 'ok'
            ),
            '-infinity'
        )
    ) as failed
    where not exists (
        select from {_POLLS} where p.endpoint_id = e.id
            and (p.slot = s.slot or p.slot < s.slot and p.stored >= s.due)
    ) and not (
        failed.failures >= 2 and failed.ended
            + interval '5 s' * 2 ^ least(failed.failures - 2, 7) > s.due
    ) and not exists (
        select from {_ATTEMPTS} as a join {_ROUND}
            and r.slot
                = substring(a.error from 'the round of ([^ ]+) leased')::timestamptz
        where a.endpoint_id = e.id and a.outcome = 'lost' and a.slot <= s.slot
            and a.started_at + make_interval(secs => a.scrape_ms / 1e3) >= s.slot
            and {_BROKEN}
    ) and not exists (
        select from {_SCHEMA}.endpoint_state as held join {_ROUND}
            and r.slot = held.leased_by
        where held.endpoint_id = e.id and held.leased_slot <= s.slot and {_BROKEN}
    ) and (tick.id is null or tick.state = 'succeeded' and tick.losses = 0
        and tick.attempt = 1 and tick.finished_at < s.slot + interval '5 s')
"""  # noqa: S608 - names of our own


class Meters:
    """All meters of a rack as endpoints of five seconds."""

    ID = "consumption-monitor"

    def __init__(self, installation: Installation, rack: Rack) -> None:
        self._installation = installation
        self._rack = rack

    def register(self, host: Host) -> None:
        """Make the endpoints through the API."""
        token = self._installation.command.token()
        with self._installation.client(host, token) as client:
            for meter in range(self._rack.meters):
                answer = client.post(
                    f"/api/v1/m/{self.ID}/endpoints", json=self._rack.endpoint(meter)
                )
                assert answer.status_code == 201, answer.text

    def attempts(self) -> int:
        """Polls that were stored."""
        return int(self._one(f"select count(*) from {_POLLS}"))  # noqa: S608

    def lost(self) -> int:
        """Polls that rounds said they have stored, beyond those that are there."""
        stored: dict[int, int] = {}
        for line in self._installation.lines():
            if line.get("event") == "round stored":
                stored[line["run_id"]] = line["stored"]
        return max(0, sum(stored.values()) - self.attempts())

    def duplicates(self) -> int:
        """Polls and readings too many: one of each for an endpoint's slot."""
        statement = "select count(*) - count(distinct (endpoint_id, slot)) from {}"
        return sum(
            int(self._one(statement.format(rows)))
            for rows in (_POLLS, f"{_SCHEMA}.reading")
        )

    def wrong(self) -> int:
        """Readings that are not what the meter showed at the time."""
        rows = self._installation.query(
            f"select e.name, r.register_kwh, extract(epoch from r.ts), r.scrape_ms "  # noqa: S608
            f"from {_SCHEMA}.reading r join {_SCHEMA}.endpoint e on e.id = endpoint_id"
        )
        return sum(not _shown(*row) for row in rows)

    def gaps(self, since: datetime, until: datetime) -> int:
        """Slots of endpoints without a poll though their tick did well or is none."""
        first = int(since.timestamp()) // 5 * 5 + 10
        last = int(until.timestamp()) // 5 * 5 - 15
        zone = since.tzinfo
        stretch = [datetime.fromtimestamp(each, zone) for each in (first, last)]
        return int(self._one(_GAPS, *stretch))

    def _one(self, statement: str, *values: object) -> Any:
        return self._installation.query(statement, *values)[0][0]


def _shown(name: str, register: Any, at: Any, milliseconds: int) -> bool:
    meter = int(name.rpartition("-")[2])
    begun = float(at) - milliseconds / 1000 - 0.05
    return register_kwh(meter, begun) <= register <= register_kwh(meter, float(at))
