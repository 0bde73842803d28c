"""Device templates over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor import templates
from nxforge_consumption_monitor.models import TemplateSummary, TemplateView
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

__all__ = ["get_template", "list_templates"]

_Context = PluginContext[MonitorSettings]


async def list_templates(ctx: _Context) -> list[TemplateSummary]:
    """List the devices that are known, by vendor."""
    del ctx
    return [templates.summary_of(each) for each in templates.load_templates()]


async def get_template(ctx: _Context, template_id: str) -> TemplateView:
    """Show one device: its path, its logins, and the members of an endpoint."""
    del ctx
    return templates.view_of(templates.find_template(template_id))
