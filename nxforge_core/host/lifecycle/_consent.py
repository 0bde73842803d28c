"""What an admin agrees to that a plugin may do; more than that needs another word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from nxforge_core.api import ConflictError, Database, PluginId, load_sql
from nxforge_core.plugins import Candidate, Problem, UnknownPluginError
from nxforge_core.plugins.upkeep import Grants, grants_of
from nxforge_core.security.audit import Actor, add_audit

from ._errors import ConsentNeededError
from ._wishes import Wishes

__all__ = ["OtherVersionError", "agree", "check_consent"]

_SQL: Final = load_sql("nxforge_core.host")
_Found = Sequence[Candidate | Problem]


class OtherVersionError(ConflictError):
    """The version that was agreed to is not the one that is installed."""

    code = "other_version"

    def __init__(self, plugin: str, named: str, installed: str) -> None:
        super().__init__(
            f"of plugin {plugin!r} version {installed} is installed, not {named}",
            remedy=f"look at its plan again, then agree to version {installed}",
        )
        self.plugin, self.installed = plugin, installed


class _Agreed(msgspec.Struct, frozen=True):
    agreed: Grants | None


def check_consent(plugin: str, found: _Found, wishes: Wishes) -> None:
    """See that a plugin asks for no more than was agreed to.

    Raises:
        ConsentNeededError: it does.
    """
    for each in found:
        if isinstance(each, Candidate) and each.id == plugin:
            agreed = wishes.agreed.get(each.id)
            more = grants_of(each.manifest).beyond(agreed) if agreed else Grants()
            if words := more.words():
                raise ConsentNeededError(plugin, each.version, words)


async def agree(
    database: Database, found: _Found, consent: tuple[str, str], by: Actor
) -> None:
    """Let a plugin have what its installed version asks for; hosts try it again.

    Args:
        database: The core's schema.
        found: What is installed.
        consent: The plugin's id, and the version whose plan the admin saw.
        by: The admin.

    Raises:
        UnknownPluginError: it is not installed, or its manifest cannot be read.
        OtherVersionError: another version is installed by now.
    """
    plugin, version = consent
    known = {each.id: each for each in found if isinstance(each, Candidate)}
    if (here := known.get(PluginId(plugin))) is None:
        raise UnknownPluginError(plugin, known)
    if here.version != version:
        raise OtherVersionError(plugin, version, here.version)
    asks = grants_of(here.manifest)
    facts = (here.id, here.distribution, here.version)
    async with database.transaction() as connection:
        before = await connection.structs(_Agreed, _SQL.agreed, here.id)
        was = (before[0].agreed if before else None) or Grants()
        await connection.execute(_SQL.agree, *facts, was.joined(asks))
        await connection.execute(_SQL.tell_wishes)
        more = asks.beyond(was).words()
        after = {"version": version, "more": list(more)}
        await add_audit(connection, by, "plugins.consent", plugin, (None, after))
