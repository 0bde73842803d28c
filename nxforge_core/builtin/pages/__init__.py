"""The system's own pages, one module each, on the functions behind the API."""

from __future__ import annotations

from typing import Final

from ._job import JOB_PAGE
from ._jobs import JOBS_PAGE
from ._run import RUN_PAGE
from ._runs import RUNS_PAGE

__all__ = ["PAGES"]

#: In the order of the menu.
PAGES: Final = (
    JOBS_PAGE,
    JOB_PAGE,
    RUNS_PAGE,
    RUN_PAGE,
)
