"""Raw values of a plugin into its struct."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import Meta

from nxforge_core.settings import SettingsError, Source, plugin_settings


class Side(enum.Enum):
    """Where a rack stands."""

    LEFT = "left"
    RIGHT = "right"


class Racks(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a plugin that has one of everything."""

    zone: str
    interval: Annotated[int, Meta(ge=1)] = 60
    share: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    price: Decimal = Decimal(0)
    names: tuple[str, ...] = ()
    numbers: list[int] = []
    side: Side = Side.LEFT
    mode: Literal["a", "b"] = "a"
    since: datetime | None = None
    limits: dict[str, int] = {}
    code: Annotated[str, Meta(pattern="^[0-9]+$")] | None = None
    api_token: Annotated[str, Meta(max_length=4)] = ""
    small: Annotated[int, Meta(le=9)] = 1
    either: int | str = 1

    def __post_init__(self) -> None:
        if self.zone == "Mars":
            message = "no such zone: Mars"
            raise ValueError(message)


def test_text_is_read_leniently() -> None:
    """Text of a variable becomes what the field declares."""
    made = plugin_settings(
        Racks,
        {
            "zone": "UTC",
            "interval": "5",
            "price": "0.30",
            "names": "a, b",
            "numbers": "1,2",
            "side": "right",
            "limits": {"low": 1},
        },
        plugin="racks",
    )
    assert made == Racks(
        zone="UTC",
        interval=5,
        price=Decimal("0.30"),
        names=("a", "b"),
        numbers=[1, 2],
        side=Side.RIGHT,
        limits={"low": 1},
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("interval", "often", "is 'often': expected a whole number from 1"),
        ("share", 2, "is 2: expected a number from 0 to 1"),
        ("price", "x", "is 'x': expected a number"),
        ("names", 5, "is 5: expected a list, each text"),
        ("numbers", "x", "is 'x': expected a list, each a whole number (at `$[0]`)"),
        ("side", "up", "is 'up': expected one of left, right"),
        ("mode", "c", "is 'c': expected one of a, b"),
        ("since", "now", ("is 'now': expected a date and time, such as"
         " 2026-01-31T12:00:00Z")),
        ("limits", {"low": "x"}, "is {'low': 'x'}: expected a table (at `$[...]`)"),
        ("code", "x", "is 'x': expected text that matches ^[0-9]+$"),
        ("small", 10, "is 10: expected a whole number up to 9"),
        ("either", [], "is []: expected a whole number or text"),
        ("api_token", "canary", "is '***': expected text"),
        ("intervall", 5, "is no setting of the plugin: did you mean 'interval'?"),
    ],
)  # fmt: skip
def test_wrong_value_names_plugin_field_and_value(
    field: str, value: object, words: str
) -> None:
    """Each kind of field says what it expected, and secrets are masked."""
    key = f"plugin.racks.{field}"
    with pytest.raises(SettingsError) as caught:
        plugin_settings(
            Racks,
            {"zone": "UTC", field: value},
            plugin="racks",
            sources={key: Source("file", "/etc/nx.toml")},
        )
    assert [str(problem) for problem in caught.value.problems] == [
        f"{key} (/etc/nx.toml) {words}"
    ]


def test_missing_field_names_the_table() -> None:
    """A field without default that nobody set is named with where to set it."""
    with pytest.raises(SettingsError) as caught:
        plugin_settings(Racks, {}, plugin="racks")
    assert [str(problem) for problem in caught.value.problems] == [
        (
            "plugin.racks.zone (settings) is missing: add it to [plugin.racks] of"
            " nxforge.toml"
        )
    ]


def test_refusal_of_the_struct_itself_is_reported() -> None:
    """What `__post_init__` refuses ends in the same error."""
    with pytest.raises(SettingsError) as caught:
        plugin_settings(Racks, {"zone": "Mars"}, plugin="racks")
    assert caught.value.message == "plugin.racks (settings) is refused"
    assert caught.value.remedy == "no such zone: Mars"
