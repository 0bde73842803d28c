"""Names of things, as types that cannot be mixed up."""

from __future__ import annotations

import re
from typing import Final, NewType

from .errors import InvalidInputError

__all__ = ["PLUGIN_ID", "JobName", "PluginId", "RunId", "parse_plugin_id"]

PluginId = NewType("PluginId", str)
JobName = NewType("JobName", str)
RunId = NewType("RunId", int)

#: Kebab-case, 3 to 50 characters; also the URL segment and, with `_`, the schema name.
PLUGIN_ID: Final = re.compile(r"(?=.{3,50}\Z)[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")


def parse_plugin_id(text: str) -> PluginId:
    """Check a plugin id.

    Raises:
        InvalidInputError: the text is not kebab-case of 3 to 50 characters.
    """
    if not PLUGIN_ID.match(text):
        raise InvalidInputError(
            field="plugin id",
            value=text,
            remedy="use lower-case letters, digits and single hyphens, 3 to 50 "
            "characters, beginning with a letter",
        )
    return PluginId(text)
