"""The system's own pages, one module each, on the functions behind the API."""

from __future__ import annotations

from typing import Final

from ._api import API_PAGE
from ._audit import AUDIT_PAGE
from ._events import EVENTS_PAGE
from ._health import HEALTH_PAGE
from ._home import HOME_PAGE
from ._job import JOB_PAGE
from ._jobs import JOBS_PAGE
from ._notify import NOTIFY_PAGE
from ._operation import OPERATION_PAGE
from ._plan import PLAN_PAGE
from ._plugin import PLUGIN_PAGE
from ._plugin_settings import settings_page
from ._plugins import PLUGINS_PAGE
from ._run import RUN_PAGE
from ._runs import RUNS_PAGE
from ._settings import SETTINGS_PAGE
from ._setup import CHECKLIST_PAGE, SETUP_PAGE
from ._tokens import TOKENS_PAGE
from ._users import USERS_PAGE

__all__ = ["PAGES", "settings_page"]

#: In the order of the menu.
PAGES: Final = (
    JOBS_PAGE,
    JOB_PAGE,
    RUNS_PAGE,
    RUN_PAGE,
    PLUGINS_PAGE,
    PLUGIN_PAGE,
    PLAN_PAGE,
    HEALTH_PAGE,
    EVENTS_PAGE,
    NOTIFY_PAGE,
    USERS_PAGE,
    TOKENS_PAGE,
    API_PAGE,
    OPERATION_PAGE,
    AUDIT_PAGE,
    SETTINGS_PAGE,
    SETUP_PAGE,
    CHECKLIST_PAGE,
    HOME_PAGE,
)
