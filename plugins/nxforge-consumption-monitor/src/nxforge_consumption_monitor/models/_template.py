"""Device templates on the wire."""

from __future__ import annotations

import msgspec

from nxforge_core.api import Model

from ._endpoint import AuthType, Client, Kind

__all__ = ["TemplateSummary", "TemplateView"]


class TemplateSummary(Model):
    """A device in the list of templates."""

    id: str
    vendor: str
    model: str
    title: str
    kind: Kind
    client: Client


class TemplateView(Model):
    """A device template.

    Attributes:
        source: The document that describes the format, or the capture.
        path: What goes behind the device's address to make the endpoint's URL.
        auth: Kinds of login that the device has; the first one is the usual one.
        notes: What a person has to know or to change.
        endpoint: Members of `POST /endpoints`; name, url and auth are to be added.
        tested_with: The device's recorded answer, or the page made after the source.
    """

    id: str
    vendor: str
    model: str
    title: str
    kind: Kind
    client: Client
    source: str
    path: str
    auth: list[AuthType]
    auth_note: str
    notes: list[str]
    endpoint: msgspec.Raw
    tested_with: str
