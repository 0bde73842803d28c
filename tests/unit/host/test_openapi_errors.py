"""Which errors the composed document gives to public operations."""

from __future__ import annotations

from typing import Any

import pytest

from nxforge_core.host._openapi import compose


def operation(*, public: bool) -> dict[str, Any]:
    """One as a plugin's own document has it."""
    found: dict[str, Any] = {"responses": {"200": {"description": "Done."}}}
    return {**found, "security": []} if public else found


@pytest.mark.parametrize(
    ("plugin", "path", "method", "refuses"),
    [
        ("nxforge", "/login/{code}", "get", True),
        ("nxforge", "/login", "post", True),
        ("nxforge", "/login", "get", False),
        ("meter", "/api/v1/m/meter/coupons/{code}", "get", False),
        ("meter", "/api/v1/m/meter/coupons", "post", False),
    ],
)
def test_only_the_hosts_own_doors_refuse_in_public(
    plugin: str, path: str, method: str, *, refuses: bool
) -> None:
    """A plugin's public path with a code of its own is no door: nobody is refused."""
    documents = {plugin: {"paths": {path: {method: operation(public=True)}}}}
    made = compose("1", documents)["paths"][path][method]

    assert ({"401", "403"} <= made["responses"].keys()) is refuses
    assert ("413" in made["responses"]) is (method == "post")


def test_what_asks_for_a_token_refuses() -> None:
    """Whoever has none, or lacks the permission."""
    documents = {"meter": {"paths": {"/x": {"get": operation(public=False)}}}}
    made = compose("1", documents)["paths"]["/x"]["get"]

    assert {"401", "403"} <= made["responses"].keys()
