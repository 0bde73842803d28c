"""Sphinx configuration; no inventories, so a build needs no network."""

from __future__ import annotations

project = "NxForge"
author = "The NxForge founders"
project_copyright = "2026, The NxForge founders"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "NxForge"
exclude_patterns = ["_build", "changes"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
# Names of other projects and private generics have no target in these pages.
nitpick_ignore_regex = [
    (
        "py:.*",
        r"(collections|datetime|decimal|asyncio|contextlib|typing|msgspec|click).*",
    ),
    (
        "py:.*",
        r"(litestar|pluggy|asyncpg|nxforge_core\.api\._.*|nxforge_core\.api\.ports\.T|T|S|P|tuple\[).*",
    ),
]
