"""Profiles of hypothesis: quick by default, thorough for `nox -s long`; the server."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

#: Of tests/support: a PostgreSQL and an empty database for who asks for them.
pytest_plugins = ["servers"]

# No deadline: a busy machine is no counterexample.
settings.register_profile("quick", deadline=None)
settings.register_profile("long", deadline=None, max_examples=10_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that no process ends alone."""
    patient = {item.path for item in items if item.get_closest_marker("patient")}
    items.sort(key=lambda item: item.path not in patient)
