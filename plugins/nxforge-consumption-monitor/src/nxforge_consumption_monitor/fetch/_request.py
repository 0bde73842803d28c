"""What is asked of a device."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal

import msgspec

from nxforge_consumption_monitor.extract import PageSource
from nxforge_consumption_monitor.models import Client, DueEndpoint
from nxforge_core.api import BrowserStep, Secrets, TlsMode

from ._credential import Credential
from ._options import AuthKind, decode_options
from ._steps import decode_steps

__all__ = ["PageRequest", "page_request"]

Method = Literal["GET", "POST"]


class PageRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a device.

    Attributes:
        key: What a login and a page are kept for, such as the endpoint's id; empty:
            nothing is kept.
        expect_type: `json`, `xml` or `html`, which the body shows, or the beginning
            of a content type; empty: any.
        steps: What is done in the browser before the page is read.
        expect_text: Text that the right page has; empty: none in particular.
        sources: Further pages of the same device, by name.
    """

    url: str
    key: str = ""
    method: Method = "GET"
    headers: Mapping[str, str] = {}
    body: str | None = None
    auth: Credential = Credential()
    timeout_s: float = 10.0
    max_bytes: int = 524_288
    tls: TlsMode = "verify"
    pin: str = ""
    expect_type: str = ""
    expect_text: str = ""
    client: Client = "http"
    steps: tuple[BrowserStep, ...] = ()
    sources: Mapping[str, PageSource] = {}

    def __repr__(self) -> str:
        return f"PageRequest(key={self.key!r}, method={self.method!r})"

    def mark(self) -> bytes:
        """Differs when anything does that a kept login or page depends on."""
        facts = msgspec.json.encode(
            [
                self.method,
                self.url,
                self.headers,
                self.tls,
                self.pin,
                self.auth.kind,
                self.auth.username,
                self.auth.secret,
                self.auth.options,
            ]
        )
        return hashlib.blake2b(facts, digest_size=16).digest()


def page_request(endpoint: DueEndpoint, secrets: Secrets) -> PageRequest:
    """What is asked of an endpoint. Its secret is opened for this request only.

    Raises:
        NxForgeError: the stored secret cannot be opened, or the options be read.
    """
    sealed = endpoint.sealed_secret
    kind = endpoint.auth_type or "none"
    return PageRequest(
        url=endpoint.url,
        key=endpoint.id,
        method=msgspec.convert(endpoint.method, Method),
        headers=endpoint.headers,
        body=endpoint.body,
        auth=Credential(
            kind=msgspec.convert(kind, AuthKind),
            username=endpoint.username or "",
            secret=secrets.open(sealed) if sealed else "",
            options=decode_options(kind, endpoint.auth_options),
        ),
        timeout_s=endpoint.timeout_s,
        tls=endpoint.tls_mode,
        pin=endpoint.tls_pin or "",
        expect_type=endpoint.expect_type,
        expect_text=endpoint.expect_text,
        client=endpoint.client,
        steps=decode_steps(endpoint.browser_steps),
    )
