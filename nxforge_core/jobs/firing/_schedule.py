"""When: APScheduler wakes us at each slot. Imported late, it is heavy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from apscheduler.executors.base import BaseExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from nxforge_core.api import Log, Manual, NxForgeError, PluginId, Trigger
from nxforge_core.jobs.catalog import Job
from nxforge_core.jobs.triggers import check_trigger, next_slots

__all__ = ["Schedule"]

_Key: TypeAlias = tuple[PluginId, str]
_Fire: TypeAlias = Callable[[PluginId, str, datetime], None]


class Schedule:
    """The wake-ups of this process; every process has its own and decides nothing.

    Args:
        fire: Called on the loop with plugin, job and the exact slot; must not block.
        late: Seconds after which a slot is somebody else's matter (the sweep's).
    """

    def __init__(self, fire: _Fire, log: Log, late: float) -> None:
        self._log = log
        self._late = timedelta(seconds=late)
        self._triggers: dict[_Key, Trigger] = {}
        # Nothing is lost or merged here: lateness is judged by the sweep, per policy.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            executors={"default": _Firing(fire)},
            job_defaults={
                "misfire_grace_time": None,
                "coalesce": False,
                "max_instances": 1000,
            },
        )

    def start(self) -> None:
        """Begin to wake up, on the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Never wake up again."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def replace(self, jobs: Iterable[Job]) -> None:
        """Wake up for these jobs and no others. Unchanged ones are left alone."""
        wanted: dict[_Key, Trigger] = {
            job.key: job.spec.trigger
            for job in jobs
            if job.enabled
            and not isinstance(job.spec.trigger, Manual)
            and self._is_sound(job)
        }
        for key in self._triggers.keys() - wanted.keys():
            self._scheduler.remove_job("/".join(key))
        for key, trigger in wanted.items():
            if self._triggers.get(key) != trigger:
                self._scheduler.add_job(
                    _wake,
                    _Slots(trigger, self._late),
                    args=key,
                    id="/".join(key),
                    replace_existing=True,
                )
        self._triggers = wanted

    def _is_sound(self, job: Job) -> bool:
        try:
            check_trigger(job.spec.trigger)
        except NxForgeError as error:
            self._log.error(
                "job_not_scheduled", plugin=job.plugin, job=job.name, why=str(error)
            )
            return False
        return True


class _Slots(BaseTrigger):  # type: ignore[misc]  # apscheduler is not typed
    """Our slots, as a trigger of APScheduler's."""

    def __init__(self, trigger: Trigger, late: timedelta) -> None:
        self._trigger = trigger
        self._late = late

    def get_next_fire_time(
        self, previous: datetime | None, now: datetime
    ) -> datetime | None:
        # After a suspended machine wakes, older slots are not even counted up.
        after = now if previous is None else max(previous, now - self._late)
        slots = next_slots(self._trigger, after, 1)
        return slots[0] if slots else None


class _Firing(BaseExecutor):  # type: ignore[misc]  # apscheduler is not typed
    """Runs nothing: it passes the exact slots on."""

    def __init__(self, fire: _Fire) -> None:
        super().__init__()
        self._fire = fire

    def start(self, scheduler: Any, alias: str) -> None:
        super().start(scheduler, alias)
        self._call_soon = scheduler._eventloop.call_soon  # noqa: SLF001 - as its own do

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        plugin, name = job.args
        for slot in run_times:
            self._fire(plugin, name, slot)
        # The base class counts the instance only after this returns.
        self._call_soon(self._run_job_success, job.id, [])


def _wake(plugin: PluginId, job: str) -> None:
    """Nothing: APScheduler wants a callable, the executor above does the work."""
