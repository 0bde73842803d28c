"""A Django project and an NxForge host, served by one ASGI server."""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project")
django = get_asgi_application()

# These read Django's settings, so they come after it.
from django.contrib.auth import aget_user  # noqa: E402
from django.core.handlers.asgi import ASGIRequest  # noqa: E402
from project import SessionStore  # noqa: E402

from nxforge_core.host import NxForge, Visitor  # noqa: E402
from nxforge_core.settings import load_settings  # noqa: E402

__all__ = ["application"]

PREFIX = "/nxforge"


class DjangoLogin:
    """Whoever is logged in to Django is known here too; its staff are admins."""

    async def visitor(self, scope: Any) -> Visitor | None:
        """The user of Django's session cookie."""
        request = ASGIRequest(scope, BytesIO())
        request.session = SessionStore(request.COOKIES.get("sessionid"))
        user = await aget_user(request)
        if not user.is_authenticated:
            return None
        return Visitor(user.get_username(), "admin" if user.is_staff else "viewer")


host = NxForge(load_settings(environ=os.environ), login=DjangoLogin())


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Hand on what is below the prefix, and the life span, which Django has none of."""
    if scope["type"] == "lifespan":
        await host(scope, receive, send)
    elif scope["path"] == PREFIX or scope["path"].startswith(f"{PREFIX}/"):
        await host({**scope, "root_path": PREFIX}, receive, send)
    else:
        await django(scope, receive, send)
