"""In which order hooks are called, what is kept of each call, and what they give."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

import pytest

from nxforge_core.api import Clock, PluginContext
from nxforge_core.plugins import (
    Candidate,
    HookCall,
    HookRaisedError,
    HookResultError,
    Inventory,
    PluginProblemError,
    Problem,
    UnknownPluginError,
    load_command_plugin,
)

Boot = Callable[..., Inventory]
Find = Callable[[], tuple[Candidate | Problem, ...]]
Install = Callable[..., Path]

API = "from nxforge_core.api import *\n"
NO_CONTEXT = cast("PluginContext", None)


def test_hooks_are_called_plugin_by_plugin_in_a_fixed_order(
    install: Install, boot: Boot, tmp_path: Path
) -> None:
    """The full transcript of a start with two plugins, one requiring the other."""
    transcript = tmp_path / "transcript"
    source = API + (
        f"def say(word):\n    with open({str(transcript)!r}, 'a') as file:\n"
        "        print(__package__.removeprefix('thrown_'), word, file=file)\n"
        "say('import')\n"
    )
    for name, value in (
        ("commands", "[]"),
        ("events", "[]"),
        ("health", "[]"),
        ("jobs", "[]"),
        ("lifespan", "None"),
        ("migrations", "MigrationsSpec(__package__)"),
        ("pages", "[]"),
        ("routes", "[]"),
        ("settings", "SettingsSpec(NoParams)"),
    ):
        source += (
            f"@hookimpl\ndef nxforge_{name}():\n    say('{name}')\n    return {value}\n"
        )
    files = {"migrations/001_a.sql": "select 1;"}
    install("alpha", source, files=files, manifest={"requires": {"beta": ">=0"}})
    install("beta", source, files=files)
    assert boot("alpha", "beta").problems == ()
    order = (
        "import",
        "settings",
        "migrations",
        "routes",
        "jobs",
        "pages",
        "health",
        "events",
    )
    assert transcript.read_text("utf-8").splitlines() == [
        f"{plugin} {step}" for plugin in ("beta", "alpha") for step in order
    ]


def test_each_call_is_kept_with_its_time_and_outcome(
    install_good: Callable[[], Path], boot: Boot
) -> None:
    """The record tells what was called, how long it took and what it returned."""
    install_good()
    assert boot("good")["good"].calls == (
        HookCall("import", 1.0, "imported"),
        HookCall("nxforge_settings", 1.0, "SettingsSpec"),
        HookCall("nxforge_migrations", 1.0, "MigrationsSpec"),
        HookCall("nxforge_routes", 1.0, "2 RouteSpec"),
        HookCall("nxforge_jobs", 1.0, "2 JobSpec"),
        HookCall("nxforge_pages", 1.0, "1 Page"),
        HookCall("nxforge_health", 1.0, "1 HealthSpec"),
        HookCall("nxforge_events", 1.0, "1 SubscriptionSpec"),
    )


def test_failing_calls_are_kept_too(install: Install, boot: Boot) -> None:
    """What raised or returned nonsense stands in the record of the plugin."""
    source = API + (
        "@hookimpl\ndef nxforge_routes():\n    return 5\n"
        "@hookimpl\ndef nxforge_jobs():\n    return 1 / 0\n"
    )
    install("bad", source)
    assert [(call.hook, call.outcome) for call in boot("bad")["bad"].calls] == [
        ("import", "imported"),
        ("nxforge_routes", "returned int"),
        ("nxforge_jobs", "raised ZeroDivisionError"),
    ]


def test_failing_import_is_kept_too(install: Install, boot: Boot) -> None:
    """An import that fails has a time as well."""
    install("bad", "1 / 0")
    assert boot("bad")["bad"].calls == (HookCall("import", 1.0, "raised"),)


def test_several_implementations_of_a_list_hook_are_joined(
    install: Install, boot: Boot
) -> None:
    """A module may spread its jobs over several functions."""
    source = API + (
        "async def run(ctx, params):\n    pass\n"
        "@hookimpl\ndef nxforge_jobs():\n"
        "    return (JobSpec(name='one', title='1', handler=run),)\n"
        "@hookimpl(specname='nxforge_jobs')\ndef more():\n"
        "    return [JobSpec(name='two', title='2', handler=run)]\n"
    )
    install("wide", source)
    names = {job.name for job in boot("wide")["wide"].specs.jobs}
    assert names == {"one", "two"}


async def test_life_span_is_called_when_it_is_asked_for(
    install_good: Callable[[], Path], boot: Boot
) -> None:
    """The hook runs at the start of the plugin, and the record shows it then."""
    install_good()
    inventory = boot("good")
    lifespan = inventory["good"].specs.lifespan
    assert lifespan is not None
    manager = lifespan(NO_CONTEXT)
    assert isinstance(manager, AbstractAsyncContextManager)
    async with manager:
        inventory.running("good")
    last = inventory["good"].calls[-1]
    assert (last.hook, last.outcome) == ("nxforge_lifespan", "a manager")


def test_life_span_that_is_no_manager_is_named(install: Install, boot: Boot) -> None:
    """The error of a wrong life span names distribution, hook and value."""
    source = API + "@hookimpl\ndef nxforge_lifespan(ctx):\n    return ctx\n"
    install("odd", source)
    lifespan = boot("odd")["odd"].specs.lifespan
    assert lifespan is not None
    with pytest.raises(HookResultError, match="returned None") as raised:
        lifespan(NO_CONTEXT)
    assert (raised.value.distribution, raised.value.hook) == (
        "nxforge-odd",
        "nxforge_lifespan",
    )


def test_life_span_that_exits_is_an_error_of_the_plugin(
    install: Install, boot: Boot
) -> None:
    """`sys.exit` in a hook does not end the host."""
    source = API + "@hookimpl\ndef nxforge_lifespan(ctx):\n    raise SystemExit\n"
    install("odd", source)
    plugin = boot("odd")["odd"]
    assert plugin.specs.lifespan is not None
    with pytest.raises(HookRaisedError) as raised:
        plugin.specs.lifespan(NO_CONTEXT)
    problem = Problem.from_error(raised.value, plugin, "start", plugin.since)
    assert str(problem.file).endswith("thrown_odd/plugin.py")
    assert problem.line == 4


def test_plugin_without_life_span_and_commands_has_none(
    install: Install, boot: Boot
) -> None:
    """The host can see without a call that there is nothing to enter."""
    install("bare")
    specs = boot("bare")["bare"].specs
    assert specs.lifespan is None
    assert specs.commands is None


def test_commands_of_an_enabled_plugin_are_asked_when_needed(
    install_good: Callable[[], Path], boot: Boot
) -> None:
    """The hook of the commands is not called at the start."""
    install_good()
    commands = boot("good")["good"].specs.commands
    assert commands is not None
    (command,) = commands()
    assert command.name == "greet"
    assert command.invoke([]) == "hello"


def test_commands_of_one_plugin_import_no_other(
    install: Install,
    install_good: Callable[[], Path],
    find: Find,
    clock: Clock,
) -> None:
    """Typing a plugin's id imports that plugin, disabled as it is, and no other."""
    install_good()
    folder = install("other", "open(__file__ + '.ran', 'w').close()")
    commands = load_command_plugin("good", find(), core_version="0.3.0", clock=clock)
    assert [command.name for command in commands] == ["greet"]
    assert not list(folder.glob("*.ran"))


def test_plugin_without_commands_has_an_empty_list(
    install: Install, find: Find, clock: Clock
) -> None:
    """Having no command is no error."""
    install("bare")
    assert load_command_plugin("bare", find(), core_version="0.3.0", clock=clock) == ()


@pytest.mark.parametrize(
    ("source", "manifest", "words"),
    [
        ("1 / 0", {}, "of nxforge-bad failed in phase import: ZeroDivisionError"),
        ("", {"core": ">=9"}, "phase manifest: it needs nxforge-core >=9"),
        ("", {"extra": 1}, "phase manifest: its manifest.json does not fit"),
        (
            (
                "from nxforge_core.api import *\n@hookimpl\ndef nxforge_commands():\n"
                "    return [CommandSpec(5)]"
            ),
            {},
            "phase validate: nxforge_commands: Expected `Command`, got `int`",
        ),
        (
            (
                "from nxforge_core.api import *\n@hookimpl\ndef nxforge_commands():\n"
                "    return 7"
            ),
            {},
            "phase validate: nxforge_commands of nxforge-bad returned 7",
        ),
        (
            (
                "from nxforge_core.api import *\nimport click\n@hookimpl\n"
                "def nxforge_commands():\n"
                "    return [CommandSpec(click.Command('a'))] * 2"
            ),
            {},
            "command name 'a' is given 2 times",
        ),
    ],
)
def test_commands_of_a_broken_plugin_tell_its_problem(
    install: Install,
    find: Find,
    clock: Clock,
    source: str,
    manifest: dict[str, object],
    words: str,
) -> None:
    """The person who typed the id reads why it does not work, in one line."""
    install("bad", source, manifest=manifest)
    with pytest.raises(PluginProblemError) as raised:
        load_command_plugin("bad", find(), core_version="0.3.0", clock=clock)
    assert words in raised.value.message
    assert raised.value.problem.plugin == "bad"
    assert raised.value.exit_code == 1


def test_commands_of_an_unknown_plugin_are_wrong_use(
    install: Install, find: Find, clock: Clock
) -> None:
    """An id that nobody installed is exit code 2 with the nearest name."""
    install("meter")
    with pytest.raises(UnknownPluginError) as raised:
        load_command_plugin("metre", find(), core_version="0.3.0", clock=clock)
    assert raised.value.exit_code == 2
    assert raised.value.remedy == "did you mean 'meter'?"
