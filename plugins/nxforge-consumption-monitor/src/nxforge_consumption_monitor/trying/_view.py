"""From a dry run to its answer, every text of it without secrets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from nxforge_consumption_monitor.fetch import Answer
from nxforge_consumption_monitor.finding import Candidate
from nxforge_consumption_monitor.models import (
    TrialCandidate,
    TrialCertificate,
    TrialFault,
    TrialRequest,
    TrialResponse,
    TrialRule,
    TrialView,
)
from nxforge_core.api import Certificate

from ._examine import Findings
from ._mask import Mask, around, mask_with, masked_headers
from ._subject import Subject
from ._tell import Beside, fault_view, masked_fault, tell
from ._words import warnings_of

__all__ = ["Told", "view_of_trial"]

_OK: Final = "ok"
_MAX_BODY: Final = 2_000


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asking, and of reading the answer."""

    answer: Answer | None
    fault: TrialFault | None
    certificate: Certificate | None
    now: datetime
    findings: Findings = Findings()
    observed: Sequence[str] = ()


def view_of_trial(subject: Subject, told: Told) -> TrialView:
    """The answer of a dry run."""
    secrets = (*subject.request.auth.shapes(), *_secrets(told.answer))
    mask = mask_with(secrets)
    rules = _rules(subject, told, mask)
    fault = told.fault and masked_fault(told.fault, mask)
    fault = fault or _first_fault(told, rules, mask)
    return TrialView(
        outcome=fault.outcome if fault else _OK,
        error=fault,
        request=_request(subject, mask),
        response=None if told.answer is None else _response(told, mask),
        certificate=_certificate(told.certificate),
        excerpt=around(told.findings.text, None, 0, mask),
        rules=rules,
        candidates=[*_candidates(told.findings.candidates, mask)],
        templates=list(told.findings.templates),
        numbers=[mask(each) for each in told.findings.numbers],
        warnings=warnings_of(_doubts(subject)),
    )


def _secrets(answer: Answer | None) -> Sequence[str]:
    return answer.secrets if answer else ()


def _rules(subject: Subject, told: Told, mask: Mask) -> list[TrialRule]:
    explanation = told.findings.told
    if explanation is None:
        return []
    beside = Beside(
        endpoint=subject.endpoint,
        stored=subject.stored,
        observed=told.observed,
        text=told.findings.text,
        now=told.now,
    )
    return [tell(trace, beside, mask) for trace in explanation.rules]


def _first_fault(told: Told, rules: list[TrialRule], mask: Mask) -> TrialFault | None:
    explanation = told.findings.told
    if explanation is None:
        return None
    if explanation.error is not None:
        return fault_view(explanation.error, mask)
    is_blank = all(each.value is None for each in rules)
    faults = (r.error for r in rules if r.error and (r.required or is_blank))
    return next(faults, None)


def _request(subject: Subject, mask: Mask) -> TrialRequest:
    request = subject.request
    return TrialRequest(
        method=request.method,
        url=mask(request.url),
        headers=masked_headers(request.headers, mask),
        body=None if request.body is None else mask(request.body)[:_MAX_BODY],
        auth=request.auth.kind,
        username=mask(request.auth.username),
    )


def _response(told: Told, mask: Mask) -> TrialResponse | None:
    if told.answer is None:
        return None
    response = told.answer.response
    return TrialResponse(
        status=response.status,
        url=mask(response.url),
        headers=masked_headers(response.headers, mask),
        content_type=mask(response.headers.get("content-type", "")),
        charset=told.findings.charset,
        bytes=len(response.body),
        elapsed_ms=round(response.elapsed * 1000),
    )


def _certificate(certificate: Certificate | None) -> TrialCertificate | None:
    if certificate is None:
        return None
    return TrialCertificate(
        sha256=certificate.sha256,
        subject=certificate.subject,
        not_after=certificate.not_after,
    )


def _candidates(
    candidates: Sequence[Candidate], mask: Mask
) -> Iterator[TrialCandidate]:
    for each in candidates:
        rule = msgspec.json.encode(each.rule)
        # A rule that quotes a secret of the page would be stored with it.
        if mask(rule.decode()) != rule.decode():
            continue
        yield TrialCandidate(
            rule=msgspec.Raw(rule),
            how=each.how,
            match=each.match,
            quantity=each.quantity,
            value=each.value,
            unit=each.unit,
            raw_text=mask(each.raw_text),
            raw_unit=mask(each.raw_unit),
            resolution=each.resolution,
            warnings=warnings_of(each.warnings),
        )


def _doubts(subject: Subject) -> Iterator[str]:
    endpoint = subject.endpoint
    if endpoint.tls_mode == "insecure" and endpoint.url.startswith("https:"):
        yield "not_checked"
    if endpoint.auth_failures > 1 and subject.stored:
        yield "auth_paused"
