"""Sends what waits: each attempt by one host, again until it arrives."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import msgspec

from nxforge_core.api import Clock, Database, Http, NxForgeError, Secrets, load_sql
from nxforge_core.events import Listener
from nxforge_core.services._log import get_log
from nxforge_core.settings import MailSettings

from ._errors import NotSentError
from ._mail import send_mail
from ._target import Due, Target
from ._webhook import post_notice

__all__ = ["NoticeCourier", "pause_after"]

_SQL: Final = load_sql(__package__)
#: Told whenever something is queued.
_CHANNEL: Final = "nxforge_notices"
#: Seconds between looks when nothing was told: something is due again, or was lost.
_LOOK: Final = 20.0
#: An attempt that nobody noted is made again after so long: its process is gone.
_LEASE: Final = timedelta(seconds=90)
_FIRST: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(hours=3)
#: About a day and a half from the first attempt to the last.
_MOST: Final = 16
_KEPT: Final = timedelta(days=30)
_MAX_ERROR: Final = 500


class NoticeCourier:
    """Delivers notices while `run` runs; any number of hosts may.

    Args:
        database: The core's schema.
        secrets: Plugin zero's.
        http: Under the network policy.
        mail: The mail server.
    """

    def __init__(
        self,
        database: Database,
        secrets: Secrets,
        http: Http,
        mail: MailSettings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._http = http
        self._mail = mail
        self._clock = clock

    async def run(self, listener: Listener) -> None:
        """Deliver until cancelled.

        Args:
            listener: Hears of what is queued.
        """
        queued = asyncio.Event()
        end = listener.listen(_CHANNEL, lambda _: queued.set(), queued.set)
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK):
                        await queued.wait()
                queued.clear()
                await self._round()
        finally:
            end()

    async def deliver(self) -> int:
        """Attempt what is due, a few at a time; answers how many."""
        now = self._clock.now()
        due = await self._database.structs(Due, _SQL.claim_notices, now, now + _LEASE)
        async with asyncio.TaskGroup() as group:
            for each in due:
                group.create_task(self._attempt(each))
        return len(due)

    async def flush(self) -> None:
        """Drop what is old; the host calls it about once a minute."""
        before = self._clock.now() - _KEPT
        await self._database.execute(_SQL.drop_old_notices, before)

    async def _round(self) -> None:
        try:
            while await self.deliver():
                pass
        except Exception as error:  # noqa: BLE001 - the database may be away
            get_log(None).warning("notices not delivered", why=repr(error))

    async def _attempt(self, due: Due) -> None:
        try:
            await self._send(due)
        except NotSentError as error:
            await self._note(due, str(error))
        except Exception as error:  # noqa: BLE001 - the others are told
            get_log(None).exception("notice failed", channel=due.channel)
            await self._note(due, type(error).__name__)
        else:
            await self._note(due, "")

    async def _send(self, due: Due) -> None:
        try:
            text = self._secrets.open(due.sealed)
        except NxForgeError as error:
            raise NotSentError(error.message) from error
        target = msgspec.json.decode(text, type=Target)
        if due.kind == "email":
            await send_mail(self._mail, due, target)
        else:
            await post_notice(self._http, due, target, self._clock.now())

    async def _note(self, due: Due, error: str) -> None:
        now = self._clock.now()
        state, done, again = "delivered", now, now
        if error:
            log = get_log(due.plugin)
            log.warning("notice not sent", channel=due.channel, why=error)
            pause = pause_after(due.attempts)
            state = "pending" if pause else "failed"
            again = now + (pause or timedelta())
        facts: tuple[str, datetime, str, datetime | None]
        facts = (state, again, error[:_MAX_ERROR], done if state != "pending" else None)
        await self._database.execute(
            _SQL.note_delivery, due.notice_id, due.channel_id, *facts
        )


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None: it is given up."""
    if attempts >= _MOST:
        return None
    doubled: int = 2 ** (attempts - 1)
    return min(_FIRST * doubled, _LONGEST)
