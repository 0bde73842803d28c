"""Settings and pages of a Django project in one module, as small as one can be."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.urls import path

__all__ = ["SessionStore"]

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only for trying it out")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "project"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(os.environ.get("DJANGO_DATA", gettempdir())) / "django.sqlite3",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True


def index(request: HttpRequest) -> HttpResponse:
    """A page of the project itself."""
    return HttpResponse(f"Django, as {request.user} sees it; the meters: /nxforge/")


def log_in(request: HttpRequest) -> HttpResponse:
    """Stands for a login form: lets the person in whom a script has made."""
    from django.contrib.auth import authenticate, login  # noqa: PLC0415 - needs apps

    user: Any = authenticate(
        request, username=request.GET["name"], password=request.GET["password"]
    )
    if user is None:
        return HttpResponse("wrong name or password", status=403)
    login(request, user)
    return HttpResponse("logged in")


urlpatterns = [path("", index), path("login", log_in)]
