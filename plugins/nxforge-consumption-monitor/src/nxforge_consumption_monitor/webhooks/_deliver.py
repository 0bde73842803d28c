"""The job that sends what waits: one conversation per webhook, all at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store.alerting import (
    Attempt,
    DueDelivery,
    drop_deliveries,
    due_deliveries,
    expire_delivery,
    note_attempt,
    pause_webhook,
)
from nxforge_core.api import (
    HttpRequest,
    JobContext,
    NoParams,
    NxForgeError,
    OutboundError,
    Outcome,
)

from ._outbox import queue_notices
from ._pause import paused_notice
from ._retry import MOST_ATTEMPTS, TOO_LATE, pause_after
from ._sign import SIGNATURE_HEADER, signature

__all__ = ["DELIVER_JOB", "deliver"]

DELIVER_JOB: Final = "deliver-webhooks"

#: Of one webhook in one run, one after the other.
_EACH: Final = 20
_SECONDS: Final = 10.0
#: A receiver that is slow goes on in the next run: the others' news wait for it.
_RUN_SECONDS: Final = 15.0
_MAX_ANSWER: Final = 65_536
_MAX_ERROR: Final = 500
_OK: Final = range(200, 300)
_GONE: Final = 410

_Context = JobContext[MonitorSettings]


async def deliver(ctx: _Context, _: NoParams) -> Outcome:
    """Send what is due. A webhook that does not answer holds up no other one.

    What became of an attempt is stored at once; a worker that dies in between has sent
    an event that will be sent again with the same id.
    """
    due = await due_deliveries(ctx.db, ctx.clock.now(), _EACH)
    if not due:
        return Outcome.idle()
    counts: Counter[str] = Counter()
    try:
        async with asyncio.TaskGroup() as group:
            for _, part in groupby(due, key=lambda each: each.webhook_id):
                group.create_task(_deliver_to_one(ctx, list(part), counts))
    except ExceptionGroup as failed:
        # No error leaves an attempt; what failed is its note, and it says why.
        raise failed.exceptions[0] from None
    result = {"delivered": counts["delivered"], "failed": counts["failed"]}
    if not counts["failed"]:
        return Outcome.ok(result)
    return Outcome.partial(result)


async def _deliver_to_one(
    ctx: _Context, due: Sequence[DueDelivery], counts: Counter[str]
) -> None:
    until = ctx.clock.monotonic() + _RUN_SECONDS
    for delivery in due:
        if ctx.clock.monotonic() >= until:
            return
        now = ctx.clock.now()
        if now - delivery.created_at > TOO_LATE:
            why = f"it could not be sent for {TOO_LATE.total_seconds() / 3600:.0f} h"
            async with ctx.transaction() as connection:
                await expire_delivery(connection, delivery.id, now, why)
            continue
        attempt = await _attempt(ctx, delivery)
        counts["delivered" if attempt.outcome == "ok" else "failed"] += 1
        await _note(ctx, delivery, attempt)
        if attempt.outcome != "ok":
            return


async def _attempt(ctx: _Context, delivery: DueDelivery) -> Attempt:
    at = ctx.clock.now()
    status: int | None = None
    outcome, error = "ok", ""
    try:
        request = _request(ctx, delivery)
        status = (await ctx.http.fetch(request)).status
        if status not in _OK:
            outcome, error = "http_status", f"the receiver answers {status}"
    except OutboundError as fault:
        # Without the address: many receivers have their password in it.
        outcome, error = fault.reason, f"{fault.what}. {fault.remedy}".strip()
    except NxForgeError as fault:
        # The stored secret cannot be opened: nothing of the receiver.
        outcome, error = "internal", f"{fault.message}. {fault.remedy}".strip()
    except Exception as fault:  # contained: the other webhooks are told
        ctx.log.exception("delivery failed", webhook=delivery.webhook_name)
        outcome, error = "internal", type(fault).__name__
    if outcome == "ok":
        return Attempt(
            state="delivered", outcome=outcome, http_status=status, error="", at=at
        )
    pause = pause_after(delivery.attempts + 1, delivery.event_id)
    return Attempt(
        state="failed" if pause is None else "pending",
        outcome=outcome,
        http_status=status,
        error=error[:_MAX_ERROR],
        at=at,
        next_at=None if pause is None else ctx.clock.now() + pause,
    )


def _request(ctx: _Context, delivery: DueDelivery) -> HttpRequest:
    body = delivery.body.encode()
    secret = ctx.secrets.open(delivery.sealed_secret)
    return HttpRequest(
        url=delivery.url,
        method="POST",
        headers={
            "Content-Type": "application/json",
            SIGNATURE_HEADER: signature(secret, body, ctx.clock.now()),
            "X-NxForge-Event": delivery.event,
            "X-NxForge-Event-Id": delivery.event_id,
        },
        body=body,
        timeout=_SECONDS,
        max_bytes=_MAX_ANSWER,
    )


async def _note(ctx: _Context, delivery: DueDelivery, attempt: Attempt) -> None:
    async with ctx.transaction() as connection:
        failures = await note_attempt(connection, delivery.id, attempt)
        if failures < MOST_ATTEMPTS and attempt.http_status != _GONE:
            return
        if not await pause_webhook(
            connection, delivery.webhook_id, attempt.at, attempt.error
        ):
            return
        await drop_deliveries(connection, delivery.webhook_id, "the webhook is paused")
        notice = paused_notice(delivery, attempt, failures)
        await queue_notices(connection, [notice], attempt.at)
    ctx.log.error("webhook paused", webhook=delivery.webhook_name, why=attempt.error)
