"""The kit finds every plugin of the corpus, each by the check that is meant for it."""

from __future__ import annotations

import pytest
from broken import CORPUS, SOUND, Broken, install
from distributions import Site

from nxforge_core.kit import CHECKS

from .conftest import Judge

#: Hosts that start several times: on a busy machine they take their time.
#: What it judges is no matter of the server or of the newer Python.
pytestmark = [pytest.mark.patient, pytest.mark.timeout(120)]

BY_ID = {each.id: each for each in CORPUS}
#: What a plugin of four lines is not, and need not be.
UNDEMANDED = {"documented", "types", "start-up"}
#: One of each stage that is quick to examine.
QUICK = ["two-owners", "manifest-odd", "hook-misspelt", "third-step-fails"]


def test_every_broken_plugin_is_meant_for_a_check() -> None:
    """No plugin of the corpus names a check that is not there."""
    assert {each.check for each in CORPUS} <= {each.name for each in CHECKS}


@pytest.mark.parametrize("plugin", QUICK)
async def test_broken_plugin_is_found(judge: Judge, site: Site, plugin: str) -> None:
    """The check that is meant for it finds it, with words, and no other does."""
    await _expect_found(judge, site, BY_ID[plugin])


@pytest.mark.long
@pytest.mark.parametrize("plugin", BY_ID)
async def test_each_check_is_what_finds_its_plugins(
    judge: Judge, site: Site, plugin: str
) -> None:
    """Found by one check only; without that check it passes."""
    broken = BY_ID[plugin]
    await _expect_found(judge, site, broken)
    others = [each for each in CHECKS if each.name != broken.check]
    without = await judge(plugin, others)

    assert set(without.broken) <= UNDEMANDED


async def test_sound_plugin_works(judge: Judge, site: Site) -> None:
    """A plugin that is not broken is dependable; what it lacks is said."""
    site.add("sound", SOUND)

    report = await judge("sound")

    assert report.level == "dependable"
    assert set(report.broken) <= UNDEMANDED
    assert {each.state for each in report.verdicts} == {"kept", "broken"}


async def _expect_found(judge: Judge, site: Site, broken: Broken) -> None:
    install(site, broken)
    if broken.partner:
        install(site, BY_ID[broken.partner])
    report = await judge(broken.id)
    verdicts = {each.check: each for each in report.verdicts}
    assert set(report.broken) - UNDEMANDED == {broken.check}, report
    for finding in verdicts[broken.check].findings:
        assert finding.message
        assert finding.remedy
    if broken.phase != "serve" and not broken.slow:
        said = " ".join(each.message for each in verdicts[broken.check].findings)
        assert broken.says in said
