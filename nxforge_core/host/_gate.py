"""What is refused before an application sees it, whatever the route."""

from __future__ import annotations

from typing import Any, Final

from nxforge_core.security.people import check_origin
from nxforge_core.settings import ServerSettings

from ._answer import Answer
from ._cross_origin import CrossOrigin
from ._errors import EncodedBodyError, MisdirectedError, NoHostError
from ._host_names import HostNames
from ._methods import Send

__all__ = ["Gate"]

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Gate:
    """Judges a request by its head.

    Args:
        settings: To whom the host answers.
    """

    def __init__(self, settings: ServerSettings) -> None:
        self._names = HostNames(settings.hosts)
        self._cross = CrossOrigin(settings.cors_origins)

    def admit(self, scope: Any, send: Send) -> tuple[Answer | None, Send]:
        """An answer that needs no application, and how to send any.

        Raises:
            NoHostError: the request does not say, once, which host it means.
            MisdirectedError: it means another one.
            EncodedBodyError: its body would have to be decompressed.
            CrossOriginError: a page of another origin makes a browser change something.
        """
        hosts, origin, encoding = _head(scope["headers"])
        self._check_host(hosts, scope.get("http_version", "1.1"))
        if encoding not in (b"", b"identity"):
            raise EncodedBodyError(encoding.decode("latin-1"))
        if not origin:
            _check_site(scope)
            return None, send
        answer = self._cross.preflight(origin, scope["method"], scope["headers"])
        if answer is None and not self._cross.allows(origin):
            _check_site(scope)
        return answer, self._cross.telling(origin, send)

    def _check_host(self, hosts: list[bytes], version: str) -> None:
        if len(hosts) != 1:
            # A browser always sends one; HTTP/1.0 is what simple health checks speak.
            if hosts or version != "1.0":
                raise NoHostError([host.decode("latin-1") for host in hosts])
        elif not self._names.accepts(hosts[0]):
            name = self._names.name(hosts[0])
            if name is None:
                raise NoHostError([hosts[0].decode("latin-1")])
            raise MisdirectedError(name)


def _head(headers: Any) -> tuple[list[bytes], bytes, bytes]:
    hosts: list[bytes] = []
    origin = encoding = b""
    for name, value in headers:
        if name == b"host":
            hosts.append(value)
        elif name == b"origin":
            origin = value
        elif name == b"content-encoding":
            encoding = encoding + b"," + value if encoding else value.strip().lower()
    return hosts, origin, encoding


def _check_site(scope: Any) -> None:
    if scope["method"] not in _SAFE:
        check_origin(scope, strict=False)
