"""Where outgoing requests may go: seen, tried and changed while the host runs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from litestar.params import Parameter

from nxforge_core.api import Body, Model, RouteSpec
from nxforge_core.api._denial import denial_remedy
from nxforge_core.security import AllowedNetwork

from ._context import CoreContext
from ._security import CallerRequest, actor_of

__all__ = ["ROUTES"]

_Number = Annotated[int, Parameter(ge=0, le=2**63 - 1)]
_Port = Annotated[int, Parameter(ge=1, le=65_535)]
_Address = Annotated[str, Parameter(max_length=100)]


class Network(Model):
    """An entry of the allow-list.

    Attributes:
        id: Null for one of the setting `network.allow`, which is changed there.
    """

    id: int | None
    entry: str
    source: Literal["settings", "stored"]
    note: str
    created_by: str | None
    created_at: datetime | None


class NetworkRequest(Body):
    """An address or a network to allow, with a port if wanted."""

    entry: str
    note: str = ""


class NetworkVerdict(Model):
    """What would become of a connection.

    Attributes:
        why: Why it is refused; empty where it is allowed.
        remedy: What would open it.
    """

    allowed: bool
    why: str
    remedy: str


async def list_networks(ctx: CoreContext) -> list[Network]:
    """Those of the setting, then those added since, in the order they came."""
    networks = ctx.host.networks
    fixed = [
        Network(
            id=None,
            entry=entry,
            source="settings",
            note="",
            created_by=None,
            created_at=None,
        )
        for entry in networks.fixed
    ]
    return fixed + [_network(one) for one in await networks.list()]


async def allow_network(
    ctx: CoreContext, request: CallerRequest, data: NetworkRequest
) -> Network:
    """Allow it, in every process at once."""
    made = await ctx.host.networks.add(data.entry, actor_of(request), data.note)
    return _network(made)


async def remove_network(
    ctx: CoreContext, request: CallerRequest, network_id: _Number
) -> None:
    """Do not allow it any more; what is under way ends with its own deadline."""
    await ctx.host.networks.remove(network_id, actor_of(request))


async def check_network(
    ctx: CoreContext, address: _Address, port: _Port
) -> NetworkVerdict:
    """What would become of a connection; nothing is looked up and nothing is sent."""
    why = ctx.host.networks.refusal(address, port)
    if why is None:
        return NetworkVerdict(allowed=True, why="", remedy="")
    return NetworkVerdict(
        allowed=False, why=why, remedy=denial_remedy(address, port, why)
    )


def _network(one: AllowedNetwork) -> Network:
    return Network(
        id=one.id,
        entry=one.entry,
        source="stored",
        note=one.note,
        created_by=one.created_by,
        created_at=one.created_at,
    )


_ALL = "/api/v1/networks"
_READ, _MANAGE = "nxforge:networks:read", "nxforge:networks:manage"

ROUTES = [
    RouteSpec("GET", _ALL, list_networks, permission=_READ),
    RouteSpec("POST", _ALL, allow_network, permission=_MANAGE, status=201),
    RouteSpec("GET", f"{_ALL}/check", check_network, permission=_READ),
    RouteSpec(
        "DELETE",
        f"{_ALL}/{{network_id:int}}",
        remove_network,
        permission=_MANAGE,
        status=204,
    ),
]
