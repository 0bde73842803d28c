"""A plugin's job with an operator's changes: judged when given, again when read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from nxforge_core.api import (
    Cron,
    Every,
    InvalidInputError,
    JobSpec,
    Manual,
    PluginId,
    Retry,
    Trigger,
)
from nxforge_core.jobs.triggers import check_trigger

from ._job import Job
from ._override import Override, RetryPatch
from ._params import checked_params, read_params

__all__ = ["changed_job", "check_override", "run_params"]

_DAY: Final = 86_400.0
_MOST_ATTEMPTS: Final = 100
_Parts: TypeAlias = dict[str, Any]


def changed_job(plugin: PluginId, spec: JobSpec, override: Override | None) -> Job:
    """Apply an override; what does not fit this version of the job is left out.

    A job must not stand still because a plugin's upgrade gave its parameters another
    form: the plugin's own value holds and a notice tells.
    """
    if override is None:
        return Job(plugin=plugin, spec=spec)
    parts: _Parts = {}
    notices: list[str] = []
    for name, read in _READERS.items():
        if (stored := getattr(override, name)) is not None:
            try:
                parts[name] = read(spec, stored)
            except (msgspec.MsgspecError, InvalidInputError) as error:
                notices.append(_notice(name, error))
    try:
        _check_unattended(spec, parts)
    except InvalidInputError as error:
        del parts["trigger"]
        notices.append(_notice("trigger", error))
    params = parts.pop("params", None)
    return Job(
        plugin=plugin,
        spec=msgspec.structs.replace(spec, **parts),
        enabled=override.enabled,
        params=params,
        override=override,
        notices=tuple(notices),
    )


def check_override(spec: JobSpec, override: Override) -> None:
    """Refuse an override that the job cannot run with.

    Raises:
        InvalidCronError: the cron text is wrong, with the position.
        InvalidInputError: names the field, its value and what is expected.
    """
    parts: _Parts = {
        name: read(spec, stored)
        for name, read in _READERS.items()
        if (stored := getattr(override, name)) is not None
    }
    _check_unattended(spec, parts)


def run_params(job: Job, given: Mapping[str, object] | None) -> str | None:
    """Judge a manual run's parameters, merged over the job's; answer JSON text.

    Raises:
        InvalidInputError: names the parameter, its value and what is expected.
    """
    stored = msgspec.json.decode(job.params, type=_Parts) if job.params else {}
    return checked_params(job.spec, {**stored, **(given or {})})


def _notice(name: str, error: Exception) -> str:
    remedy = getattr(error, "remedy", "")
    why = f"{error} ({remedy})" if remedy else str(error)
    return f"the changed {name} is not used, the plugin's own is: {why}"


def _check_unattended(spec: JobSpec, parts: _Parts) -> None:
    """A scheduled run passes no values beyond the override's."""
    trigger = parts.get("trigger")
    if trigger is None or isinstance(trigger, Manual):
        return
    try:
        read_params(spec, parts.get("params"))
    except msgspec.ValidationError as error:
        what = str(error)
        remedy = f"a scheduled run needs parameters, give them too: {what}"
        raise InvalidInputError(field="trigger", value=trigger, remedy=remedy) from None


def _trigger(spec: JobSpec, stored: str) -> Trigger:
    del spec
    trigger = msgspec.json.decode(stored, type=Every | Cron | Manual)
    check_trigger(trigger)
    return trigger


def _params(spec: JobSpec, stored: str) -> str:
    checked_params(spec, msgspec.json.decode(stored, type=_Parts))
    return stored


def _timeout(spec: JobSpec, stored: float) -> float:
    del spec
    if not 0 < stored <= _DAY:
        remedy = f"give seconds, more than 0 and {_DAY:.0f} at the most"
        raise InvalidInputError(field="timeout", value=stored, remedy=remedy)
    return stored


def _retry(spec: JobSpec, stored: str) -> Retry:
    patch = msgspec.json.decode(stored, type=RetryPatch)
    given = {
        name: value
        for name, value in msgspec.structs.asdict(patch).items()
        if value is not msgspec.UNSET
    }
    for name, value in given.items():
        most = _MOST_ATTEMPTS if name == "attempts" else _DAY
        if not 0 <= value <= most:
            remedy = f"give a number from 0 to {most:.0f}"
            raise InvalidInputError(field=f"retry.{name}", value=value, remedy=remedy)
    return msgspec.structs.replace(spec.retry, **given)


_READERS: Final[Mapping[str, Callable[[JobSpec, Any], object]]] = {
    "trigger": _trigger,
    "params": _params,
    "timeout": _timeout,
    "retry": _retry,
}
