"""What one broken plugin is, and who is to notice what."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from distributions import Site

from nxforge_core.plugins import Phase

__all__ = ["HEAD", "Broken", "install"]

HEAD = """
from nxforge_core.api import *

"""


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A plugin that is broken in one way.

    Attributes:
        check: The check of the conformance kit that finds it.
        phase: In which the host catches it.
        says: Part of the host's message.
        remedy: Part of what the host advises.
        source: Of its module, after the imports.
        manifest: Members, or the whole text.
        files: More files of the package.
        twin: Of the entry point: none, in the same distribution, in another one.
        partner: Another broken plugin that it needs to be broken.
        quiet: A running host has no reason to complain; the kit has.
        deadly: It would take the process with it.
        slow: Its test waits for seconds.
    """

    id: str
    check: str
    phase: Phase
    says: str
    remedy: str = ""
    source: str = ""
    manifest: Mapping[str, object] | str = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    twin: Literal["", "same", "other"] = ""
    partner: str = ""
    quiet: bool = False
    deadly: bool = False
    slow: bool = False


def install(site: Site, broken: Broken) -> None:
    """Put a broken plugin into a site-packages folder."""
    package = site.add(
        broken.id, HEAD + broken.source, manifest=broken.manifest, files=broken.files
    )
    if broken.manifest == "":
        (package / "manifest.json").unlink()
    if not broken.twin:
        return
    (info,) = site.folder.glob(f"nxforge_{broken.id.replace('-', '_')}-*")
    if broken.twin == "same":
        entries = info / "entry_points.txt"
        text = entries.read_text("utf-8")
        line = text.splitlines()[1].replace(".plugin", ".other")
        entries.write_text(f"{text}{line}\n", "utf-8")
    else:
        other = shutil.copytree(info, info.with_name("someone_else-1.0.dist-info"))
        text = (other / "METADATA").read_text("utf-8")
        renamed = text.replace(f"Name: nxforge-{broken.id}", "Name: someone-else")
        (other / "METADATA").write_text(renamed, "utf-8")
