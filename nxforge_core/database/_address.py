"""Where the database is and who we are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

import msgspec

from nxforge_core.api.errors import InvalidInputError

__all__ = ["ServerAddress", "quote_identifier", "quote_identifiers"]

DEFAULT_PORT: Final = 5432
#: Kept from the URL for both drivers.
_SHARED_OPTIONS: Final = frozenset(
    {
        "application_name",
        "options",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslpassword",
        "sslrootcert",
        "target_session_attrs",
    }
)
#: Kept for libpq alone: asyncpg would send them to the server as settings.
_LIBPQ_OPTIONS: Final = frozenset(
    {
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "tcp_user_timeout",
    }
)
#: libpq waits for ever by default. Seconds, but milliseconds for tcp_user_timeout.
_LIBPQ_DEADLINES: Final[Mapping[str, str]] = {
    "connect_timeout": "5",
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_EXAMPLE: Final = "postgresql://user:password@host:5432/database"


def quote_identifier(name: str) -> str:
    """Write a name for use in SQL text."""
    return '"' + name.replace('"', '""') + '"'


def quote_identifiers(names: str) -> str:
    """Write names that commas separate for use in SQL text."""
    return ", ".join(quote_identifier(name.strip()) for name in names.split(","))


class ServerAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One database on one server, and the login to use.

    Attributes:
        host: A name, an IP address, or the absolute folder of a Unix socket.
        user: Empty means the driver's default (PGUSER or the system user).
        database: Empty means the driver's default (the user's name).
        options: What else the URL said, `sslmode` for example.
    """

    host: str
    port: int = DEFAULT_PORT
    user: str = ""
    password: str = ""
    database: str = ""
    options: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"ServerAddress({self.display()!r})"

    @classmethod
    def parse(cls, url: str) -> ServerAddress:
        """Read a `postgresql://` or `postgres://` URL.

        Raises:
            InvalidInputError: the URL names no single PostgreSQL server; the
                message shows it without its password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise _refused(url, f"{error}; write it as {_EXAMPLE}") from None
        if parts.scheme not in {"postgresql", "postgres"}:
            raise _refused(url, f"write it as {_EXAMPLE}")
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        address = _from_parts(parts, port, query)
        _check(url, address)
        return address

    def display(self) -> str:
        """Write the address without its password, for people and logs."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        if self.host.startswith("/"):
            place, query = "", f"?host={quote(self.host)}"
        else:
            host = f"[{self.host}]" if ":" in self.host else self.host
            place, query = f"{host}:{self.port}", ""
        return f"postgresql://{user}{place}/{quote(self.database, safe='')}{query}"

    def url(self) -> str:
        """Write the address as a URL, its password included: for its owner only."""
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        name = quote(self.database, safe="")
        if self.host.startswith("/"):
            more = {"host": self.host, "port": str(self.port), **self.options}
            return f"postgresql://{login}@/{name}?{urlencode(more)}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        query = f"?{urlencode(self.options)}" if self.options else ""
        return f"postgresql://{login}@{host}:{self.port}/{name}{query}"

    def with_role(self, user: str, password: str) -> ServerAddress:
        """Name the same database with another login."""
        return msgspec.structs.replace(self, user=user, password=password)

    def with_database(self, database: str) -> ServerAddress:
        """Name another database of the same server."""
        return msgspec.structs.replace(self, database=database)

    def asyncpg_arguments(self) -> dict[str, Any]:
        """Answer keyword arguments for `asyncpg.connect` and `create_pool`."""
        arguments: dict[str, Any] = {"host": self.host, "port": self.port}
        named = {"user": self.user, "password": self.password}
        named["database"] = self.database
        arguments |= {key: value for key, value in named.items() if value}
        kept = {k: v for k, v in self.options.items() if k not in _LIBPQ_OPTIONS}
        if kept:
            arguments["dsn"] = f"postgresql:///?{urlencode(kept)}"
        return arguments

    def conninfo(self, application_name: str) -> str:
        """Answer a libpq connection string, for psycopg and its pool.

        Session settings are set once connected: poolers refuse them in here.

        Args:
            application_name: As shown in `pg_stat_activity`.
        """
        fields = {**_LIBPQ_DEADLINES, "application_name": application_name}
        fields |= self.options
        fields |= {"host": self.host, "port": str(self.port)}
        fields |= {"user": self.user, "password": self.password}
        fields["dbname"] = self.database
        return " ".join(f"{k}={_libpq_value(v)}" for k, v in fields.items() if v)

    def yoyo_uri(self, schema: str) -> str:
        """Answer the URI for yoyo over psycopg 3.

        Everything is in the query: yoyo leaves a percent-encoded path as it is.
        """
        fields = {**_LIBPQ_DEADLINES, **self.options}
        fields |= {"host": self.host, "port": str(self.port), "schema": schema}
        fields |= {"user": self.user, "password": self.password}
        fields["dbname"] = self.database
        query = urlencode({key: value for key, value in fields.items() if value})
        return f"postgresql+psycopg:///?{query}"


def _from_parts(
    parts: SplitResult, port: int | None, query: dict[str, str]
) -> ServerAddress:
    named_port = query.pop("port", "")
    return ServerAddress(
        host=query.pop("host", "") or unquote(parts.hostname or "") or "localhost",
        port=port or (int(named_port) if named_port.isdecimal() else DEFAULT_PORT),
        user=query.pop("user", "") or unquote(parts.username or ""),
        password=query.pop("password", "") or unquote(parts.password or ""),
        database=query.pop("dbname", "") or unquote(parts.path[1:]),
        options=query,
    )


def _check(url: str, address: ServerAddress) -> None:
    if "," in address.host:
        raise _refused(url, "name one server, not several")
    unknown = sorted(address.options.keys() - _SHARED_OPTIONS - _LIBPQ_OPTIONS)
    if unknown:
        known = ", ".join(sorted(_SHARED_OPTIONS | _LIBPQ_OPTIONS))
        raise _refused(url, f"remove the option {unknown[0]!r}; known are {known}")


def _refused(url: str, remedy: str) -> InvalidInputError:
    return InvalidInputError(
        field="database URL", value=_without_password(url), remedy=remedy
    )


def _without_password(url: str) -> str:
    """Mask what may be a password, also in text that is no URL."""
    login, at, rest = url.rpartition("@")
    scheme, slashes, login = login.rpartition("://")
    if at and ":" in login:
        login = f"{login.partition(':')[0]}:***"
    masked = f"{scheme}{slashes}{login}{at}{rest}"
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1***", masked)


def _libpq_value(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
