"""Broken plugins whose module does not load or whose hooks are not hooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nxforge_core.plugins import Inventory, Problem

API = "from nxforge_core.api import *\n"

AT_IMPORT = {
    "raises": ("\n1 / 0  # here", "ZeroDivisionError: division by zero"),
    "exits": ("\nraise SystemExit(3)  # here", "SystemExit(3)"),
    "exits-by-sys": ("import sys\nsys.exit('no')  # here", "SystemExit('no')"),
    "needs-a-module": ("import not_there_x  # here", "No module named 'not_there_x'"),
    "is-no-python": ("\n\ndef broken(:  # here", "SyntaxError"),
    "stops-a-generator": ("raise GeneratorExit  # here", "GeneratorExit"),
    "misses-a-name": (API + "from nxforge_core.api import Nope  # here", "Nope"),
    "fails-to-say-why": (
        (
            "class Mute(Exception):\n    def __str__(self):\n        return 1 / 0\n"
            "raise Mute  # here"
        ),
        "Mute",
    ),
    "fails-in-a-group": (
        (
            "def fail():\n    return 1 / 0  # here\ntry:\n    fail()\n"
            "except Exception as error:\n    cause = error\n"
            "raise ExceptionGroup('several', [cause])"
        ),
        "several",
    ),
}

HOOKS = {
    "misspelt": (
        "@hookimpl  # here\ndef nxforge_route():\n    return []",
        "there is no hook 'nxforge_route'",
        "did you mean 'nxforge_routes'?",
    ),
    "misspelt-and-unmarked": (
        "def nxforge_setings():  # here\n    return None",
        "there is no hook 'nxforge_setings'",
        "did you mean 'nxforge_settings'?",
    ),
    "like-nothing": (
        "@hookimpl  # here\ndef zzz():\n    return []",
        "there is no hook 'zzz'",
        "hooks are ",
    ),
    "unmarked": (
        "def nxforge_routes():  # here\n    return []",
        "nxforge_routes is not marked",
        "add @hookimpl",
    ),
    "wrong-argument": (
        "@hookimpl  # here\ndef nxforge_routes(app):\n    return []",
        "takes the argument 'app'",
        "it may take no argument",
    ),
    "wrong-argument-beside-a-right-one": (
        "@hookimpl  # here\ndef nxforge_lifespan(ctx, loop):\n    return None",
        "takes the argument 'loop'",
        "it may take ctx",
    ),
    "async": (
        "@hookimpl  # here\nasync def nxforge_routes():\n    return []",
        "nxforge_routes is async",
        "'def' without 'async'",
    ),
    "generator": (
        "@hookimpl  # here\ndef nxforge_routes():\n    yield 1",
        "nxforge_routes is a generator",
        "return the specs",
    ),
    "bare-life-span": (
        "@hookimpl  # here\nasync def nxforge_lifespan(ctx):\n    yield",
        "nxforge_lifespan is a generator",
        "@contextlib.asynccontextmanager",
    ),
    "wrapper": (
        "@hookimpl(wrapper=True)  # here\ndef nxforge_routes():\n    yield",
        "is marked as a wrapper",
        "mark it with @hookimpl",
    ),
    "twice": (
        (
            "@hookimpl\ndef nxforge_settings():\n    return None\n"
            "@hookimpl(specname='nxforge_settings')  # here\n"
            "def other():\n    return None"
        ),
        "nxforge_settings is implemented twice",
        "remove 'other'",
    ),
}


@pytest.mark.parametrize(("source", "words"), AT_IMPORT.values(), ids=AT_IMPORT)
def test_plugin_that_fails_at_import_is_quarantined_at_its_line(
    judge: Callable[..., Problem],
    here: Callable[[], tuple[str, int]],
    source: str,
    words: str,
) -> None:
    """Whatever a module does when imported, the host goes on and says where."""
    problem = judge(source)
    assert problem.phase == "import"
    assert (problem.file, problem.line) == here()
    assert words in problem.message
    assert problem.remedy
    assert "Traceback" in str(problem.traceback)


def test_missing_dependency_is_told_as_something_to_install(
    judge: Callable[..., Problem],
) -> None:
    """The remedy of a missing module names it."""
    problem = judge("import not_there_x")
    assert "install what provides the module 'not_there_x'" in problem.remedy


def test_module_that_is_not_in_the_package_is_a_problem_of_the_import(
    judge: Callable[..., Problem],
) -> None:
    """An entry point that names a module nobody shipped has no line to show."""
    problem = judge("", value="thrown_bad.plugn")
    assert problem.phase == "import"
    assert "No module named 'thrown_bad.plugn'" in problem.message
    assert (problem.file, problem.line) == (None, None)


def test_interrupt_at_import_stops_the_host(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """Ctrl-C is meant for the host, not for the plugin that happens to be imported."""
    install("bad", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        boot("bad")


def test_interrupt_in_a_hook_stops_the_host(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """Ctrl-C in a hook is meant for the host as well."""
    install(
        "bad", API + "@hookimpl\ndef nxforge_jobs():\n    raise KeyboardInterrupt\n"
    )
    with pytest.raises(KeyboardInterrupt):
        boot("bad")


@pytest.mark.parametrize(("source", "words", "remedy"), HOOKS.values(), ids=HOOKS)
def test_function_that_is_no_right_hook_is_named_with_its_line(
    judge: Callable[..., Problem],
    here: Callable[[], tuple[str, int]],
    source: str,
    words: str,
    remedy: str,
) -> None:
    """What pluggy would ignore or half accept is a problem with the right word."""
    problem = judge(API + source)
    assert problem.phase == "validate"
    assert (problem.file, problem.line) == here()
    assert words in problem.message
    assert remedy in problem.remedy
    assert problem.traceback is None


def test_all_faults_of_the_functions_are_listed(
    judge: Callable[..., Problem],
) -> None:
    """A plugin with several faults is told all of them at once."""
    source = (
        "@hookimpl\ndef nxforge_route():\n    return []\n"
        "@hookimpl\ndef nxforge_jobs(a, b):\n    return []\n"
    )
    message = judge(API + source).message
    assert message.startswith("3 faults: (1) ")
    for word in ("'nxforge_route'", "'a'", "'b'"):
        assert word in message


def test_hook_of_a_later_host_is_accepted_when_marked_optional(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """A plugin may serve newer hosts too: `optionalhook` says so."""
    source = "@hookimpl(optionalhook=True)\ndef nxforge_dreams():\n    return []\n"
    install("new", API + source)
    assert boot("new")["new"].state == "enabled"


def test_helper_of_another_package_may_be_named_like_a_hook(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """Only functions of the plugin's own are taken for misspelt hooks."""
    install("kit", "def nxforge_helper():\n    return 1\n")
    install("user", "from thrown_kit.plugin import nxforge_helper\n")
    assert boot("user")["user"].state == "enabled"


def test_hook_name_that_is_no_function_is_left_alone(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """A constant or a marked object under a hook's name is nobody's business."""
    install("calm", "nxforge_title = 'calm'\n")
    assert boot("calm")["calm"].state == "enabled"


def test_hook_may_have_arguments_of_its_own_with_defaults(
    install: Callable[..., Path], boot: Callable[..., Inventory]
) -> None:
    """What the host need not pass does not matter to it."""
    source = "@hookimpl\ndef nxforge_jobs(start=1, *rest, **more):\n    return []\n"
    install("own", API + source)
    assert boot("own")["own"].problem is None
