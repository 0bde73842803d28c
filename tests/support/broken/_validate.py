"""Broken in what its hooks are, or in what they return."""

from __future__ import annotations

from ._broken import Broken

__all__ = ["VALIDATE"]


def _routes(*specs: str, handler: str = "tell() -> str", more: str = "") -> str:
    return (
        f'async def {handler}:\n    return "told"\n\n\n{more}'
        f"@hookimpl\ndef nxforge_routes():\n    return [{', '.join(specs)}]\n"
    )


VALIDATE = (
    Broken(
        id="hook-signature",
        check="hooks",
        phase="validate",
        says="nxforge_routes takes the argument 'application', which the hook has not",
        remedy="it may take no argument",
        source="@hookimpl\ndef nxforge_routes(application):\n    return []\n",
    ),
    Broken(
        id="hook-misspelt",
        check="hooks",
        phase="validate",
        says="there is no hook 'nxforge_ruotes'",
        remedy="did you mean 'nxforge_routes'?",
        source="@hookimpl\ndef nxforge_ruotes():\n    return []\n",
    ),
    Broken(
        id="hook-hangs",
        check="hooks",
        phase="validate",
        says="nxforge_routes is async, not a plain function",
        remedy="write 'def' without 'async' and return the specs",
        source="import asyncio\n\n\n@hookimpl\nasync def nxforge_routes():\n"
        "    await asyncio.Event().wait()\n",
    ),
    Broken(
        id="hook-raises",
        check="hooks",
        phase="validate",
        says="nxforge_jobs of nxforge-hook-raises raised ValueError: not today",
        remedy="report this to the plugin's author",
        source='@hookimpl\ndef nxforge_jobs():\n    raise ValueError("not today")\n',
    ),
    Broken(
        id="hook-returns",
        check="hooks",
        phase="validate",
        says="nxforge_routes of nxforge-hook-returns returned 'all of them' (str)",
        remedy="from nxforge_routes",
        source='@hookimpl\ndef nxforge_routes():\n    return "all of them"\n',
    ),
    Broken(
        id="route-collides",
        check="routes",
        phase="validate",
        says="GET /tell is answered by ",
        remedy="give each route a path or a method of its own",
        source=_routes(
            'RouteSpec("GET", "/tell", tell, public=True)',
            'RouteSpec("GET", "/tell", tell, public=True)',
        ),
    ),
    Broken(
        id="route-unguarded",
        check="routes",
        phase="validate",
        says="route GET /tell has neither a permission nor public=True",
        remedy="name a permission of the manifest, or say public=True",
        source=_routes('RouteSpec("GET", "/tell", tell)'),
    ),
    Broken(
        id="route-unannotated",
        check="routes",
        phase="validate",
        says="has no annotation for 'name', 'return'",
        remedy="annotate every parameter and what is returned",
        source=_routes(
            'RouteSpec("GET", "/tell", tell, public=True)', handler="tell(name)"
        ),
    ),
    Broken(
        id="route-unbuildable",
        check="routes",
        phase="validate",
        says="route GET /tell: ",
        source=_routes(
            'RouteSpec("GET", "/tell", tell, public=True)',
            handler="tell(state: str) -> str",
        ),
    ),
    Broken(
        id="settings-demand",
        check="settings",
        phase="validate",
        says="Wishes has no default for address",
        remedy="give every setting a default",
        source="import msgspec\n\n\nclass Wishes(msgspec.Struct, frozen=True):\n"
        "    address: str\n\n\n@hookimpl\ndef nxforge_settings():\n"
        "    return SettingsSpec(Wishes)\n",
    ),
    Broken(
        id="job-never",
        check="specs",
        phase="validate",
        says="job count: every 0 s never comes round",
        remedy="give Every a period",
        source="async def count(ctx: JobContext, params: NoParams) -> None:\n"
        "    pass\n\n\n@hookimpl\ndef nxforge_jobs():\n"
        '    return [JobSpec(name="count", title="Count", handler=count,\n'
        "                    trigger=Every(seconds=0))]\n",
    ),
)
