"""Asking a device once, for a person who looks at every detail."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from weakref import WeakValueDictionary

import msgspec

from nxforge_consumption_monitor.extract import ExtractionError
from nxforge_consumption_monitor.fetch import (
    Answer,
    Pages,
    check_content,
    peer_certificate,
)
from nxforge_consumption_monitor.finding import read_wanted
from nxforge_consumption_monitor.models import TrialBody, TrialFault, TrialView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_consumption_monitor.store import recent_texts
from nxforge_core.api import (
    BrowserMissingError,
    Certificate,
    NxForgeError,
    OutboundError,
    PluginContext,
)

from ._examine import Findings, examine
from ._subject import Subject, subject_of
from ._view import Told, view_of_trial

__all__ = ["Trier"]

_Context = PluginContext[MonitorSettings]
#: People who try at the same time; a further one waits.
_PLACES: Final = 4
_TEXTS: Final = 20
_REMEDIES: Final = {
    "connect": "check address and port, and whether the device is on",
    "dns": "check the name, or give the device's IP address",
    "timeout": "the device may be off or slow: check the address, or raise 'timeoutS'",
    "tls": "if 'certificate' is the device's own, pin it: 'tlsMode' pinned and its "
    "'sha256' as 'tlsPin'",
    "too_large": "point the endpoint at a smaller page of the device",
}


class Trier:
    """Dry runs of one process: few at a time, and one at a time for each host."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_PLACES)
        self._hosts: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def run(self, ctx: _Context, body: TrialBody) -> TrialView:
        """Ask the device and tell everything. Nothing is stored.

        Raises:
            NxForgeError: what is to be tried is not acceptable; whatever the device
                does is part of the answer.
        """
        wanted = None if body.find is None else read_wanted(body.find)
        subject = await subject_of(ctx, body)
        observed = [*body.observed, *await _texts(ctx, subject)]
        host = subject.request.url.split("/")[2]
        lock = self._hosts.setdefault(host, asyncio.Lock())
        async with self._places, lock:
            told = await _ask(ctx, subject)
        findings = Findings()
        if told.answer is not None:
            page = told.answer.page
            findings = await asyncio.to_thread(examine, page, subject.rules, wanted)
        told = msgspec.structs.replace(
            told, findings=findings, observed=observed, now=ctx.clock.now()
        )
        return view_of_trial(subject, told)


async def _texts(ctx: _Context, subject: Subject) -> Sequence[str]:
    if not subject.stored:
        return ()
    return await recent_texts(ctx.db, subject.endpoint.id, "total", _TEXTS)


async def _ask(ctx: _Context, subject: Subject) -> Told:
    request = subject.request
    answer: Answer | None = None
    fault: TrialFault | None = None
    try:
        answer = await Pages().fetch(request, ctx.http, ctx.browser)
        check_content(request, answer)
    except OutboundError as error:
        fault = _fault(error.reason, error)
    except ExtractionError as error:
        fault = _fault(error.outcome, error)
    except BrowserMissingError as error:
        fault = _fault("browser", error)
    certificate = answer.response.certificate if answer else None
    if certificate is None and fault is not None and fault.outcome == "tls":
        certificate = await _certificate(ctx, subject)
    return Told(
        answer=answer, fault=fault, certificate=certificate, now=ctx.clock.now()
    )


async def _certificate(ctx: _Context, subject: Subject) -> Certificate | None:
    # Shown to a person, who then decides whether to pin it.
    with suppress(OutboundError):
        return await peer_certificate(subject.request, ctx.http)
    return None


def _fault(outcome: str, error: NxForgeError) -> TrialFault:
    remedy = error.remedy or _REMEDIES.get(outcome, "")
    return TrialFault(outcome=outcome, message=error.message, remedy=remedy)
