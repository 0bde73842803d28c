"""Finding plugins without importing them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from nxforge_core.api import Clock
from nxforge_core.plugins import Candidate, Problem, discover

Find = Callable[[], tuple[Candidate | Problem, ...]]
Install = Callable[..., Path]


def test_discovery_finds_id_module_version_and_folder(
    install: Install, find: Find
) -> None:
    """A candidate says who it is and where its package and manifest lie."""
    folder = install("meter", version="2.1")
    (found,) = find()
    assert isinstance(found, Candidate)
    assert (found.id, found.module) == ("meter", "thrown_meter.plugin")
    assert (found.distribution, found.version) == ("nxforge-meter", "2.1")
    assert (found.folder, found.package) == (folder, "thrown_meter")
    assert found.manifest_file == folder / "manifest.json"
    assert found.manifest.display_name == "Meter"


def test_discovery_imports_no_code_of_the_plugin(install: Install, find: Find) -> None:
    """Neither the module nor its package is imported."""
    trap = "open(__file__ + '.ran', 'w').close()"
    folder = install("meter", trap, files={"__init__.py": trap})
    find()
    assert not list(folder.glob("*.ran"))
    assert "thrown_meter" not in sys.modules


def test_discovery_is_ordered_by_id(install: Install, find: Find) -> None:
    """The order does not depend on the order of the folders."""
    for plugin in ("pump", "air", "meter"):
        install(plugin, distribution=f"zz-{plugin}" if plugin == "air" else plugin)
    assert [found.id for found in find() if isinstance(found, Candidate)] == [
        "air",
        "meter",
        "pump",
    ]


def test_discovery_takes_the_environment_by_default(
    install: Install, clock: Clock
) -> None:
    """Without an argument everything installed is searched."""
    install("meter")
    found = {each.id for each in discover(clock=clock) if isinstance(each, Candidate)}
    assert "meter" in found


def test_discovery_counts_a_distribution_once_when_it_is_found_twice(
    install: Install, site: Path, clock: Clock
) -> None:
    """The same distribution on the path twice is no duplicate plugin."""
    install("meter")
    twice = [*metadata.distributions(path=[str(site)])] * 2
    (found,) = discover(twice, clock=clock)
    assert isinstance(found, Candidate)


def test_discovery_ignores_other_groups_and_comments(
    install: Install, find: Find
) -> None:
    """Only lines of the group count."""
    text = (
        "# nxforge.plugins\n[console_scripts]\nrun = other:main\n\n"
        "[nxforge.plugins]\n# a comment\nmeter = thrown_meter.plugin\n"
        "[gui_scripts]\nno equals sign\n"
    )
    install("meter", entry_points=text)
    (found,) = find()
    assert isinstance(found, Candidate)


def test_discovery_skips_a_distribution_whose_entry_points_cannot_be_read(
    install: Install, site: Path, find: Find
) -> None:
    """Bytes that are no text in one distribution hide no other."""
    install("meter")
    broken = site / "other-1.0.dist-info"
    broken.mkdir()
    (broken / "entry_points.txt").write_bytes(b"[nxforge.plugins]\n\xff = x\n")
    (found,) = find()
    assert isinstance(found, Candidate)


def test_discovery_accepts_a_namespace_package(install: Install, find: Find) -> None:
    """A package without __init__.py has a folder too."""
    folder = install("meter")
    (folder / "__init__.py").unlink()
    (found,) = find()
    assert isinstance(found, Candidate)
    assert found.folder == folder


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"entry": "Meter"}, "named 'Meter', which is no plugin id"),
        ({"entry": "serve"}, "'serve' is reserved"),
        ({"entry": "nxforge"}, "'nxforge' is reserved"),
        ({"value": "thrown_meter.plugin:hooks"}, "'thrown_meter.plugin:hooks'"),
        ({"entry_points": "[nxforge.plugins]\nmeter\n"}, "names '', which is no"),
        ({"value": "not_there.plugin"}, "'not_there' is not there"),
        ({"value": "this"}, "'this' is a single file"),
        ({"value": "__main__"}, "'__main__'"),
        ({"version": "today"}, "version is 'today'"),
        ({"metadata": ""}, "version is ''"),
    ],
)
def test_discovery_refuses_an_entry_point(
    install: Install, find: Find, told: dict[str, str], words: str
) -> None:
    """What cannot be a plugin is refused with the value, and the next one is found."""
    install("meter", **told)
    install("other")
    refused = [each for each in find() if isinstance(each, Problem)]
    assert [each.phase for each in refused] == ["discover"]
    assert words in refused[0].message
    assert refused[0].remedy
    assert any(isinstance(each, Candidate) for each in find())


def test_discovery_refuses_both_when_two_distributions_claim_one_id(
    install: Install, find: Find
) -> None:
    """Neither of two distributions wins; the problem names both."""
    install("meter", distribution="nxforge-meter")
    install("meter", distribution="rival-meter")
    (found,) = find()
    assert isinstance(found, Problem)
    assert found.message == (
        "the plugin id 'meter' is declared by nxforge-meter and rival-meter"
    )
    assert found.distribution == "nxforge-meter, rival-meter"


def test_discovery_survives_a_distribution_without_metadata(
    install: Install, site: Path, find: Find
) -> None:
    """A distribution that has lost its METADATA is a problem, not a crash."""
    install("meter")
    (site / "nxforge_meter-1.0.dist-info" / "METADATA").unlink()
    (found,) = find()
    assert isinstance(found, Problem)
    assert found.plugin == "meter"


def test_discovery_survives_a_broken_import_hook(
    install: Install, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finder of somebody else that raises makes a problem that names it."""

    class Broken:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "thrown_meter":
                message = "finder broke"
                raise RuntimeError(message)

    install("meter")
    monkeypatch.setattr(sys, "meta_path", [Broken, *sys.meta_path])
    (found,) = find()
    assert isinstance(found, Problem)
    assert "finder broke" in found.message
    assert "finder broke" in str(found.traceback)


def test_discovery_survives_metadata_that_is_no_text(
    install: Install, site: Path, find: Find
) -> None:
    """Bytes that are no UTF-8 in METADATA make a problem of that plugin only."""
    install("meter")
    (site / "nxforge_meter-1.0.dist-info" / "METADATA").write_bytes(b"Name: \xff\n")
    install("other")
    refused = [each for each in find() if isinstance(each, Problem)]
    assert [each.plugin for each in refused] == ["meter"]
    assert len(find()) == 2
