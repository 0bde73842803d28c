"""Layers, sources and the problems they are reported with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from nxforge_core.settings import (
    LoadedSettings,
    Settings,
    SettingsError,
    Source,
    describe,
    load_settings,
)

_HOME = {"HOME": "/home/ada"}
_NOWHERE = Path("/nowhere/nxforge.toml")


def _load(
    environ: Mapping[str, str] = _HOME,
    *,
    file: Path | None = None,
    overrides: Mapping[str, object] = {},
) -> LoadedSettings:
    return load_settings(
        file=file, environ=environ, overrides=overrides, system_file=_NOWHERE
    )


def _problems(
    environ: Mapping[str, str] = _HOME,
    *,
    file: Path | None = None,
    overrides: Mapping[str, object] = {},
) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        _load(environ, file=file, overrides=overrides)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test writes its settings file."""
    return tmp_path / "nxforge.toml"


def test_defaults_apply_when_nothing_is_given() -> None:
    """Without file, variables and options every value is its default and says so."""
    loaded = _load()
    assert loaded.settings == Settings(data_dir=Path("/home/ada/.local/share/nxforge"))
    assert {str(source) for source in loaded.sources.values()} == {"default"}
    assert loaded.file is None


def test_data_dir_follows_xdg_data_home() -> None:
    """`XDG_DATA_HOME` decides about the default data directory; a relative one not."""
    assert _load({**_HOME, "XDG_DATA_HOME": "/x"}).settings.data_dir == Path(
        "/x/nxforge"
    )
    assert _load({**_HOME, "XDG_DATA_HOME": "x"}).settings.data_dir == Path(
        "/home/ada/.local/share/nxforge"
    )


def test_data_dir_is_a_problem_when_home_is_unknown() -> None:
    """A service without HOME is told which variable to set."""
    assert _problems({}) == [
        (
            "data_dir (default) has no value, because HOME is not set: "
            "set NXFORGE_DATA_DIR to an absolute path"
        )
    ]


def test_precedence_is_file_then_environment_then_command_line(file: Path) -> None:
    """Each layer wins over the one before it, and the source names the winner."""
    file.write_text('[server]\nhost = "10.0.0.1"\nport = 1\n[jobs]\nconcurrency = 7\n')
    loaded = _load(
        {**_HOME, "NXFORGE_SERVER_PORT": "2", "NXFORGE_JOBS_CONCURRENCY": "8"},
        file=file,
        overrides={"server.port": 3, "server.host": None},
    )
    assert loaded.settings.server.host == "10.0.0.1"
    assert loaded.settings.server.port == 3
    assert loaded.settings.jobs.concurrency == 8
    assert loaded.sources["server.host"] == Source("file", str(file))
    assert loaded.sources["server.port"] == Source("command line")
    assert str(loaded.sources["jobs.concurrency"]) == "NXFORGE_JOBS_CONCURRENCY"
    assert str(loaded.sources["jobs.grace"]) == "default"
    assert loaded.file == file


def test_variables_are_read_as_their_types() -> None:
    """Text of a variable becomes a list, a truth value, a number or a path."""
    settings = _load(
        {
            "NXFORGE_DATA_DIR": "/data",
            "NXFORGE_NETWORK_ALLOW": "10.0.0.0/8, 10.1.2.3:80,",
            "NXFORGE_LOG_ACCESS": "false",
            "NXFORGE_JOBS_GRACE": "2.5",
            "NXFORGE_SECRETS_KEY_FILE": "/run/key",
            "NXFORGE_DATABASE_URL": "postgresql://u@h/d",
        }
    ).settings
    assert settings.data_dir == Path("/data")
    assert settings.network.allow == ("10.0.0.0/8", "10.1.2.3:80")
    assert settings.log.access is False
    assert settings.jobs.grace == 2.5
    assert settings.secrets.key_file == Path("/run/key")
    assert settings.database.url == "postgresql://u@h/d"


def test_empty_variable_is_not_given_unless_it_is_a_list(file: Path) -> None:
    """An unfilled variable changes nothing; an empty list is a list."""
    file.write_text('[network]\nallow = ["10.0.0.0/8"]\n[server]\nport = 1\n')
    environ = {**_HOME, "NXFORGE_SERVER_PORT": "", "NXFORGE_NETWORK_ALLOW": ""}
    settings = _load(environ, file=file).settings
    assert settings.server.port == 1
    assert settings.network.allow == ()


def test_paths_of_a_file_are_relative_to_its_folder(file: Path) -> None:
    """A relative path never depends on the working directory."""
    file.write_text('data_dir = "data"\n[secrets]\nkey_file = "../key"\n')
    settings = _load(file=file).settings
    assert settings.data_dir == file.parent / "data"
    assert settings.secrets.key_file == file.parent / "../key"


@pytest.mark.parametrize("text", ["data", "~/data"])
def test_relative_path_of_a_variable_is_refused(text: str) -> None:
    """Elsewhere a path is absolute."""
    assert _problems({**_HOME, "NXFORGE_DATA_DIR": text}) == [
        f"data_dir (NXFORGE_DATA_DIR) is '{text}': expected an absolute path, in UTF-8"
    ]


def test_tilde_of_a_file_is_refused(file: Path) -> None:
    """A `~` is not silently a folder of that name."""
    file.write_text('data_dir = "~/data"\n')
    assert _problems(file=file) == [
        f"data_dir ({file}) is '~/data': expected an absolute path, in UTF-8"
    ]


def test_plugin_values_are_collected_by_id(file: Path) -> None:
    """Values of file and environment are joined by plugin and field."""
    file.write_text('[plugin.meter-room]\nzone = "UTC"\nlimits = {low = 1}\n')
    loaded = _load(
        {**_HOME, "NXFORGE_PLUGIN__METER_ROOM__ZONE": "Asia/Tokyo"}, file=file
    )
    assert loaded.settings.plugin == {
        "meter-room": {"zone": "Asia/Tokyo", "limits": {"low": 1}}
    }
    assert str(loaded.sources["plugin.meter-room.zone"]) == (
        "NXFORGE_PLUGIN__METER_ROOM__ZONE"
    )
    assert str(loaded.sources["plugin.meter-room.limits"]) == str(file)


def test_file_is_looked_for_in_a_fixed_order(tmp_path: Path) -> None:
    """Named file, `NXFORGE_CONFIG`, the machine's file, the data directory's."""
    paths = [tmp_path / name for name in ("a.toml", "b.toml", "c.toml", "nxforge.toml")]
    for path in paths:
        path.write_text("")
    named, variable, system, stored = paths
    environ = {"NXFORGE_CONFIG": str(variable), "NXFORGE_DATA_DIR": str(tmp_path)}
    found = [
        load_settings(file=named, environ=environ, system_file=system),
        load_settings(file=None, environ=environ, system_file=system),
        load_settings(
            file=None, environ={**environ, "NXFORGE_CONFIG": ""}, system_file=system
        ),
        load_settings(
            file=None, environ={**environ, "NXFORGE_CONFIG": ""}, system_file=_NOWHERE
        ),
        load_settings(
            file=None,
            environ=_HOME,
            overrides={"data_dir": tmp_path},
            system_file=_NOWHERE,
        ),
    ]
    assert [item.file for item in found] == [named, variable, system, stored, stored]


def test_named_file_must_exist(file: Path) -> None:
    """A file the operator names is not passed over."""
    expected = f"settings file ({file}) does not exist: name a file that exists"
    assert _problems(file=file) == [expected]
    assert _problems({**_HOME, "NXFORGE_CONFIG": str(file)}) == [expected]


def test_broken_toml_names_file_and_line(file: Path) -> None:
    """A syntax error is one problem with its place."""
    file.write_text("[server]\nport 8080\n")
    assert _problems(file=file) == [
        (
            f"settings file ({file}) is not TOML: Expected '=' after a key in a "
            "key/value pair (at line 2, column 6): correct that line"
        )
    ]


def test_undecodable_file_names_its_line(file: Path) -> None:
    """A file in another encoding is named with the line."""
    file.write_bytes(b"[server]\nhost = '\xe4'\n")
    assert _problems(file=file) == [
        f"settings file ({file}) is not UTF-8 (at line 2): save it as UTF-8"
    ]


def test_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    """What exists and cannot be read is never passed over."""
    assert _problems(file=tmp_path) == [
        f"settings file ({tmp_path}) cannot be read: Is a directory: make it readable"
    ]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[plugins]\nenabled = []", ("plugins.enabled ({}) is no setting: did you mean"
         " 'plugins.enable'?")),
        ("[sever]\nport = 1", "sever ({}) is no setting: did you mean 'server'?"),
        ("server = 5", "server ({}) is a section: write a table [server]"),
        ("plugin = 5", "plugin ({}) is a section: write a table [plugin.<id>]"),
        ("[plugin]\nmeter = 5", ("plugin.meter ({}) is a section: write a table"
         " [plugin.<id>]")),
        ("[plugin.My_Meter]\nx = 5", ("plugin.My_Meter.x ({}) names 'My_Meter', which"
         " is no plugin id: use lower-case letters, digits and single hyphens, 3 to 50"
         " characters, beginning with a letter")),
        ("[server]\nport = '80'", ("server.port ({}) is '80': expected a whole number"
         " from 0 to 65535")),
        ("[server]\nport = 70000", ("server.port ({}) is 70000: expected a whole number"
         " from 0 to 65535")),
        ("[network]\nallow = '10.0.0.1'", ("network.allow ({}) is '10.0.0.1': expected"
         " a list, each text")),
        ("[network]\nallow = ['10.0.0.1', 5]", ("network.allow ({}) is ['10.0.0.1', 5"
         "]: expected a list, each text (at `$[1]`)")),
        ("[log]\nlevel = 'loud'", ("log.level ({}) is 'loud': expected one of debug,"
         " error, info, warning")),
        ("[jobs]\nworker = 'yes'", "jobs.worker ({}) is 'yes': expected true or false"),
        ("[database]\nurl = 'mysql://u:pw@h/d'", ("database.url ({}) is"
         " 'mysql://u:***@h/d': expected a URL such as"
         " postgresql://USER:PASSWORD@HOST:5432/NAME")),
        ("[secrets]\nkeys = 'abc'", ("secrets.keys ({}) is '***': expected a list, each"
         " text")),
    ],
)  # fmt: skip
def test_wrong_value_names_key_value_source_and_remedy(
    file: Path, toml: str, words: str
) -> None:
    """Each kind of mistake has one clear sentence, with secrets masked."""
    file.write_text(toml)
    assert _problems(file=file) == [words.format(file)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NXFORGE_DATABASE_URI", "did you mean 'NXFORGE_DATABASE_URL'?"),
        ("NXFORGE_SERVERPORT", "did you mean 'NXFORGE_SERVER_PORT'?"),
        ("NXFORGE_PLUGIN__METER", "use NXFORGE_PLUGIN__<ID>__<FIELD>"),
    ],
)
def test_unknown_variable_names_the_nearest(name: str, words: str) -> None:
    """A misspelt variable is an error, not silence."""
    problems = _problems({**_HOME, name: "x"})
    assert problems == [f"{name} (environment) is no setting: {words}"]


def test_unknown_option_is_a_problem() -> None:
    """A command that passes a wrong key is told so."""
    assert _problems(overrides={"server.prot": 1}) == [
        "server.prot (command line) is no setting: did you mean 'server.port'?"
    ]


def test_key_like_no_other_lists_the_right_ones() -> None:
    """Where nothing is close, everything there is helps."""
    (problem,) = _problems(overrides={"zzz": 1})
    assert (
        "zzz (command line) is no setting: known are browser, browser.exec" in problem
    )


def test_variables_of_tests_and_tools_are_ignored() -> None:
    """Variables that steer tests, and those of other programs, are not settings."""
    names = ("NXFORGE_TEST_DATABASE", "NXFORGE_REQUIRE_BROWSER", "SERVER_PORT")
    assert _load({**_HOME, **dict.fromkeys(names, "1")}) == _load()


def test_all_problems_are_reported_at_once(file: Path) -> None:
    """File, environment and command line are judged in one go."""
    file.write_text("[server]\nprot = 1\n[jobs]\ngrace = -1\n")
    environ = {"NXFORGE_LOG_LEVEL": "loud", "NXFORGE_X": "1"}
    with pytest.raises(SettingsError, match="6 settings are wrong") as caught:
        _load(environ, file=file, overrides={"log.format": "xml"})
    assert [problem.key for problem in caught.value.problems] == [
        "server.prot",
        "NXFORGE_X",
        "jobs.grace",
        "log.level",
        "log.format",
        "data_dir",
    ]
    assert caught.value.exit_code == 2


def test_single_problem_is_one_line() -> None:
    """One mistake is one line with its remedy apart."""
    with pytest.raises(SettingsError) as caught:
        _load({**_HOME, "NXFORGE_SERVER_PORT": "http"})
    assert caught.value.message == "server.port (NXFORGE_SERVER_PORT) is 'http'"
    assert caught.value.remedy == "expected a whole number from 0 to 65535"


def test_describe_masks_secrets_and_names_sources() -> None:
    """The list for people holds every key, its source, and no secret."""
    environ = {
        "NXFORGE_DATA_DIR": "/data",
        "NXFORGE_DATABASE_URL": "postgresql://u:canary@/x@h/d?password=canary",
        "NXFORGE_SECRETS_KEYS": "canary,canary2",
        "NXFORGE_PLUGIN__METER_ROOM__API_KEY": "canary",
        "NXFORGE_PLUGIN__METER_ROOM__ZONE": "UTC",
    }
    lines = {line.key: line[1:] for line in describe(_load(environ))}
    assert "canary" not in str(lines)
    assert lines["database.url"] == (
        '"postgresql://u:***@h/d?password=***"',
        "NXFORGE_DATABASE_URL",
    )
    assert lines["secrets.keys"] == ('"***"', "NXFORGE_SECRETS_KEYS")
    assert lines["secrets.key_file"] == ("not set", "default")
    assert lines["data_dir"] == ('"/data"', "NXFORGE_DATA_DIR")
    assert lines["network.allow"] == ("[]", "default")
    assert lines["plugin.meter-room.api_key"][0] == '"***"'
    assert lines["plugin.meter-room.zone"][0] == '"UTC"'


def test_repr_of_settings_shows_no_secret() -> None:
    """A traceback or a log line that holds the settings gives nothing away."""
    settings = _load(
        {
            **_HOME,
            "NXFORGE_DATABASE_URL": "postgresql://u:canary@h/d",
            "NXFORGE_SECRETS_KEYS": "canary",
            "NXFORGE_PLUGIN__METER_ROOM__ZONE": "canary",
        }
    ).settings
    assert "canary" not in repr(settings)
    assert "postgresql://u:***@h/d" in repr(settings)
    assert "meter-room" in repr(settings)


def test_path_that_is_no_utf8_is_refused() -> None:
    """URLs and messages carry the path, so it must be text."""
    folder = os.fsdecode(b"/data/n\xff")
    [problem] = _problems({**_HOME, "NXFORGE_DATA_DIR": folder})
    assert problem.startswith(f"data_dir (NXFORGE_DATA_DIR) is {folder!r}")
    assert problem.endswith("expected an absolute path, in UTF-8")
