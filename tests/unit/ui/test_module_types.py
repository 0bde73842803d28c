"""The types of modules name what modules are handed, and nothing else."""

from __future__ import annotations

import re
from importlib.resources import files

from nxforge_core.ui import own_assets


def test_types_name_every_member_of_the_kit() -> None:
    """`nx.d.ts` lies in the package and has the members of the kit."""
    types = (files("nxforge_core.ui") / "nx.d.ts").read_text("utf-8")
    kit = types.partition("interface Kit {")[2].partition("\n}")[0]
    module = own_assets().files["plugin.js"].body.decode()
    made = (
        module.partition("kit() {")[2].partition("return {")[2].partition("    };")[0]
    )

    typed = set(re.findall(r"^  (?:readonly )?(\w+)[<(:]", kit, re.MULTILINE))
    given = set(re.findall(r"^      (\w+)[:,]", made, re.MULTILINE))
    assert typed == given
    assert len(given) == 9
