"""Rules and logins of endpoints over HTTP."""

from __future__ import annotations

from nxforge_consumption_monitor import endpoints
from nxforge_consumption_monitor.endpoints import RuleBody, RuleVersionView
from nxforge_consumption_monitor.models import (
    AuthBody,
    AuthView,
    EndpointChange,
    EndpointView,
)
from nxforge_consumption_monitor.settings import MonitorSettings
from nxforge_core.api import PluginContext

from ._caller import Caller, IfMatch, name_of

__all__ = [
    "add_rules",
    "delete_credential",
    "list_rules",
    "put_credential",
    "revert_rules",
    "show_credential",
]

_Context = PluginContext[MonitorSettings]


async def list_rules(ctx: _Context, endpoint_id: str) -> list[RuleVersionView]:
    """The versions of an endpoint's rule set, the newest first."""
    return await endpoints.rule_versions(ctx, endpoint_id)


async def add_rules(
    ctx: _Context,
    request: Caller,
    endpoint_id: str,
    data: RuleBody,
    if_match: IfMatch = None,
) -> EndpointView:
    """Read by other rules from the next poll on; stored readings stay as they are."""
    return await endpoints.add_rules(
        ctx, endpoint_id, data, by=name_of(request), match=if_match
    )


async def revert_rules(
    ctx: _Context,
    request: Caller,
    endpoint_id: str,
    version: int,
    if_match: IfMatch = None,
) -> EndpointView:
    """Read by an older version again, which becomes the newest one."""
    return await endpoints.revert_rules(
        ctx, endpoint_id, version, by=name_of(request), match=if_match
    )


async def show_credential(ctx: _Context, endpoint_id: str) -> AuthView:
    """How an endpoint logs in, never with what."""
    return (await endpoints.show(ctx, endpoint_id)).auth


async def put_credential(
    ctx: _Context, endpoint_id: str, data: AuthBody, if_match: IfMatch = None
) -> AuthView:
    """Give an endpoint another login. It is polled again at once."""
    changes = EndpointChange(auth=data)
    return (await endpoints.change(ctx, endpoint_id, changes, match=if_match)).auth


async def delete_credential(
    ctx: _Context, endpoint_id: str, if_match: IfMatch = None
) -> None:
    """Forget the login of an endpoint."""
    changes = EndpointChange(auth=None)
    await endpoints.change(ctx, endpoint_id, changes, match=if_match)
