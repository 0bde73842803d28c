"""What jobs there are: as plugins declare them and as operators changed them."""

from __future__ import annotations

from ._book import JobBook
from ._changed import changed_job, run_params
from ._job import Job
from ._override import JobPatch, Override, RetryPatch
from ._overrides import CHANNEL, Overrides
from ._params import checked_params, read_params
from ._registry import JobSource, Registry

__all__ = [
    "CHANNEL",
    "Job",
    "JobBook",
    "JobPatch",
    "JobSource",
    "Override",
    "Overrides",
    "Registry",
    "RetryPatch",
    "changed_job",
    "checked_params",
    "read_params",
    "run_params",
]
