"""Takes the right to change the trail away from the login that the host works with."""

from __future__ import annotations

from typing import Final

from nxforge_core.api import Database, load_sql

__all__ = ["protect_audit"]

_SQL: Final = load_sql(__package__)
_ROLE: Final = "nxforge_audit_"


async def protect_audit(database: Database, instance: str) -> str:
    """Give the trail an owner of its own where the server allows that.

    Args:
        database: The core's schema, with the login of every day.
        instance: What tells this installation from others on the same server.

    Returns:
        Empty where that login can only read and add; else why not, and the remedy.
    """
    facts = await database.fetchrow(_SQL.audit_login) or {}
    if not facts["superuser"] and facts["owns"] and facts["creates_roles"]:
        names = (_ROLE + instance[:8], facts["login"], facts["database"])
        async with database.transaction() as connection:
            script = await connection.fetchval(_SQL.protect_audit, *names)
            await connection.execute(script)
        facts = await database.fetchrow(_SQL.audit_login) or {}
    return _weakness(facts["login"], facts)


def _weakness(login: str, facts: object) -> str:
    held = dict(facts)  # type: ignore[call-overload]  # a record
    if held["superuser"]:
        return (
            f"the host's login {login!r} is a superuser: only a trigger and the chain "
            "protect the audit trail; use a login that is none"
        )
    if held["writes"] or held["owns"]:
        return (
            f"the host's login {login!r} owns the audit trail: only a trigger and the "
            f"chain protect it; 'ALTER ROLE {login} CREATEROLE' mends that"
        )
    return ""
