"""The core's commands, and the line that `nxforge --help` shows for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["COMMANDS"]

#: Kept apart from the commands themselves, so that the help imports none of them.
COMMANDS: Final[Mapping[str, str]] = {
    "audit": "Read, export and verify the audit trail.",
    "check": "Judge a plugin on a real host: what it keeps, what to mend.",
    "client": "Write a typed Python client out of the OpenAPI document.",
    "database": "Back up the database, restore it, let somebody read it.",
    "demo": "Run the product on a simulated rack.",
    "dev": "Run the demo; plugins follow their files.",
    "doctor": "Report weak settings and what to do about them.",
    "jobs": "List jobs, run one.",
    "manifest": "Show the JSON Schema of manifest.json.",
    "migrate": "Show migrations of plugins: applied, pending, changed.",
    "network": "See and change where outgoing requests may go.",
    "new": "Write a plugin to begin with.",
    "plugins": "List plugins; enable, disable and reload them.",
    "restart": "Have every process start anew; no request fails.",
    "runs": "List runs, show one with its log.",
    "secrets": "Show which keys are in use, make a new one, remove old ones.",
    "serve": "Run the host: web, schedule and worker.",
    "settings": "Show every setting with its source; change those of plugins.",
    "tokens": "Create, list and revoke API tokens.",
    "users": "Create, list and change people and their roles.",
    "worker": "Run jobs for hosts on the same database.",
}
