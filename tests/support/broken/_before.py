"""Broken before any of its code runs: entry point, manifest, requirements."""

from __future__ import annotations

from ._broken import Broken

__all__ = ["BEFORE"]

BEFORE = (
    Broken(
        id="two-owners",
        check="entry-point",
        phase="discover",
        says="is declared by nxforge-two-owners and someone-else",
        remedy="uninstall all of them but one",
        twin="other",
    ),
    Broken(
        id="two-lines",
        check="entry-point",
        phase="discover",
        says="is declared by nxforge-two-lines and nxforge-two-lines",
        remedy="uninstall all of them but one",
        twin="same",
    ),
    Broken(
        id="manifest-gone",
        check="manifest",
        phase="manifest",
        says="its manifest.json cannot be read: No such file or directory",
        remedy="the distribution must install ",
        manifest="",
    ),
    Broken(
        id="manifest-prose",
        check="manifest",
        phase="manifest",
        says="is no JSON",
        remedy="correct",
        manifest="Dear host, please run me.",
    ),
    Broken(
        id="manifest-odd",
        check="manifest",
        phase="manifest",
        says="colour",
        manifest='{"id": "manifest-odd", "colour": 1}',
    ),
    Broken(
        id="from-the-future",
        check="requirements",
        phase="manifest",
        says="it needs nxforge-core >=99",
        remedy="install a version of the plugin that was made for this one",
        manifest={"core": ">=99"},
    ),
    Broken(
        id="hen",
        check="requirements",
        phase="manifest",
        says="the requirements go in a circle: ",
        remedy="take one of them out of 'requires'",
        manifest={"requires": {"egg": ">=1"}},
        partner="egg",
    ),
    Broken(
        id="egg",
        check="requirements",
        phase="manifest",
        says="the requirements go in a circle: ",
        remedy="take one of them out of 'requires'",
        manifest={"requires": {"hen": ">=1"}},
        partner="hen",
    ),
)
