"""Parameters of a run: judged when they are given, read when the run begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

import msgspec

from nxforge_core.api import InvalidInputError, JobSpec
from nxforge_core.jobs._plain import json_text

__all__ = ["checked_params", "read_params"]

#: msgspec ends its messages with the place: `... - at `$.hours``.
_PLACE: Final = re.compile(
    r"^(?P<what>.*?)(?: - at `\$\.?(?P<path>[^`]*)`)?$", re.DOTALL
)
_MISSING: Final = re.compile(r"missing required field `([^`]+)`")


def checked_params(spec: JobSpec, params: Mapping[str, object] | None) -> str | None:
    """Judge the parameters of a manual run; answer them as JSON text.

    Returns:
        None where none were given: the run then uses the defaults.

    Raises:
        InvalidInputError: names the parameter, its value and what is expected.
    """
    given = dict(params or {})
    _refuse_unknown(spec, given)
    try:
        msgspec.convert(given, spec.params, strict=True)
    except msgspec.ValidationError as error:
        raise _refused(given, str(error)) from None
    return json_text(given) if given else None


def read_params(spec: JobSpec, stored: str | None) -> msgspec.Struct:
    """Build the struct that the handler gets.

    Raises:
        msgspec.ValidationError: the job was changed since the run was queued.
    """
    return msgspec.json.decode(stored or "{}", type=spec.params)


def _refuse_unknown(spec: JobSpec, given: Mapping[str, object]) -> None:
    known = [field.encode_name for field in msgspec.structs.fields(spec.params)]
    for name, value in given.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            listed = ", ".join(known) or "none at all"
            hint = f"did you mean {near[0]!r}?" if near else f"it takes {listed}"
            remedy = f"the job {spec.name!r} has no such parameter: {hint}"
            raise InvalidInputError(field=f"params.{name}", value=value, remedy=remedy)


def _refused(given: Mapping[str, object], message: str) -> InvalidInputError:
    match = _PLACE.match(message)
    path = (match["path"] if match else None) or ""
    what = match["what"] if match else message
    if missing := _MISSING.search(message):
        path = ".".join(part for part in (path, missing[1]) if part)
    return InvalidInputError(
        field=f"params.{path}" if path else "params",
        value=given.get(path.partition(".")[0].partition("[")[0]),
        remedy=what[:1].lower() + what[1:],
    )
