"""States of plugins, their order, and who falls with whom."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nxforge_core.plugins import (
    Candidate,
    Inventory,
    NotInstalledError,
    PluginStateError,
    Problem,
    UnknownPluginError,
)

Install = Callable[..., Path]
Boot = Callable[..., Inventory]
Find = Callable[[], tuple[Candidate | Problem, ...]]

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
TRAP = "open(__file__ + '.ran', 'w').close()\n"


def needs(*plugins: str) -> dict[str, object]:
    """A manifest that requires any version of some plugins."""
    return {"requires": dict.fromkeys(plugins, ">=0")}


def trouble(plugin: str) -> Problem:
    """A problem found while a plugin was running."""
    return Problem(
        plugin=plugin,
        distribution=f"nxforge-{plugin}",
        phase="migrate",
        message="no table",
        remedy="mend it",
        at=NOW,
    )


def test_plugin_that_is_not_enabled_is_never_imported(
    install: Install, boot: Boot
) -> None:
    """An installed plugin that nobody enabled runs no line of code."""
    folder = install("quiet", TRAP, files={"__init__.py": TRAP})
    install("loud", TRAP)
    inventory = boot("loud")
    assert (inventory["quiet"].state, inventory["loud"].state) == (
        "disabled",
        "enabled",
    )
    assert not list(folder.glob("*.ran"))
    assert "thrown_quiet" not in sys.modules


def test_unknown_id_in_enable_is_wrong_use_and_names_the_nearest(
    install: Install, boot: Boot
) -> None:
    """A misspelt id stops the start with exit code 2, before any import."""
    folder = install("meter", TRAP)
    with pytest.raises(NotInstalledError) as raised:
        boot("meter", "metre", "zzz")
    assert raised.value.message == (
        "'plugins.enable' names 'metre', 'zzz', which are not installed"
    )
    assert raised.value.remedy.startswith("did you mean 'meter'?")
    assert raised.value.plugins == ("metre", "zzz")
    assert raised.value.exit_code == 2
    assert not list(folder.glob("*.ran"))


def test_unknown_id_is_answered_with_what_is_installed(
    install: Install, boot: Boot
) -> None:
    """Where nothing is near, the message lists what there is."""
    with pytest.raises(NotInstalledError, match="'zzz', which is not") as nothing:
        boot("zzz")
    assert nothing.value.remedy.startswith("no plugin is installed")
    install("meter")
    with pytest.raises(NotInstalledError) as other:
        boot("zzz")
    assert other.value.remedy.startswith("installed are 'meter'")


def test_inventory_is_ordered_by_requirement_and_then_by_id(
    install: Install, boot: Boot
) -> None:
    """What is required comes first, equals by name."""
    install("beta", manifest=needs("zeta"))
    install("alpha", manifest=needs("beta"))
    install("zeta")
    install("gamma")
    assert [each.id for each in boot("alpha", "beta", "zeta")] == [
        "gamma",
        "zeta",
        "beta",
        "alpha",
    ]


def test_enabled_plugin_holds_what_it_adds(
    install_good: Callable[[], Path], boot: Boot
) -> None:
    """Every hook's specs stand in the record, those of no hook are empty."""
    install_good()
    plugin = boot("good")["good"]
    specs = plugin.specs
    assert plugin.state == "enabled"
    assert plugin.since == NOW
    assert [route.path for route in specs.routes] == [
        "/readings/{number:int}",
        "/readings",
    ]
    assert [job.name for job in specs.jobs] == ["collect", "clean-up"]
    assert [page.name for page in specs.pages] == ["start"]
    assert [check.name for check in specs.health] == ["meters"]
    assert specs.migrations is not None
    assert specs.migrations.package == "thrown_good"
    assert specs.settings is not None
    assert specs.settings.model.__name__ == "Settings"
    assert specs.lifespan is not None
    assert specs.commands is not None


@pytest.mark.parametrize(
    ("manifest", "words", "remedy"),
    [
        (needs("pumpe"), "'pumpe', which is not installed", "did you mean 'pump'?"),
        (needs("xyz"), "'xyz', which is not installed", "install it with pip"),
        (needs("quiet"), "'quiet', which is not enabled", "add 'quiet' to"),
        (needs("old"), "which is incompatible: it needs nxforge-core", "mend 'old'"),
        (needs("broken"), "which is quarantined: its manifest.json", "mend 'broken'"),
        ({"requires": {"pump": ">=2"}}, "version >=2, and installed is 1.0", "nxforge"),
    ],
)
def test_unmet_requirement_keeps_a_plugin_out_without_importing_it(
    install: Install,
    boot: Boot,
    manifest: dict[str, object],
    words: str,
    remedy: str,
) -> None:
    """The problem names what is required and why it cannot serve."""
    install("pump")
    install("quiet")
    install("old", manifest={"core": "<0.1"})
    install("broken", manifest="{")
    folder = install("meter", TRAP, manifest=manifest)
    plugin = boot("meter", "pump", "old", "broken")["meter"]
    assert plugin.state == "quarantined"
    assert plugin.problem is not None
    assert plugin.problem.phase == "manifest"
    assert plugin.problem.file == str(folder / "manifest.json")
    assert plugin.problem.line == 6
    assert words in plugin.problem.message
    assert remedy in plugin.problem.remedy
    assert not list(folder.glob("*.ran"))


def test_circle_of_requirements_is_named_in_each_of_its_plugins(
    install: Install, boot: Boot
) -> None:
    """Each plugin of a circle is told the whole circle; one behind it, its reason."""
    install("one", TRAP, manifest=needs("two"))
    install("two", TRAP, manifest=needs("three"))
    install("three", TRAP, manifest=needs("one"))
    install("behind", TRAP, manifest=needs("one"))
    install("self", TRAP, manifest=needs("self"))
    install("free")
    inventory = boot("one", "two", "three", "behind", "self", "free")
    message = {str(e.id): e.problem.message for e in inventory if e.problem}
    for plugin, required in (("one", "two"), ("two", "three"), ("three", "one")):
        assert f"requires plugin '{required}', and the req" in message[plugin]
        assert "in a circle: " in message[plugin]
    assert "-> one" in message["three"]
    assert "self -> self" in message["self"]
    assert "'one', which is quarantined" in message["behind"]
    assert inventory["free"].state == "enabled"


def test_plugin_falls_with_the_one_it_requires(install: Install, boot: Boot) -> None:
    """What fails at import takes its dependents out before they are imported."""
    install("base", "1 / 0")
    folder = install("user", TRAP, manifest=needs("base"))
    inventory = boot("base", "user")
    problem = inventory["user"].problem
    assert problem is not None
    assert problem.phase == "import"
    assert "'base', which is quarantined: ZeroDivisionError" in problem.message
    assert not list(folder.glob("*.ran"))


def test_quarantine_takes_dependents_along_and_answers_who_fell(
    install: Install, boot: Boot
) -> None:
    """Later failures do the same, through any number of steps."""
    install("base")
    install("middle", manifest=needs("base"))
    install("top", manifest=needs("middle"))
    install("other")
    inventory = boot("base", "middle", "top", "other")
    for plugin in inventory:
        inventory.running(plugin.id)
    assert inventory.dependents("base") == ("middle", "top")
    fallen = inventory.quarantine("base", trouble("base"))
    assert fallen == ("base", "middle", "top")
    assert inventory["base"].problem == trouble("base")
    top = inventory["top"].problem
    assert top is not None
    assert (top.phase, top.distribution) == ("migrate", "nxforge-top")
    assert "'middle', which is quarantined: it requires plugin 'base'" in top.message
    assert [each.id for each in inventory.active] == ["other"]
    assert len(inventory.problems) == 3


def test_quarantine_survives_a_manifest_that_is_gone(
    install: Install, boot: Boot
) -> None:
    """Files that pip has taken away meanwhile stop no book-keeping."""
    install("base")
    folder = install("user", manifest=needs("base"))
    inventory = boot("base", "user")
    (folder / "manifest.json").unlink()
    inventory.quarantine("base", trouble("base"))
    problem = inventory["user"].problem
    assert problem is not None
    assert (problem.file, problem.line) == (str(folder / "manifest.json"), None)


def test_states_lead_from_enabled_to_running_and_degraded(
    install: Install, boot: Boot
) -> None:
    """A running plugin may become degraded and recover."""
    install("meter")
    inventory = boot("meter")
    states = [inventory["meter"].state]
    inventory.running("meter")
    states.append(inventory["meter"].state)
    inventory.degraded("meter", trouble("meter"))
    states.append(inventory["meter"].state)
    assert states == ["enabled", "running", "degraded"]
    assert inventory["meter"].problem == trouble("meter")
    inventory.running("meter")
    assert inventory["meter"].problem is None


def test_quarantined_plugin_cannot_become_running(install: Install, boot: Boot) -> None:
    """Nothing leads out of quarantine but a new start."""
    install("meter")
    inventory = boot("meter")
    inventory.quarantine("meter", trouble("meter"))
    with pytest.raises(PluginStateError, match="is quarantined and cannot become run"):
        inventory.running("meter")


def test_inventory_looks_up_by_id(install: Install, boot: Boot) -> None:
    """An id that nobody has is an error that names the nearest."""
    install("meter")
    inventory = boot()
    assert len(inventory) == 1
    assert "meter" in inventory
    with pytest.raises(UnknownPluginError, match="no plugin 'metre'") as raised:
        inventory["metre"]
    assert raised.value.remedy == "did you mean 'meter'?"
