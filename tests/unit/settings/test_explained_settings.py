"""What people are told of each setting, what waits for a restart, the export."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.settings import (
    DatabaseSettings,
    Explained,
    LoadedSettings,
    SecretSettings,
    ServerSettings,
    Settings,
    Source,
    explain,
    load_settings,
    pending,
    to_toml,
)

_HOME = {"HOME": "/home/ada"}
_NOWHERE = Path("/nowhere/nxforge.toml")


class Meter(msgspec.Struct, frozen=True):
    """Of a plugin.

    Attributes:
        zone: Whose days
            count.
        api_key: What it shows.
    """

    zone: str = "UTC"
    api_key: str = ""
    weights: list[int] = msgspec.field(default_factory=list)


def loaded(file: Path | None = None, **variables: str) -> LoadedSettings:
    """Settings of a file and of variables."""
    environ = {**_HOME, **{f"NXFORGE_{name}": text for name, text in variables.items()}}
    return load_settings(file=file, environ=environ, system_file=_NOWHERE)


def explained(given_: LoadedSettings, **plugins: Any) -> dict[str, Explained]:
    """By key."""
    return {each.key: each for each in explain(given_, plugins)}


def test_every_setting_says_what_it_is_for() -> None:
    """Each has a sentence and what fits, so that no page shows a bare name."""
    found = explained(loaded())

    assert [key for key, each in found.items() if not each.about] == []
    assert [key for key, each in found.items() if not each.expected] == []
    assert found["server.port"].expected == "a whole number from 0 to 65535"
    assert found["server.port"].section == "server"
    assert found["data_dir"].section == "general"


def test_settings_of_plugins_are_told_with_their_defaults() -> None:
    """Given or not, with the words of their struct; what nobody knows is told too."""
    given_ = loaded(PLUGIN__METER__ZONE="Europe/Oslo", PLUGIN__GONE__X="1")
    found = explained(given_, meter=Meter)
    zone = found["plugin.meter.zone"]

    assert (zone.value, zone.default) == ('"Europe/Oslo"', '"UTC"')
    assert zone.about == "Whose days count."
    assert str(zone.source) == "NXFORGE_PLUGIN__METER__ZONE"
    assert found["plugin.meter.weights"].value == "[]"
    assert found["plugin.gone.x"].section == "plugin.gone"


def test_no_secret_is_told_or_exported() -> None:
    """Keys, passwords in addresses and what is named like a secret are masked."""
    given_ = loaded(
        DATABASE_URL="postgresql://nx:lamps@db/nx",
        SECRETS_KEYS="bGFtcHM=",
        PLUGIN__METER__API_KEY="lamps",
    )
    told = explained(given_, meter=Meter)
    text = repr(told) + to_toml(given_)

    assert "lamps" not in text
    assert "bGFtcHM" not in text
    assert told["database.url"].value == '"postgresql://nx:***@db/nx"'
    assert told["plugin.meter.api_key"].secret
    assert "# url = ...: secret" in text


def test_settings_of_a_program_are_its_own_word() -> None:
    """What a host was embedded with is no default and from no file."""
    made = Settings(
        data_dir=Path("/srv/nx"),
        server=ServerSettings(port=1),
        plugin={"meter": {"zone": "UTC"}},
    )
    sources = LoadedSettings.of(made).sources

    assert sources["server.port"] == Source("program")
    assert sources["server.host"] == Source("default")
    assert sources["plugin.meter.zone"] == Source("program")
    assert pending(LoadedSettings.of(made)).values == {}


def test_change_of_the_file_waits_for_a_restart(tmp_path: Path) -> None:
    """What differs is named with its new value; a secret's is masked."""
    file = tmp_path / "nxforge.toml"
    file.write_text("[server]\nport = 1\n[plugin.meter]\nzone = 'UTC'\n")
    before = loaded(file)
    assert pending(before).values == {}
    file.write_text("[server]\nport = 2\n[secrets]\nkeys = ['abc']\n")

    assert pending(before).values == {
        "server.port": "2",
        "secrets.keys": '"***"',
        "plugin.meter.zone": "not set",
    }


def test_file_that_cannot_be_used_any_more_is_told(tmp_path: Path) -> None:
    """The next start would fail: better known before."""
    file = tmp_path / "nxforge.toml"
    file.write_text("[server]\nport = 1\n")
    before = loaded(file)
    file.write_text("[server]\nport = 'x'\n")
    found = pending(before)

    assert "server.port" in found.problem
    assert "expected a whole number" in found.remedy
    assert found.values == {}


def test_export_is_a_file_that_gives_the_same_settings(tmp_path: Path) -> None:
    """Another host that reads it is told the same, secrets apart."""
    first = tmp_path / "first.toml"
    first.write_text(
        """
        data_dir = "/srv/nx"
        [jobs]
        limits = { consumption-monitor = 4 }
        grace = 2.5
        [network]
        allow = ["10.0.0.0/8"]
        [plugin.meter]
        zone = "Europe/Oslo"
        since = 2026-01-31
        """
    )
    given_ = loaded(first, LOG_ACCESS="false")
    second = tmp_path / "second.toml"
    second.write_text(to_toml(given_))

    assert loaded(second).settings == given_.settings


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | _TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(_VALUES)
def test_any_value_of_a_plugin_survives_the_export(value: object) -> None:
    """Whatever a settings file can hold is written so that it is read as it was."""
    made = Settings(data_dir=Path("/x"), plugin={"meter": {"zone": value}})
    text = to_toml(LoadedSettings.of(made))

    if "secret" not in text.partition("[plugin.meter]")[2]:
        assert tomllib.loads(text)["plugin"]["meter"]["zone"] == value


@pytest.mark.parametrize(
    "settings",
    [
        Settings(data_dir=Path("/x")),
        Settings(data_dir=Path("/x"), database=DatabaseSettings(pool_max=9)),
        Settings(data_dir=Path("/x"), secrets=SecretSettings(keys=("a",))),
    ],
)
def test_export_begins_with_what_belongs_to_no_table(settings: Settings) -> None:
    """A key behind a table's head would belong to that table."""
    assert tomllib.loads(to_toml(LoadedSettings.of(settings)))["data_dir"] == "/x"
