"""From a template to what is shown of it."""

from __future__ import annotations

import msgspec

from nxforge_consumption_monitor.models import TemplateSummary, TemplateView

from ._template import Template

__all__ = ["summary_of", "view_of"]


def summary_of(template: Template) -> TemplateSummary:
    """A line of the list."""
    return TemplateSummary(
        id=template.id,
        vendor=template.vendor,
        model=template.model,
        title=template.title,
        kind=template.kind,
        client=template.client,
    )


def view_of(template: Template) -> TemplateView:
    """All of it, with the members of an endpoint ready to be sent."""
    encoded = msgspec.json.Encoder(decimal_format="number").encode(_endpoint(template))
    return TemplateView(
        id=template.id,
        vendor=template.vendor,
        model=template.model,
        title=template.title,
        kind=template.kind,
        client=template.client,
        source=template.source,
        path=template.request.path,
        auth=list(template.auth),
        auth_note=template.auth_note,
        notes=list(template.notes),
        endpoint=msgspec.Raw(encoded),
        tested_with=template.capture or template.page,
    )


def _endpoint(template: Template) -> dict[str, object]:
    request, register = template.request, template.register
    members: dict[str, object] = {
        "kind": template.kind,
        "vendor": template.vendor,
        "client": template.client,
        "method": request.method,
        "headers": request.headers,
        "body": request.body,
        "expect": template.expect,
        "modulusKwh": register.modulus_kwh,
        "resolutionKwh": register.resolution_kwh,
        "resetPolicy": register.reset_policy,
        "maxKw": template.max_kw,
        "phases": template.phases,
        "intervalS": template.interval_s,
        "rules": template.rules,
    }
    return {name: value for name, value in members.items() if value is not None}
