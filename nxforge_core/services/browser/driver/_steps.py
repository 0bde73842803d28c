"""The vocabulary of steps, done in a page."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Final, assert_never

from nxforge_core.api import BrowserStep, Click, Navigate, Select, Type, Wait

from ._errors import ChromiumError, VisitError
from ._tab import Tab

__all__ = ["do_step", "words_of"]

#: Seconds between two looks for an element.
_LOOK: Final = 0.05


def words_of(step: BrowserStep) -> str:
    """What was under way when the time was over."""
    match step:
        case Navigate():
            return "the page was not loaded in time"
        case Click() | Type():
            return f"there is no element {step.selector!r}"
        case Select():
            return f"there is no element {step.selector!r} with such an option"
        case Wait():
            return f"there is no element {step.selector!r}" if step.selector else "wait"
        case _:
            assert_never(step)


async def do_step(tab: Tab, step: BrowserStep) -> None:
    """Do one.

    Raises:
        VisitError: it cannot be done.
    """
    match step:
        case Navigate():
            await tab.go(step.url)
        case Click():
            await _until(tab, _found(step.selector))
            # The page may be gone before it can answer: that is what was wanted.
            with suppress(ChromiumError):
                await tab.evaluate(_on(step.selector, "e.click()"))
            await tab.settle()
        case Type():
            await _type(tab, step)
        case Select():
            await _until(tab, _on(step.selector, _SELECT % json.dumps(step.value)))
            await tab.settle()
        case Wait(selector=str(selector)):
            await _until(tab, _found(selector))
        case Wait():
            await asyncio.sleep((step.ms or 0) / 1000)
        case _:
            assert_never(step)


_FOCUS: Final = "e.focus(); if (e.select) e.select(); return true"
_CHANGED: Final = "e.dispatchEvent(new Event('change', {bubbles: true}))"
_SELECT: Final = (
    "const v = %s; if (![...e.options].some(o => o.value === v)) return false;"
    "e.value = v; e.dispatchEvent(new Event('input', {bubbles: true}));"
    f"{_CHANGED}; return true"
)


async def _type(tab: Tab, step: Type) -> None:
    await _until(tab, _on(step.selector, _FOCUS))
    if step.text:
        await tab.session.call("Input.insertText", text=step.text)
    else:
        await tab.evaluate(_on(step.selector, "e.value = ''"))
    with suppress(ChromiumError):
        await tab.evaluate(_on(step.selector, _CHANGED))


def _found(selector: str) -> str:
    return _on(selector, "return true")


def _on(selector: str, code: str) -> str:
    """A script with the element as `e`; false where there is none."""
    find = f"document.querySelector({json.dumps(selector)})"
    return f"(() => {{const e = {find}; if (!e) return false; {code}}})()"


async def _until(tab: Tab, script: str) -> None:
    while True:
        try:
            if await tab.evaluate(script):
                return
        except ChromiumError:
            pass  # between two pages there is none
        except VisitError as error:
            if "querySelector" in str(error):
                what = "the selector is not one of CSS"
                raise VisitError(what) from error
            raise
        await asyncio.sleep(_LOOK)
