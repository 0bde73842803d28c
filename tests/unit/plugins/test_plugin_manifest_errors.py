"""Manifests that say something wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nxforge_core.plugins import Inventory, ManifestError, Problem, read_manifest

GOOD = {"id": "bad", "display_name": "B", "description": "d", "core": ">=0.1"}


def _text(**more: object) -> str:
    return json.dumps({**GOOD, **more}, indent=1)


@pytest.mark.parametrize(
    ("text", "line", "words", "remedy"),
    [
        ('{"id": "bad",\n "core" 5}', 2, "is no JSON: JSON is malformed", "line 2"),
        ('{"id": "bad",\n\n', 1, "truncated", "line 1"),
        ("[]", None, "Expected `object`", "write a JSON object"),
        (_text(requirs={}), 6, "unknown field `requirs`", "did you mean 'requires'?"),
        (_text(zzzz=1), 6, "unknown field `zzzz`", "allowed are id, display_name"),
        (
            _text(permissions=[{"nam": "bad:x", "description": "d"}]),
            8,
            "unknown field `nam`",
            "did you mean 'name'?",
        ),
        (
            _text(navigation={"secton": "x"}),
            7,
            "unknown field `secton`",
            "did you mean 'section'?",
        ),
        ('{"id": "bad"}', None, "missing required field `display_name`", "add"),
        (_text(core=5), 5, "Expected `str`, got `int`", "correct the field 'core'"),
        (_text(requires={"A": ""}), 6, "length >= 3", "correct the field 'requires'"),
        (_text(id="worse"), 2, "the id 'worse'", "give both the same name"),
        (
            _text(permissions=[{"name": "other:x", "description": "d"}]),
            6,
            "'other:x', which is not its own",
            "begin the permission's name with 'bad:'",
        ),
        (
            _text(events={"emit": []}),
            7,
            "unknown field `emit`",
            "did you mean 'emits'?",
        ),
        (
            _text(events={"emits": [{"nam": "bad.x"}]}),
            9,
            "unknown field `nam`",
            "did you mean 'name'?",
        ),
        (
            _text(events={"emits": [{"name": "job.done"}]}),
            7,
            "emits 'job.done', which is not its own",
            "begin the event's name with one of 'bad.', 'metric.', 'alert.'",
        ),
        (
            _text(events={"emits": [{"name": "bad.x", "permission": "bad:a"}]}),
            7,
            "lets 'bad:a' see events and does not declare it",
            "add it to 'permissions'",
        ),
        (
            _text(events={"listens": ["Anything"]}),
            7,
            "Expected `str` matching regex",
            "correct the field 'listens'",
        ),
        (_text(core="newest"), 5, "'newest' in 'core'", ">=0.1,<1"),
        (_text(requires={"pump": "~1"}), 6, "'~1' in 'requires'", ">=0.1,<1"),
    ],
)
def test_manifest_problem_names_file_line_and_remedy(
    judge: Callable[..., Problem],
    site: Path,
    text: str,
    line: int | None,
    words: str,
    remedy: str,
) -> None:
    """A broken manifest is explained by its place and by what to write instead."""
    problem = judge("", manifest=text)
    assert problem.phase == "manifest"
    assert problem.file == str(site / "thrown_bad" / "manifest.json")
    assert problem.line == line
    assert words in problem.message
    assert remedy in problem.remedy
    assert problem.traceback is None


def test_manifest_with_a_byte_that_is_no_utf8_names_its_line(tmp_path: Path) -> None:
    """The line of the wrong byte is told, not a position inside some string."""
    file = tmp_path / "manifest.json"
    file.write_bytes(b'{"id":\n"a\xff"}')
    with pytest.raises(ManifestError, match="UTF-8") as raised:
        read_manifest(file, "bad")
    assert (raised.value.file, raised.value.line) == (str(file), 2)


def test_missing_manifest_is_a_problem_of_the_manifest_phase(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """A package without manifest.json is refused and told where it must lie."""
    folder = install("bad")
    (folder / "manifest.json").unlink()
    problem = boot("bad")["bad"].problem
    assert problem is not None
    assert problem.phase == "manifest"
    assert "No such file" in problem.message
    assert str(folder / "manifest.json") in problem.remedy


def test_broken_manifest_is_only_noted_when_the_plugin_is_not_enabled(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """A plugin that nobody wants may be broken; it is disabled and says why."""
    install("bad", manifest="{")
    inventory = boot()
    assert inventory["bad"].state == "disabled"
    assert inventory["bad"].problem is not None
    assert inventory.problems == ()


def test_core_range_makes_a_plugin_incompatible_without_importing_it(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """A plugin for other versions of the host stays out, and its code unrun."""
    manifest: Mapping[str, object] = {"core": ">=7"}
    folder = install("old", "open(__file__ + '.ran', 'w')", manifest=manifest)
    plugin = boot("old")["old"]
    assert plugin.state == "incompatible"
    assert plugin.problem is not None
    assert plugin.problem.message == "it needs nxforge-core >=7, and this is 0.3.0"
    assert (plugin.problem.phase, plugin.problem.line) == ("manifest", 5)
    assert not list(folder.glob("*.ran"))
