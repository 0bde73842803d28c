"""Endpoints as a text that another host takes: all that was set, no secret."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from nxforge_consumption_monitor.models import EndpointBody, EndpointView
from nxforge_core.api import guard_cell

from ._bulk_rows import AUTH_COLUMNS

__all__ = ["as_csv", "as_json"]

_MEMBERS: Final = tuple(
    field.encode_name
    for field in msgspec.structs.fields(EndpointBody)
    if field.encode_name != "auth"
)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)


def as_json(views: Sequence[EndpointView]) -> bytes:
    """A JSON array of what `POST /endpoints` takes."""
    return msgspec.json.format(_ENCODER.encode([_members(each) for each in views]))


def as_csv(views: Sequence[EndpointView]) -> bytes:
    """CSV with a column for each member; lists and objects are JSON in their cells."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*_MEMBERS, *AUTH_COLUMNS])
    for view in views:
        members = _members(view)
        auth = members.get("auth", {})
        row = [_cell(members.get(name)) for name in _MEMBERS]
        writer.writerow([*row, *(_cell(auth.get(of)) for of in AUTH_COLUMNS.values())])
    return text.getvalue().encode()


def _members(view: EndpointView) -> dict[str, Any]:
    shown: dict[str, Any] = _DECODER.decode(_ENCODER.encode(view))
    members = {
        name: shown[name] for name in _MEMBERS if shown.get(name) not in (None, [], {})
    }
    if view.auth.type != "none":
        auth = shown["auth"]
        members["auth"] = {
            name: auth[name]
            for name in ("type", "username", "options")
            if auth[name] not in ("", {})
        }
    return members


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return guard_cell(value)
        case _:
            return _ENCODER.encode(value).decode()
