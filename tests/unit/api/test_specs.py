"""The small structs of the plugin API."""

from __future__ import annotations

import json

import click
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_core.api import (
    BasicAuth,
    CommandSpec,
    Every,
    InvalidInputError,
    Outcome,
    decode_manifest,
    manifest_schema,
    parse_plugin_id,
)

MANIFEST = {
    "id": "meter",
    "display_name": "Meter",
    "description": "Reads meters.",
    "core": ">=0.1",
}


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_interval_is_the_sum_of_its_parts(sec: int, minutes: int, hours: int) -> None:
    """Seconds, minutes and hours add up."""
    trigger = Every(seconds=sec, minutes=minutes, hours=hours)

    assert trigger.period == sec + 60 * minutes + 3600 * hours


def test_password_is_in_no_repr() -> None:
    """What is logged by accident shows the user, not the password."""
    assert (
        repr(BasicAuth("me", "hunter2")) == "BasicAuth(username='me', password='***')"
    )


def test_outcomes_have_their_kind() -> None:
    """Each constructor makes what it is called."""
    found = [Outcome.ok(1), Outcome.partial(2), Outcome.failed(3), Outcome.idle()]

    assert [(one.kind, one.result) for one in found] == [
        ("ok", 1),
        ("partial", 2),
        ("failed", 3),
        ("idle", None),
    ]


def test_command_is_called_with_its_arguments() -> None:
    """A spec's command runs as a program of its own and answers its result."""

    @click.command("greet")
    @click.argument("name")
    def greet(name: str) -> str:
        return f"Hello, {name}!"

    spec = CommandSpec(greet)

    assert spec.name == "greet"
    assert spec.invoke(["rack"]) == "Hello, rack!"


@pytest.mark.parametrize("text", ["abc", "meter-2", "a" * 50, "a1b-c2d"])
def test_plugin_id_is_kebab_case(text: str) -> None:
    """Lower-case words joined by single hyphens, 3 to 50 characters."""
    assert parse_plugin_id(text) == text


@pytest.mark.parametrize(
    "text", ["", "ab", "a" * 51, "Meter", "-ab", "ab-", "a--b", "a_b", "1ab", "abc\n"]
)
def test_other_plugin_id_is_refused_with_its_value(text: str) -> None:
    """The error names the value and the rule."""
    with pytest.raises(InvalidInputError, match="plugin id is") as caught:
        parse_plugin_id(text)

    assert caught.value.value == text


def test_manifest_needs_four_members() -> None:
    """Everything else has a default."""
    manifest = decode_manifest(json.dumps(MANIFEST).encode())

    assert manifest.permissions == ()
    assert manifest.requires == {}


@pytest.mark.parametrize("missing", sorted(MANIFEST))
def test_missing_member_is_named(missing: str) -> None:
    """A manifest without one of the four is refused with its name."""
    left = {key: value for key, value in MANIFEST.items() if key != missing}

    with pytest.raises(msgspec.ValidationError, match=missing):
        decode_manifest(json.dumps(left).encode())


def test_schema_describes_the_manifest() -> None:
    """The JSON Schema requires the four and allows no other member."""
    schema = manifest_schema()["$defs"]["Manifest"]

    assert sorted(schema["required"]) == sorted(MANIFEST)
    assert schema["additionalProperties"] is False
