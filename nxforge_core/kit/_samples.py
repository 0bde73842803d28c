"""Events of the core, as its own code publishes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["SAMPLES"]

_MODULE: Final[Mapping[str, Any]] = {
    "id": "some-plugin",
    "version": "1.0",
    "state": "running",
    "process": "host:1",
    "phase": None,
    "message": None,
    "remedy": None,
}
_JOB: Final[Mapping[str, Any]] = {
    "run": 1,
    "plugin": "some-plugin",
    "job": "some-job",
    "attempt": 1,
    "slot": "2026-01-31T12:00:00Z",
}
_ENDED: Final[Mapping[str, Any]] = {
    "run": 1,
    "plugin": "some-plugin",
    "job": "some-job",
    "state": "succeeded",
    "outcome": "ok",
    "attempt": 1,
    "seconds": 0.5,
    "note": None,
    "error": None,
}
#: Data by name.
SAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "module.running": _MODULE,
    "module.degraded": {**_MODULE, "state": "degraded", "phase": "serve"},
    "module.quarantined": {**_MODULE, "state": "quarantined", "phase": "import"},
    "job.started": _JOB,
    "job.completed": _ENDED,
    "job.failed": {**_ENDED, "state": "failed", "outcome": "failed"},
}
