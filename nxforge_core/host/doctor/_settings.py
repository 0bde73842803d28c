"""Weak settings: pure, of values and where they came from."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final

from nxforge_core.database import ServerAddress
from nxforge_core.host._proxies import trusted_network
from nxforge_core.security import is_wide, wide_entries
from nxforge_core.settings import LoadedSettings, ServerSettings, Settings

from ._finding import Finding

__all__ = ["weak_settings"]

_WEEK: Final = 7 * 86_400
_SHORTEST: Final = 12
_ENCRYPTED: Final = frozenset({"require", "verify-ca", "verify-full"})


def weak_settings(loaded: LoadedSettings) -> Iterator[Finding]:
    """What the settings leave open."""
    settings = loaded.settings
    yield from _listening(settings.server)
    yield from _answering(settings.server)
    yield from _proxies(settings.server)
    yield from _outgoing(settings)
    yield from _people(settings)
    yield from _rest(settings)


def _listening(server: ServerSettings) -> Iterator[Finding]:
    local = _is_loopback(server.host)
    if not local and not server.trusted_proxies:
        yield Finding(
            "high",
            "plain_http",
            f"the host listens on {server.host} without TLS: passwords, cookies and "
            "tokens can be read on the way",
            "listen on 127.0.0.1 behind a proxy that speaks TLS, and name the proxy in "
            "'server.trusted_proxies'",
        )
    elif not local:
        yield Finding(
            "medium",
            "beside_proxy",
            f"the host listens on {server.host}: who reaches that address passes by "
            "the proxy and its TLS",
            "listen on the address that only the proxy reaches",
        )
    if not server.trusted_proxies:
        yield Finding(
            "low" if local else "medium",
            "plain_cookies",
            "without a trusted proxy every connection counts as plain http: cookies "
            "have no __Host- prefix and no Secure",
            "put a proxy with TLS before the host and name it in "
            "'server.trusted_proxies'",
        )


def _answering(server: ServerSettings) -> Iterator[Finding]:
    if "*" in server.hosts:
        yield Finding(
            "medium",
            "any_host",
            "'server.hosts' holds '*': any name that is pointed at this machine leads "
            "to the host",
            "list the names it is reached by",
        )
    if server.hsts == 0 and server.trusted_proxies:
        yield Finding(
            "low",
            "no_hsts",
            "'server.hsts' is 0: browsers may still be led to plain http",
            "remove 'server.hsts' where nothing else answers at the name over http",
        )
    yield from _rates_and_origins(server)


def _rates_and_origins(server: ServerSettings) -> Iterator[Finding]:
    for key in ("stranger_rate", "caller_rate"):
        if getattr(server, key) == 0:
            yield Finding(
                "medium",
                "no_rate",
                f"'server.{key}' is 0: nobody is slowed down",
                f"remove 'server.{key}', or set it to what is needed",
            )
    for key in ("cors_origins", "frame_ancestors"):
        plain = [one for one in getattr(server, key) if one.startswith("http:")]
        if plain:
            yield Finding(
                "medium",
                "plain_origin",
                f"'server.{key}' trusts {', '.join(plain)}: whoever sits on the way "
                "can speak in its name",
                "list origins with https only",
            )


def _proxies(server: ServerSettings) -> Iterator[Finding]:
    wide = [one for one in server.trusted_proxies if is_wide(trusted_network(one))]
    if wide:
        yield Finding(
            "high",
            "wide_proxies",
            f"'server.trusted_proxies' holds {', '.join(wide)}: everybody there may "
            "claim any address and TLS",
            "name the addresses of the proxies",
        )


def _outgoing(settings: Settings) -> Iterator[Finding]:
    wide = wide_entries(settings.network.allow)
    if wide:
        yield Finding(
            "high",
            "wide_networks",
            f"'network.allow' holds {', '.join(wide)}: whoever may enter an endpoint "
            "reaches all of it through the host",
            "list the networks of the devices",
        )


def _people(settings: Settings) -> Iterator[Finding]:
    people = settings.people
    if people.password_length < _SHORTEST:
        yield Finding(
            "medium",
            "short_passwords",
            f"'people.password_length' is {people.password_length}",
            f"use {_SHORTEST} or more",
        )
    if people.session_longest > _WEEK:
        yield Finding(
            "low",
            "long_sessions",
            f"'people.session_longest' is {people.session_longest // 86_400} days",
            "use a week at the most",
        )


def _rest(settings: Settings) -> Iterator[Finding]:
    if settings.log.level == "debug":
        yield Finding(
            "low", "debug", "'log.level' is debug", "use 'info' where nobody looks"
        )
    if settings.browser.no_sandbox:
        yield Finding(
            "medium",
            "no_sandbox",
            "'browser.no_sandbox' is set: a page that breaks Chromium has what the "
            "host has",
            "run the host as an ordinary user and remove the setting",
        )
    if settings.database.url is not None:
        address = ServerAddress.parse(settings.database.url)
        mode = address.options.get("sslmode", "prefer")
        if not _is_near(address.host) and mode not in _ENCRYPTED:
            yield Finding(
                "medium",
                "plain_database",
                f"the connection to the database at {address.host} need not be "
                f"encrypted (sslmode {mode})",
                "add 'sslmode=verify-full' to 'database.url'",
            )


def _is_near(host: str) -> bool:
    return host.startswith("/") or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
