"""Grants, roles and callers."""

from __future__ import annotations

import pytest

from nxforge_core.api import Manifest, Permission
from nxforge_core.security import (
    ROLES,
    Principal,
    RoleBook,
    UnknownRoleError,
    grants,
)


@pytest.mark.parametrize(
    ("grant", "permission", "covered"),
    [
        ("*", "meter:readings:read", True),
        ("*", "meter", True),
        ("meter:*", "meter:readings:read", True),
        ("meter:*", "meter:readings", True),
        ("meter:*", "meter", False),
        ("meter:*", "meters:readings:read", False),
        ("meter:*:read", "meter:readings:read", True),
        ("meter:*:read", "meter:readings:write", False),
        ("meter:*:read", "meter:readings:old:read", False),
        ("*:readings:read", "meter:readings:read", True),
        ("*:readings:read", "meter:endpoints:read", False),
        ("meter:readings:*", "meter:readings:read", True),
        ("meter:readings:read", "meter:readings:read", True),
        ("meter:readings:read", "meter:readings", False),
        ("meter:readings", "meter:readings:read", False),
        ("meter:read*", "meter:readings", False),
        ("", "meter:readings", False),
        ("meter:readings:read", "", False),
    ],
)
def test_grant_covers_exactly_what_it_names(
    grant: str, permission: str, *, covered: bool
) -> None:
    """A star is one whole segment, at the end one or more; nothing else widens."""
    assert grants(grant, permission) is covered


def test_principal_may_what_its_grants_cover() -> None:
    """Exact names and wildcards count, anything else is refused."""
    caller = Principal("ada", "operator", frozenset({"a:b:read", "meter:*"}))
    assert caller.may("a:b:read")
    assert caller.may("meter:readings:read")
    assert not caller.may("a:b:write")


def test_principal_without_grants_may_nothing() -> None:
    """Deny is the default."""
    assert not Principal("ada", "viewer", frozenset()).may("a:b:read")


def _manifest(*permissions: Permission) -> Manifest:
    return Manifest(
        id="meter",
        display_name="Meter",
        description="Reads meters.",
        core=">=0.1",
        permissions=permissions,
    )


def test_roles_hold_what_manifests_name_them_for() -> None:
    """Admin holds all; the others what the manifests give them."""
    book = RoleBook.of(
        [
            _manifest(
                Permission("meter:readings:read", "See.", ("operator", "viewer")),
                Permission("meter:endpoints:write", "Edit.", ("operator",)),
                Permission("meter:secrets:read", "Nobody's."),
            )
        ]
    )
    assert book.permissions("admin") == {"*"}
    assert book.permissions("operator") == {
        "meter:readings:read",
        "meter:endpoints:write",
    }
    assert book.permissions("viewer") == {"meter:readings:read"}
    assert book.principal("ada", "admin").may("meter:secrets:read")
    assert not book.principal("bob", "operator").may("meter:secrets:read")


@pytest.mark.parametrize("name", ["nxforge:jobs:run", "other:x:read", "meterx:a:read"])
def test_manifest_widens_nothing_outside_its_own_vocabulary(name: str) -> None:
    """A plugin cannot give a role permissions of the core or of other plugins."""
    book = RoleBook.of([_manifest(Permission(name, "Mine now.", ("viewer",)))])
    assert not book.principal("eve", "viewer").may(name)


def test_unknown_role_is_refused_with_the_roles_there_are() -> None:
    """The error names the value and the right ones."""
    with pytest.raises(UnknownRoleError, match="no role 'root'") as caught:
        RoleBook([]).permissions("root")
    assert caught.value.remedy == "use one of admin, operator, viewer"
    assert caught.value.roles == ROLES
