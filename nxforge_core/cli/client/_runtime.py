"""A client of an NxForge host. Made by `nxforge client`: make it anew, do not edit."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

__all__ = ["ApiError", "BaseClient", "ServerEvent", "end_of"]

T = TypeVar("T")
_Sent = str | int | float | bool | None

_JSON = msgspec.json.Encoder(decimal_format="number")
_ERRORS = 400


class ApiError(Exception):
    """An answer that is an error, in the host's words.

    Attributes:
        status: Of the answer.
        code: What kind of error it is, for programs.
        remedy: What can be done about it; empty where nobody knows.
        request_id: What the host logged the request as.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail") or f"HTTP {status}"))
        self.status = status
        self.code = str((problem.get("error") or {}).get("code", ""))
        self.remedy = str(problem.get("remedy", ""))
        self.request_id = str(problem.get("requestId", ""))


class ServerEvent(msgspec.Struct, frozen=True):
    """One event of a stream.

    Attributes:
        name: What happened; `first` is the state at the beginning, `end` the end.
        id: To go on from: what a new stream takes as `last_event_id`.
    """

    name: str
    data: Any
    id: str = ""


class _Answer(msgspec.Struct, Generic[T]):
    data: T


class BaseClient:
    """Speaks to one host.

    Args:
        base: Its address, with the prefix where it is mounted.
        token: An API token; empty: what is public.
        http: Sends the requests; by default a client that `async with` closes.
    """

    def __init__(
        self, base: str, token: str = "", http: httpx.AsyncClient | None = None
    ) -> None:
        self._base = base.rstrip("/")
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        self._http = http or httpx.AsyncClient(timeout=30.0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def _bytes(
        self,
        method: str,
        path: str,
        query: Mapping[str, object],
        headers: Mapping[str, str | None],
        body: object = msgspec.UNSET,
    ) -> bytes:
        """The whole body of an answer that is no error."""
        request = self._request(method, path, query, headers, body)
        answer = await self._http.send(request)
        if answer.status_code >= _ERRORS:
            raise _error(answer)
        return answer.content

    @staticmethod
    def _data(kind: type[T], body: bytes) -> T:
        """What the member `data` has."""
        return msgspec.json.decode(body, type=_Answer[kind]).data  # type: ignore[valid-type]  # known at run time

    async def _events(
        self, path: str, query: Mapping[str, object], headers: Mapping[str, str | None]
    ) -> AsyncIterator[ServerEvent]:
        """Events as they come; lines of comments are signs of life."""
        request = self._request("GET", path, query, headers)
        request.extensions["timeout"] = httpx.Timeout(30.0, read=60.0).as_dict()
        answer = await self._http.send(request, stream=True)
        try:
            if answer.status_code >= _ERRORS:
                await answer.aread()
                raise _error(answer)
            parts: dict[str, list[str]] = {}
            async for line in answer.aiter_lines():
                name, _, value = line.partition(":")
                if line:
                    parts.setdefault(name, []).append(value.removeprefix(" "))
                elif "data" in parts:
                    yield _event(parts)
                if not line:
                    parts = {}
        finally:
            await answer.aclose()

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, object],
        headers: Mapping[str, str | None],
        body: object = msgspec.UNSET,
    ) -> httpx.Request:
        sent = {**self._headers, **{k: v for k, v in headers.items() if v is not None}}
        content = None
        if body is not msgspec.UNSET:
            sent["content-type"] = "application/json"
            content = _JSON.encode(body)
        pairs = [pair for name, value in query.items() for pair in _pairs(name, value)]
        asked = httpx.QueryParams(tuple(pairs))
        return self._http.build_request(
            method,
            self._base + path,
            params=asked,
            headers=sent,
            content=content,
        )


def _pairs(name: str, value: object) -> list[tuple[str, _Sent]]:
    if value is None:
        return []
    if isinstance(value, list):
        return [pair for one in value for pair in _pairs(name, one)]
    return [(name, _text(value))]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _part(value: object) -> str:
    return quote(_text(value), safe="")


def _error(answer: httpx.Response) -> ApiError:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    return ApiError(answer.status_code, problem if isinstance(problem, dict) else {})


def _event(parts: Mapping[str, list[str]]) -> ServerEvent:
    data = json.loads("\n".join(parts["data"]), parse_float=Decimal)
    last = {name: values[-1] for name, values in parts.items()}
    return ServerEvent(last.get("event", "message"), data, last.get("id", ""))


def end_of(meta: object) -> str | None:
    """Where the next page begins; None: this one is the last."""
    found = getattr(meta, "next_cursor", None)
    return None if found in (None, msgspec.UNSET) else str(found)
