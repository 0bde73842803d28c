"""The plugin's pages: how the meters are, what they used, and how they are set up."""

from __future__ import annotations

from typing import Final

from ._alerts import ALERTS_PAGE
from ._bulk import endpoint_import_page
from ._endpoint import ENDPOINT_PAGE
from ._endpoint_form_page import endpoint_form_page
from ._endpoints import ENDPOINTS_PAGE
from ._event import EVENT_PAGE
from ._events import EVENTS_PAGE
from ._group import GROUP_PAGE
from ._groups import GROUPS_PAGE
from ._history import HISTORY_PAGE
from ._imports import imports_page
from ._live import LIVE_PAGE
from ._locks import LOCKS_PAGE
from ._mark import MARK_PAGE
from ._quality import QUALITY_PAGE
from ._reports import REPORTS_PAGE
from ._tariff import TARIFF_PAGE
from ._tariffs import TARIFFS_PAGE
from ._typed import type_in_page
from ._webhook import WEBHOOK_PAGE
from ._webhooks import WEBHOOKS_PAGE

__all__ = [
    "ALERTS_PAGE",
    "ENDPOINTS_PAGE",
    "ENDPOINT_PAGE",
    "EVENTS_PAGE",
    "EVENT_PAGE",
    "GROUPS_PAGE",
    "GROUP_PAGE",
    "HISTORY_PAGE",
    "LIVE_PAGE",
    "LOCKS_PAGE",
    "MARK_PAGE",
    "PAGES",
    "QUALITY_PAGE",
    "REPORTS_PAGE",
    "TARIFFS_PAGE",
    "TARIFF_PAGE",
    "WEBHOOKS_PAGE",
    "WEBHOOK_PAGE",
    "endpoint_form_page",
    "endpoint_import_page",
    "imports_page",
    "type_in_page",
]

#: In the order of the menu.
PAGES: Final = (
    LIVE_PAGE,
    REPORTS_PAGE,
    HISTORY_PAGE,
    MARK_PAGE,
    ENDPOINTS_PAGE,
    ENDPOINT_PAGE,
    ALERTS_PAGE,
    EVENTS_PAGE,
    EVENT_PAGE,
    LOCKS_PAGE,
    QUALITY_PAGE,
    GROUPS_PAGE,
    GROUP_PAGE,
    TARIFFS_PAGE,
    TARIFF_PAGE,
    WEBHOOKS_PAGE,
    WEBHOOK_PAGE,
)
