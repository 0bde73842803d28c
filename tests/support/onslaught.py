"""Hostile and well-formed requests made of an OpenAPI document, and what they do."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from nxforge_core.security import grants

__all__ = ["Caller", "Onslaught"]

_SECONDS = 20
_SERVER_ERROR, _NOT_FOUND = 500, 404
_NOWHERE = "nothing answers at"
_REFUSED = range(400, 500)
_CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: Streams do not end, and what Chromium prints is tried with Chromium.
_ELSEWHERE = {"text/event-stream", "application/pdf"}
#: What the guard of a route answers; a handler that lets in may still say no.
_DENIED = {"unauthenticated", "forbidden", "page"}
#: What would end the onslaught itself, or let it leave the machine.
_SPARED = {("post", "/api/v1/networks"), ("post", "/api/v1/setup")}


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, or nobody, and what they hold."""

    token: str
    held: Sequence[str]

    def may(self, permission: str | None) -> bool:
        """Whether they hold it."""
        return any(grants(one, str(permission)) for one in self.held)


class Onslaught:
    """Sends what hypothesis makes of each operation and judges each answer.

    Attributes:
        sent: Requests.
        refused: Answers that said so: statuses from 400 to 499.
        failed: What was answered 500 or above, or not at all.
        violations: What was answered and the document does not allow.
        trespasses: Who was let through without the permission, or kept out with it.

    Args:
        base: Where the host listens.
        document: Its OpenAPI document.
        known: Values of path parameters that lead somewhere.
        seed: Of all chances.
    """

    def __init__(
        self, base: str, document: Any, known: Mapping[str, str], seed: int
    ) -> None:
        self._base = base
        # What the caller brings is not to be made up.
        for operations in document["paths"].values():
            for operation in operations.values():
                operation.setdefault("x-public", operation.pop("security", None) == [])
        document.pop("security", None)
        self._schema = schemathesis.openapi.from_dict(document)
        self._known = known
        self._seed = seed
        self._http = requests.Session()
        self._http.trust_env = False
        self.sent = self.refused = 0
        self.failed: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()
        self.trespasses: Counter[str] = Counter()

    def operations(self) -> Iterator[Any]:
        """Every operation whose answer ends by itself."""
        for result in self._schema.get_all_operations():
            operation = result.ok()
            good = operation.definition.raw["responses"].get("200", {})
            media = set(good.get("content", {}))
            spared = (operation.method, operation.path) in _SPARED
            if not spared and not media & _ELSEWHERE:
                yield operation

    def strike(
        self, operation: Any, examples: int, callers: Mapping[str, Caller]
    ) -> None:
        """Send so many requests of each kind to an operation, each by every caller."""
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            hostile = mode is GenerationMode.NEGATIVE

            def judge(case: Any) -> None:
                for who, caller in callers.items():
                    answer = self._send(case, caller.token)
                    if answer is not None:
                        self._judge(case, answer, who, caller)

            if not hostile or _takes_something(operation):
                self._play(operation, mode, examples, judge)

    def _play(self, operation: Any, mode: Any, examples: int, judge: Any) -> None:
        plan = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        cases = operation.as_strategy(generation_mode=mode)
        if mode is GenerationMode.POSITIVE:
            cases = st.builds(self._led, cases, st.booleans())
        with suppress(Unsatisfiable):  # any text fits where a path takes any text
            seeded(self._seed)(plan(given(cases)(judge)))()

    def _led(self, case: Any, somewhere: bool) -> Any:  # noqa: FBT001 - drawn
        """Half of the cases lead to what is there."""
        if somewhere:
            for name in case.path_parameters or {}:
                if name in self._known:
                    case.path_parameters[name] = self._known[name]
        return case

    def _send(self, case: Any, token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.sent += 1
        try:
            answer = case.call(
                base_url=self._base,
                headers=headers,
                session=self._http,
                timeout=_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            self.failed[f"{_name(case)} {type(error).__name__}"] += 1
            return None
        self.refused += answer.status_code in _REFUSED
        if answer.status_code >= _SERVER_ERROR:
            words = json.dumps(answer.text)[:300]
            self.failed[f"{_name(case)} {answer.status_code} {words}"] += 1
            return None
        return answer

    def _judge(self, case: Any, answer: Any, who: str, caller: Caller) -> None:
        raw = case.operation.definition.raw
        public, needed = raw["x-public"], raw.get("x-permission")
        denied = not public and _code(answer) in _DENIED
        may = public or caller.may(needed)
        if denied if may else not (denied or _leads_nowhere(answer)):
            words = f"{who}: {_name(case)} {answer.status_code}"
            self.trespasses[words] += 1
        # Bodies are closed and exact. A query takes what it does not know, and a number
        # for a date, as it always did.
        exact = _has_bad_body(case) and not denied
        checks = [*_CHECKS, negative_data_rejection] if exact else _CHECKS
        try:
            case.validate_response(answer, checks=[not_a_server_error, *checks])
        except BaseExceptionGroup as group:
            for error in group.exceptions:
                self.violations[f"{_name(case)} {_words(error)}"] += 1
        except AssertionError as error:
            self.violations[f"{_name(case)} {_words(error)}"] += 1


def _takes_something(operation: Any) -> bool:
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def _has_bad_body(case: Any) -> bool:
    body = case.meta.components.get(ParameterLocation.BODY)
    return body is not None and body.mode is GenerationMode.NEGATIVE


def _code(answer: Any) -> str:
    if answer.status_code not in (401, 403):
        return ""
    try:
        return str(answer.json()["error"]["code"])
    except ValueError:  # a page
        return "page"


def _leads_nowhere(answer: Any) -> bool:
    """Whether the router found no route, so that no guard was asked."""
    return answer.status_code == _NOT_FOUND and _NOWHERE in answer.text


def _name(case: Any) -> str:
    return f"{case.operation.method.upper()} {case.operation.path}"


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:600]}"
