"""Broken plugins whose hooks raise, or return what cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nxforge_core.plugins import Inventory, Problem

HEAD = """
import msgspec
from nxforge_core.api import *

async def handle(ctx, params):
    return None

async def told(ctx, event):
    return None

async def given(ctx):
    return None

async def handed(ctx, data):
    return None

async def picked(ctx, keys):
    return None

class Loose(msgspec.Struct, frozen=True):
    value: int

class Mutable(msgspec.Struct):
    value: int = 1

"""


def hook(name: str, value: str) -> str:
    """Write a plugin with one hook that returns an expression."""
    return f"{HEAD}@hookimpl  # here\ndef nxforge_{name}():\n    return {value}\n"


def told_at(line: str, source: str) -> str:
    """Say that the fault is told of this line, and not of the hook."""
    return source.replace("  # here", "").replace(line, f"{line}  # here")


def job(**fields: str) -> str:
    """Write a plugin with one job."""
    every = {"name": "'tidy'", "title": "'Tidy'", "handler": "handle", **fields}
    return hook("jobs", f"[JobSpec({', '.join(f'{k}={v}' for k, v in every.items())})]")


def page(**fields: str) -> str:
    """Write a plugin with one page."""
    every = {"name": "'start'", "title": "'S'", "body": "[]", "public": "True"}
    given = ", ".join(f"{k}={v}" for k, v in {**every, **fields}.items())
    return hook("pages", f"[ui.Page({given})]")


def subscription(**fields: str) -> str:
    """Write a plugin with one subscription."""
    every = {"pattern": "'bad.done'", "handler": "told", **fields}
    given = ", ".join(f"{k}={v}" for k, v in every.items())
    return hook("events", f"[SubscriptionSpec({given})]")


RETURNED = {
    "none": (hook("routes", "None"), "returned None (NoneType), not a list of Route"),
    "text": (hook("routes", "'all'"), "returned 'all' (str), not a list of RouteSpec"),
    "wrong-item": (hook("jobs", "[1]"), "returned [1] (list), not a list of JobSpec"),
    "long": (hook("jobs", "['x' * 99]"), "xxx... (list), not a list of JobSpec"),
    "wrong-one": (hook("settings", "Mutable"), "(StructMeta), not a SettingsSpec"),
}

SPECS = {
    "no-such-folder": (
        hook("migrations", "MigrationsSpec(__package__, 'nowhere')"),
        "'nowhere' of 'thrown_bad' does not exist",
    ),
    "empty-folder": (
        hook("migrations", "MigrationsSpec(__package__)"),
        "'migrations' of 'thrown_bad' holds no migration",
    ),
    "no-such-package": (
        hook("migrations", "MigrationsSpec('thrown_bad.deep')"),
        "there is no such package",
    ),
    "foreign-package": (
        hook("migrations", "MigrationsSpec('nxforge_core.builtin')"),
        "belongs to another package than 'thrown_bad'",
    ),
    "package-none": (
        hook("migrations", "MigrationsSpec(None)"),
        "Expected `str`, got `null` - at `$.package`",
    ),
    "settings-no-struct": (hook("settings", "SettingsSpec(int)"), "int is no msgspec"),
    "settings-no-class": (hook("settings", "SettingsSpec(1)"), "Expected `type`"),
    "settings-mutable": (hook("settings", "SettingsSpec(Mutable)"), "is not frozen"),
    "settings-without-default": (
        hook("settings", "SettingsSpec(Loose)"),
        "Loose has no default for value",
    ),
    "job-type-object": (job(handler="type"), "builtins.type is not an async function"),
    "job-name": (job(name="'Tidy Up'"), "'Tidy Up' is not kebab-case"),
    "job-twice": (
        hook("jobs", "[JobSpec(name='a', title='A', handler=handle)] * 2"),
        "job name 'a' is given 2 times",
    ),
    "job-never": (job(trigger="Every()"), "every 0 s never comes round"),
    "job-type": (job(trigger="Every(minutes='5')"), "Expected `int`, got `str`"),
    "job-params": (job(params="int"), "int is no msgspec.Struct"),
    "job-early": (job(trigger="Every(hours=1, jitter=-1)"), "a jitter of -1 s"),
    "job-cron": (job(trigger="Cron('daily')"), "'daily' does not have the five"),
    "job-zone": (job(trigger="Cron('0 0 * * *', 'Mars')"), "no time zone 'Mars'"),
    "job-cron-early": (job(trigger="Cron('0 0 * * *', jitter=-2)"), "jitter of -2 s"),
    "job-default": (
        job(params="Loose", trigger="Every(hours=1)"),
        "Loose has no default for value",
    ),
    "job-timeout": (job(timeout="0"), "timeout is 0"),
    "job-keep": (job(keep_days="0"), "keep_days is 0"),
    "job-keep-runs": (job(keep_runs="0"), "keep_runs is 0"),
    "job-retry": (job(retry="Retry(attempts=-1)"), "has a negative value"),
    "page-name": (page(name="'Start'"), "'Start' is not kebab-case"),
    "page-nobody": (page(public="False"), "has neither a permission nor public=True"),
    "page-both": (page(permission="'bad:x'"), "permission 'bad:x' and public=True"),
    "page-body": (page(body="[1]"), "Expected `object`, got `int` - at `$.body[0]`"),
    "page-widget": (page(body="[ui.Text(1)]"), "Expected `str`, got `int`"),
    "page-version": (page(version="2"), "version 2 of the vocabulary"),
    "page-inside": (
        page(body="[ui.Section('S', [ui.Stats('T', handle, width='huge')])]"),
        "Invalid enum value 'huge'",
    ),
    "page-widget-name": (
        page(body="[ui.Notice('N', name='One Two')]"),
        "widget name 'One Two' is not kebab-case",
    ),
    "page-widget-twice": (
        page(body="[ui.Notice('N', name='one'), ui.Notice('N', name='one')]"),
        "widget name 'one' is given 2 times",
    ),
    "page-widget-permission": (
        page(body="[ui.Notice('N', permission='other:x')]"),
        "needs 'other:x', which manifest.json does not declare",
    ),
    "page-widget-host": (
        page(body="[ui.Notice('N', permission='nxforge:jobs:raed')]"),
        "needs 'nxforge:jobs:raed', which manifest.json does not declare",
    ),
    "page-form": (
        page(body="[ui.Form('F', dict, given)]"),
        "dict is no msgspec.Struct",
    ),
    "page-no-key": (
        page(body="[ui.Table('T', given, [], actions=[ui.RowAction('a', '', given)])]"),
        "has actions and no key",
    ),
    "page-row-data": (
        told_at(
            "async def handed(ctx, data):",
            page(
                body="[ui.Table('T', given, [], key='a', "
                "actions=[ui.RowAction('a', '', handed)])]"
            ),
        ),
        "takes 'data', which nobody hands over",
    ),
    "page-form-keys": (
        told_at(
            "async def picked(ctx, keys):",
            page(body="[ui.Form('F', Loose, picked)]"),
        ),
        "takes 'keys', which nobody hands over",
    ),
    "page-first": (
        told_at("async def picked(ctx, keys):", page(first="picked")),
        "takes 'keys', which nobody hands over",
    ),
    "page-dismiss": (
        told_at(
            "async def picked(ctx, keys):",
            page(body="[ui.Checklist('C', given, picked)]"),
        ),
        "takes 'keys', which nobody hands over",
    ),
    "page-module": (
        page(body="[ui.Custom(title='C', module='c.js', fallback='')]"),
        "the package has no file ui/c.js",
    ),
    "page-module-path": (
        page(body="[ui.Custom(title='C', module='../c.js', fallback='')]"),
        "'../c.js' is no module's path",
    ),
    "health-name": (
        hook("health", "[HealthSpec('Is it well', handle)]"),
        "health check name 'Is it well'",
    ),
    "event-not-listed": (subscription(), "does not list it in events.listens"),
    "event-timeout": (subscription(timeout="0"), "timeout is 0"),
    "event-type": (subscription(pattern="5"), "Expected `str`, got `int`"),
    "event-name": (subscription(name="'Told You'"), "'Told You' is not kebab-case"),
    "event-twice": (
        hook("events", "[SubscriptionSpec('bad.done', told)] * 2"),
        "subscription name 'told' is given 2 times",
    ),
    "health-type": (hook("health", "[HealthSpec('a', 1)]"), "Expected `Callable`"),
}

NEAR = {
    "raises": HEAD + "@hookimpl\ndef nxforge_jobs():\n    return 1 / 0  # here\n",
    "exits": HEAD + "@hookimpl\ndef nxforge_jobs():\n    raise SystemExit  # here\n",
    "sync-job": HEAD
    + "def plain(ctx, params):  # here\n    pass\n"
    + job(handler="plain").replace("  # here", ""),
    "job-arguments": HEAD
    + "async def one(ctx):  # here\n    pass\n"
    + job(handler="one").replace("  # here", ""),
    "sync-source": HEAD
    + "def plain(ctx):  # here\n    pass\n"
    + page(body="[ui.Stats('S', plain)]").replace("  # here", ""),
    "source-parameter": HEAD
    + "async def wrong(ctx, windov):  # here\n    pass\n"
    + page(body="[ui.Stats('S', wrong)]").replace("  # here", ""),
    "sync-subscriber": HEAD
    + "def plain(ctx, event):  # here\n    pass\n"
    + subscription(handler="plain").replace("  # here", ""),
    "subscriber-arguments": HEAD
    + "async def one(ctx):  # here\n    pass\n"
    + subscription(handler="one").replace("  # here", ""),
    "sync-health": HEAD
    + "def plain(ctx):  # here\n    pass\n"
    + "@hookimpl\ndef nxforge_health():\n    return [HealthSpec('a', plain)]\n",
}


@pytest.mark.parametrize(("source", "words"), RETURNED.values(), ids=RETURNED)
def test_hook_that_returns_something_else_is_named_with_the_value(
    judge: Callable[..., Problem],
    here: Callable[[], tuple[str, int]],
    source: str,
    words: str,
) -> None:
    """The problem names distribution, hook and value."""
    problem = judge(source)
    assert problem.phase == "validate"
    assert (problem.file, problem.line) == here()
    assert "of nxforge-bad returned" in problem.message
    assert words in problem.message
    assert problem.traceback is None


@pytest.mark.parametrize(("source", "words"), SPECS.values(), ids=SPECS)
def test_spec_that_cannot_work_is_refused_at_its_hook(
    judge: Callable[..., Problem],
    here: Callable[[], tuple[str, int]],
    source: str,
    words: str,
) -> None:
    """A spec is judged when the plugin is loaded, long before it would fail."""
    problem = judge(source)
    assert problem.phase == "validate"
    assert (problem.file, problem.line) == here()
    assert words in problem.message
    assert problem.remedy


@pytest.mark.parametrize("source", NEAR.values(), ids=NEAR)
def test_problem_points_into_the_code_at_fault(
    judge: Callable[..., Problem],
    here: Callable[[], tuple[str, int]],
    source: str,
) -> None:
    """The line is that of the function at fault, not that of the hook naming it."""
    problem = judge(source)
    assert problem.phase == "validate"
    assert (problem.file, problem.line) == here()


def test_hook_that_raises_says_so_and_the_other_hooks_are_still_judged(
    judge: Callable[..., Problem],
) -> None:
    """One raising hook hides no fault of the next."""
    source = hook("jobs", "1 / 0") + hook("settings", "SettingsSpec(int)")
    problem = judge(source)
    assert "nxforge_jobs of nxforge-bad raised ZeroDivisionError" in problem.message
    assert "int is no msgspec.Struct" in problem.message
    assert "ZeroDivisionError" in str(problem.traceback)


def test_hook_that_raises_an_error_of_the_api_keeps_its_remedy(
    judge: Callable[..., Problem],
) -> None:
    """`load_sql` in a hook tells the author what to write."""
    problem = judge(hook("jobs", "load_sql(__package__, 'nowhere')"))
    assert "holds no .sql file" in problem.message
    assert "begin each statement with" in problem.remedy


def test_migrations_folder_with_only_undo_files_is_empty(
    judge: Callable[..., Problem],
) -> None:
    """An undo without its migration is no migration."""
    source = hook("migrations", "MigrationsSpec(__package__)")
    problem = judge(source, files={"migrations/001_a.rollback.sql": "select 1;"})
    assert "holds no migration" in problem.message


def test_manual_job_may_need_parameters(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """Only a scheduled run has nobody to ask for values."""
    install("hand", job(params="Loose"))
    assert boot("hand")["hand"].state == "enabled"


def test_specs_that_break_the_checks_themselves_are_a_problem(
    judge: Callable[..., Problem],
) -> None:
    """An object that raises when it is looked at stays its plugin's problem."""
    source = HEAD + (
        "class Evil(JobSpec):\n"
        "    @property\n"
        "    def name(self):\n"
        "        raise RuntimeError('do not look')  # here\n"
    )
    source += hook("jobs", "[Evil(title='E', handler=handle)]")
    problem = judge(source)
    assert problem.phase == "validate"
