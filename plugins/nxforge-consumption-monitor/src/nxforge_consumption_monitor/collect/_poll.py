"""One endpoint: fetch its page and extract; whatever happens is an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final

import msgspec

from nxforge_consumption_monitor.extract import (
    Extraction,
    ExtractionError,
    RuleSet,
    decode_rules,
    extract,
)
from nxforge_consumption_monitor.fetch import (
    Answer,
    PageRequest,
    Pages,
    check_content,
    page_request,
    redact,
    storable,
)
from nxforge_consumption_monitor.models import DueEndpoint
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import (
    BrowserMissingError,
    JobContext,
    NxForgeError,
    OutboundError,
)

from ._result import OK
from ._sight import Sight, sight_of

__all__ = ["Poll", "poll"]

#: Larger pages are parsed beside the loop, which must not stand still for them.
_LARGE: Final = 65_536
#: An endpoint's rules hardly ever change, and many endpoints have the same.
_RULES_KEPT: Final = 1_024
_MAX_EXCERPT: Final = 2000
_MAX_ERROR: Final = 500
#: As it is spelt on a page.
_LONGEST_SECRET: Final = 8192
_READ: Final = 2 * _MAX_EXCERPT + _LONGEST_SECRET


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one poll.

    Attributes:
        arrived_at: When the answer was there, or the poll was given up.
        outcome: `ok`, or in one word why there is no value.
        error: The same in a sentence, without secrets.
        excerpt: Beginning of the answer of a failed poll, without secrets.
        certificate_ends_at: Of the device's certificate; None without TLS.
        sight: What a browser saw when it failed.
    """

    started_at: datetime
    arrived_at: datetime
    outcome: str = OK
    error: str = ""
    http_status: int | None = None
    size: int | None = None
    excerpt: str | None = None
    extraction: Extraction | None = None
    certificate_ends_at: datetime | None = None
    sight: Sight | None = None

    @property
    def milliseconds(self) -> int:
        """How long the answer took."""
        return round((self.arrived_at - self.started_at).total_seconds() * 1000)


async def poll(
    endpoint: DueEndpoint,
    ctx: JobContext[MonitorSettings],
    pages: Pages,
    reading: asyncio.Lock,
) -> Poll:
    """Poll one endpoint. No error leaves it: one meter never stops the others.

    Args:
        endpoint: Is asked once.
        ctx: Of the run.
        pages: Of the process: logins outlast a poll.
        reading: Held while a page is read. Answers come in crowds: the loop gets to
            other work between each two of them.
    """
    started = ctx.clock.now()
    arrived: datetime | None = None
    answer: Answer | None = None
    extraction: Extraction | None = None
    outcome, error = OK, ""
    sight: Sight | None = None
    secrets: Sequence[str] = ()
    try:
        request = page_request(endpoint, ctx.secrets)
        secrets = request.auth.shapes()
        if sources := _rules(endpoint.rules).sources:
            request = msgspec.structs.replace(request, sources=sources)
        answer = await pages.fetch(request, ctx.http, ctx.browser)
        arrived, secrets = ctx.clock.now(), answer.secrets
        async with reading:
            extraction = await _extract(endpoint, request, answer)
            await asyncio.sleep(0)
    except NxForgeError as fault:
        (outcome, error), sight = _named(fault), sight_of(fault)
    except Exception as fault:  # contained: the round goes on without it
        ctx.log.exception("poll failed", endpoint=endpoint.name)
        outcome, error = "internal", type(fault).__name__
    return Poll(
        started_at=started,
        arrived_at=arrived or ctx.clock.now(),
        outcome=outcome,
        error=storable(redact(error, secrets))[:_MAX_ERROR] if error else "",
        http_status=answer.response.status if answer else None,
        size=len(answer.response.body) if answer else None,
        excerpt=_excerpt(answer) if answer and outcome != OK else None,
        extraction=extraction,
        certificate_ends_at=_certificate_end(answer),
        sight=sight,
    )


def _named(fault: NxForgeError) -> tuple[str, str]:
    """Its word, and its sentence."""
    match fault:
        case OutboundError():
            return fault.reason, fault.message
        case ExtractionError():
            return fault.outcome, fault.message
        case BrowserMissingError():
            return "browser", f"{fault.message}: {fault.remedy}"
        case _:
            # The stored secret or rule cannot be used: nothing of the device.
            what = f"{fault.message}: {fault.remedy}" if fault.remedy else fault.message
            return "internal", what


async def _extract(
    endpoint: DueEndpoint, request: PageRequest, answer: Answer
) -> Extraction:
    rules = _rules(endpoint.rules)
    check_content(request, answer)
    if len(answer.page.body) > _LARGE:
        return await asyncio.to_thread(extract, rules, answer.page)
    return extract(rules, answer.page)


@lru_cache(_RULES_KEPT)
def _rules(text: str) -> RuleSet:
    return decode_rules(text)


def _certificate_end(answer: Answer | None) -> datetime | None:
    certificate = answer.response.certificate if answer else None
    return certificate.not_after if certificate else None


def _excerpt(answer: Answer) -> str:
    # Masked before it is cut, and far from where it was read to: half a secret would
    # not be recognised.
    body = answer.response.body
    raw = body[:_READ].decode("utf-8", "replace")
    text = storable(redact(raw, answer.secrets))
    if len(body) > _READ:
        text = text[:-_LONGEST_SECRET]
    return text[:_MAX_EXCERPT]
