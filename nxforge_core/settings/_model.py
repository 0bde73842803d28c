"""The host's settings as frozen structs, one for each section of `nxforge.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ._mask import MASK, mask_database_url

__all__ = [
    "BrowserSettings",
    "DatabaseSettings",
    "JobSettings",
    "LogSettings",
    "NetworkSettings",
    "PeopleSettings",
    "PluginSettings",
    "SecretSettings",
    "ServerSettings",
    "Settings",
    "UiSettings",
]

_Limit = Annotated[int, Meta(ge=1, le=1000)]
_Port = Annotated[int, Meta(ge=0, le=65535)]
_Rate = Annotated[float, Meta(ge=0, le=1_000_000)]
_HostName = Annotated[
    str,
    Meta(
        pattern=r"^(\*|(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*)$",
        description="a name such as nx.example.org, without a port, or *.example.org",
    ),
]
_Origin = Annotated[
    str,
    Meta(
        pattern=r"^https?://([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?$",
        description="an origin such as https://app.example.org, in lower case",
    ),
]
_DatabaseUrl = Annotated[
    str,
    Meta(
        pattern=r"^postgres(ql)?://",
        description="a URL such as postgresql://USER:PASSWORD@HOST:5432/NAME",
    ),
]


class ServerSettings(msgspec.Struct, frozen=True):
    """Where the host listens and to whom it answers.

    Attributes:
        host: Where it listens; 127.0.0.1 is this machine only.
        port: Where it listens; 0 takes a free one.
        trusted_proxies: Addresses and networks of proxies whose `X-Forwarded-For` and
            `X-Forwarded-Proto` are believed; nobody else's are.
        hosts: Names it answers to; without any, to those that no stranger can give it.
        cors_origins: Origins whose pages may call the API, with tokens.
        frame_ancestors: Origins whose pages may show ours in a frame.
        hsts: Seconds for which browsers that came over TLS come in no other way.
        stranger_rate: Requests per second from one address without a credential that
            is accepted; ten times as many at once; 0 is no limit.
        caller_rate: The same for one person or token.
    """

    host: Annotated[str, Meta(min_length=1, description="an address or a name")] = (
        "127.0.0.1"
    )
    port: _Port = 8080
    trusted_proxies: tuple[str, ...] = ()
    hosts: tuple[_HostName, ...] = ()
    cors_origins: tuple[_Origin, ...] = ()
    frame_ancestors: tuple[_Origin, ...] = ()
    hsts: Annotated[int, Meta(ge=0, le=63_072_000)] = 31_536_000
    stranger_rate: _Rate = 20.0
    caller_rate: _Rate = 200.0


class DatabaseSettings(msgspec.Struct, frozen=True):
    """Which PostgreSQL.

    Attributes:
        url: None means the embedded server in the data directory.
        pool_max: Connections at the most, for the core and for each plugin.
        wait: Seconds that a start waits for a server that is not ready yet.
    """

    url: _DatabaseUrl | None = None
    pool_max: Annotated[int, Meta(ge=1, le=100)] = 4
    wait: Annotated[float, Meta(ge=0, le=3600)] = 30.0

    def __repr__(self) -> str:
        url = None if self.url is None else mask_database_url(self.url)
        return (
            f"DatabaseSettings(url={url!r}, pool_max={self.pool_max}, "
            f"wait={self.wait!r})"
        )


class PluginSettings(msgspec.Struct, frozen=True):
    """Which plugins run.

    Attributes:
        enable: Ids of plugins to load; an installed one not named is never imported.
        required: Ids without which the host is not ready.
        safe: Start none of them, whatever was said, to look after the host itself.
        strict: Start not at all while one that is enabled does not serve.
        storage_quota: Bytes that the files of each plugin may have together.
    """

    enable: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    safe: bool = False
    strict: bool = False
    storage_quota: Annotated[int, Meta(ge=0)] = 1_000_000_000


class NetworkSettings(msgspec.Struct, frozen=True):
    """Where outgoing requests may go.

    Attributes:
        allow: Addresses and networks, none at first.
    """

    allow: tuple[str, ...] = ()


class MailSettings(msgspec.Struct, frozen=True):
    """The mail server that takes notices for people.

    Attributes:
        host: Its name; without one no e-mail is sent.
        port: 587 with `starttls`, 465 with `tls`, 25 with `none` are usual.
        tls: How the connection is encrypted.
        user: Where it wants a log-in.
        password: Of that user.
        sender: Address that mails come from.
    """

    host: str = ""
    port: _Port = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = ""
    sender: str = "nxforge@localhost"

    def __repr__(self) -> str:
        return f"MailSettings(host={self.host!r}, user={self.user!r})"


class BrowserSettings(msgspec.Struct, frozen=True):
    """The Chromium that reads pages which need JavaScript.

    Attributes:
        executable: None takes the first of chromium, chromium-browser and
            google-chrome on the PATH.
        no_sandbox: Do without Chromium's own sandbox; as root there is no other way.
        pages: Pages open at the same time.
        idle: Seconds without a visit after which Chromium is stopped.
    """

    executable: Path | None = None
    no_sandbox: bool = False
    pages: Annotated[int, Meta(ge=1, le=16)] = 4
    idle: Annotated[float, Meta(ge=1, le=86_400)] = 120.0


class PeopleSettings(msgspec.Struct, frozen=True):
    """Accounts of people.

    Attributes:
        password_length: Characters of a new password at the least.
        session_idle: Seconds without a request after which a session ends.
        session_longest: Seconds after which a session ends whatever happens.
    """

    password_length: Annotated[int, Meta(ge=8, le=128)] = 12
    session_idle: Annotated[int, Meta(ge=300, le=2_592_000)] = 7200
    session_longest: Annotated[int, Meta(ge=300, le=7_776_000)] = 86_400


class JobSettings(msgspec.Struct, frozen=True):
    """What of the job engine runs in this process.

    Attributes:
        worker: Run jobs.
        scheduler: Decide when jobs are due.
        concurrency: Runs of one plugin at the same time.
        limits: The same for single plugins, by id.
        queues: Ids of the plugins whose runs this process works for; None for all.
        grace: Seconds that running jobs get to finish when the host stops.
        stalled: Seconds without a sign of life after which a process's runs are given
            to others.
        block_limit: So often within an hour a job may block the event loop before it
            is disabled; 0 never disables one.
    """

    worker: bool = True
    scheduler: bool = True
    concurrency: Annotated[int, Meta(ge=1, le=1000)] = 20
    limits: dict[str, _Limit] = {}
    queues: tuple[str, ...] | None = None
    grace: Annotated[float, Meta(ge=0, le=3600)] = 10.0
    stalled: Annotated[float, Meta(ge=2, le=7200)] = 30.0
    block_limit: Annotated[int, Meta(ge=0, le=1000)] = 3


class LogSettings(msgspec.Struct, frozen=True):
    """What is logged and how.

    Attributes:
        level: The least grave that is logged.
        format: `console` for people, `json` for machines.
        access: One line for each HTTP request.
    """

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "console"
    access: bool = True


class UiSettings(msgspec.Struct, frozen=True):
    """What pages may do.

    Attributes:
        allow_plugin_js: Load the modules that plugins bring for their pages; such a
            module may do whatever the reader may.
    """

    allow_plugin_js: bool = True


class SecretSettings(msgspec.Struct, frozen=True):
    """The key set that encrypts stored credentials.

    Attributes:
        keys: Base64 of 32 bytes each, newest first.
        key_file: Used where `keys` is empty; None means `secret.key` in the data
            directory.
    """

    keys: tuple[str, ...] = ()
    key_file: Path | None = None

    def __repr__(self) -> str:
        keys = (MASK,) * len(self.keys)
        return f"SecretSettings(keys={keys!r}, key_file={self.key_file!r})"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the host is told.

    Attributes:
        data_dir: Absolute; holds the embedded server, the key file and stored files.
        plugin: Raw values of plugins by id, judged when the plugin is loaded.
    """

    data_dir: Path
    server: ServerSettings = ServerSettings()
    database: DatabaseSettings = DatabaseSettings()
    plugins: PluginSettings = PluginSettings()
    network: NetworkSettings = NetworkSettings()
    mail: MailSettings = MailSettings()
    browser: BrowserSettings = BrowserSettings()
    people: PeopleSettings = PeopleSettings()
    jobs: JobSettings = JobSettings()
    log: LogSettings = LogSettings()
    secrets: SecretSettings = SecretSettings()
    ui: UiSettings = UiSettings()
    plugin: Mapping[str, Mapping[str, object]] = {}

    def __repr__(self) -> str:
        # Raw plugin values may hold passwords: only the ids are shown.
        sections = (
            f"{name}={getattr(self, name)!r}"
            for name in self.__struct_fields__
            if name != "plugin"
        )
        return f"Settings({', '.join(sections)}, plugin={sorted(self.plugin)!r})"
