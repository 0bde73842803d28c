"""What settings and files leave open, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nxforge_core.host.doctor import (
    Finding,
    weak_files,
    weak_plugins,
    weak_settings,
)
from nxforge_core.plugins import Candidate
from nxforge_core.settings import (
    BrowserSettings,
    DatabaseSettings,
    LoadedSettings,
    LogSettings,
    NetworkSettings,
    PeopleSettings,
    ServerSettings,
    Settings,
    Source,
)

BEHIND = ServerSettings(trusted_proxies=("127.0.0.1",))


def codes(found: Iterable[Finding]) -> dict[str, str]:
    """Levels by code; each says what to do."""
    listed = list(found)
    assert all(one.what and one.remedy for one in listed)
    return {one.code: one.level for one in listed}


def loaded(**sections: Any) -> LoadedSettings:
    """Settings that differ from the defaults in these sections."""
    sections.setdefault("server", BEHIND)
    return LoadedSettings(Settings(data_dir=Path("/nowhere"), **sections), {})


def test_defaults_behind_a_proxy_are_strong() -> None:
    """What is set by itself leaves nothing open."""
    assert codes(weak_settings(loaded())) == {}


SERVERS = [
    (ServerSettings(), {"plain_cookies": "low"}),
    (
        ServerSettings(host="0.0.0.0"),  # noqa: S104 - that is what it is about
        {"plain_http": "high", "plain_cookies": "medium"},
    ),
    (
        ServerSettings(host="nx.example.org"),
        {"plain_http": "high", "plain_cookies": "medium"},
    ),
    (
        ServerSettings(host="::", trusted_proxies=("10.0.0.7",)),
        {"beside_proxy": "medium"},
    ),
    (ServerSettings(trusted_proxies=("0.0.0.0/0",)), {"wide_proxies": "high"}),
    (ServerSettings(trusted_proxies=("::/0",)), {"wide_proxies": "high"}),
    (ServerSettings(trusted_proxies=("fd00::/64", "10.0.0.0/24")), {}),
    (
        ServerSettings(trusted_proxies=("127.0.0.1",), hosts=("*",)),
        {"any_host": "medium"},
    ),
    (
        ServerSettings(trusted_proxies=("127.0.0.1",), caller_rate=0),
        {"no_rate": "medium"},
    ),
    (
        ServerSettings(trusted_proxies=("127.0.0.1",), cors_origins=("http://a.b",)),
        {"plain_origin": "medium"},
    ),
    (ServerSettings(trusted_proxies=("127.0.0.1",), hsts=0), {"no_hsts": "low"}),
]


@pytest.mark.parametrize(("server", "wanted"), SERVERS)
def test_weak_server_settings(server: ServerSettings, wanted: dict[str, str]) -> None:
    """Who can listen in, come in by a wrong name, or claim to be somebody else."""
    assert codes(weak_settings(loaded(server=server))) == wanted


@pytest.mark.parametrize(
    ("sections", "wanted"),
    [
        ({"network": NetworkSettings(("0.0.0.0/0",))}, {"wide_networks": "high"}),
        ({"network": NetworkSettings(("10.0.0.0/8:80",))}, {"wide_networks": "high"}),
        (
            {"network": NetworkSettings(("::/0",))},
            {"wide_networks": "high"},
        ),
        ({"network": NetworkSettings((" 10.0.0.0/8 ",))}, {"wide_networks": "high"}),
        ({"network": NetworkSettings(("[fd00::]:80",))}, {}),
        ({"network": NetworkSettings(("10.2.0.0/16", "192.0.2.7:80"))}, {}),
        ({"people": PeopleSettings(password_length=8)}, {"short_passwords": "medium"}),
        ({"people": PeopleSettings(session_longest=999_999)}, {"long_sessions": "low"}),
        ({"log": LogSettings(level="debug")}, {"debug": "low"}),
        ({"browser": BrowserSettings(no_sandbox=True)}, {"no_sandbox": "medium"}),
        (
            {"database": DatabaseSettings(url="postgresql://a:b@db.example/x")},
            {"plain_database": "medium"},
        ),
        (
            {
                "database": DatabaseSettings(
                    url="postgresql://a:b@db.example/x?sslmode=verify-full"
                )
            },
            {},
        ),
        ({"database": DatabaseSettings(url="postgresql://a:b@/x?host=/run")}, {}),
    ],
)
def test_weak_other_settings(sections: Any, wanted: dict[str, str]) -> None:
    """Where requests may go, how long people stay, what is logged and how."""
    assert codes(weak_settings(loaded(**sections))) == wanted


def test_database_password_is_not_told() -> None:
    """A finding names the host of the database and nothing secret."""
    url = "postgresql://a:swordfish@db.example/x"
    (found,) = weak_settings(loaded(database=DatabaseSettings(url=url)))

    assert "db.example" in found.what
    assert "swordfish" not in f"{found}"


def test_files_that_lie_open(tmp_path: Path) -> None:
    """Keys, data and settings are their owner's alone."""
    file = tmp_path / "nxforge.toml"
    (tmp_path / "secret.key").write_text("")
    file.write_text("")
    settings = Settings(data_dir=tmp_path)
    sources = {"database.url": Source("file", str(file))}
    given = LoadedSettings(settings, sources, file)
    for path, mode in ((tmp_path, 0o755), (tmp_path / "secret.key", 0o640)):
        path.chmod(mode)
    file.chmod(0o666)
    opened = codes(weak_files(given, user=0))
    for path, mode in ((tmp_path, 0o700), (tmp_path / "secret.key", 0o600)):
        path.chmod(mode)
    file.chmod(0o640)

    assert opened == {
        "open_key_file": "high",
        "open_data_dir": "medium",
        "writable_settings": "high",
        "readable_secrets": "high",
        "root": "medium",
    }
    assert codes(weak_files(given, user=1000)) == {}


def test_plugins_that_ship_scripts(tmp_path: Path) -> None:
    """Enabled ones only: what is not enabled runs nowhere."""
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "view.js").write_text("")
    facts = {"module": "m", "folder": tmp_path, "manifest_file": tmp_path}
    manifest: Any = SimpleNamespace()
    plugin = Candidate(  # type: ignore[call-arg] # the manifest is not looked at
        id="meter", distribution="nx", version="1", manifest=manifest, **facts
    )

    assert codes(weak_plugins([plugin], {"meter"})) == {"plugin_scripts": "low"}
    assert codes(weak_plugins([plugin], set())) == {}
