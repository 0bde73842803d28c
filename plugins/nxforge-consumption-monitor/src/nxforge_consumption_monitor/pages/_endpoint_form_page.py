"""The page on which an endpoint is set up."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.permissions import TEST_ENDPOINTS, WRITE_ENDPOINTS
from nxforge_core.api import load_texts, ui

from ._drafts import draft_source
from ._endpoint_entry import ENTRY_FIELDS, EndpointEntry
from ._endpoint_form import EndpointForms
from ._first_endpoint import first_endpoint
from ._trial_cards import (
    CANDIDATE_COLUMNS,
    RULE_COLUMNS,
    STEP_COLUMNS,
    answer_facts,
    candidate_rows,
    device_rows,
    number_rows,
    rule_rows,
    step_rows,
    trial_notices,
)

__all__ = ["endpoint_form_page"]

say = load_texts(__package__)

_UNTESTED: Final = say(
    "Fill in the form and test it: what the device answers is seen here. Its address "
    "is enough to begin with."
)


def endpoint_form_page() -> ui.Page:
    """The page of one host, which keeps the drafts that people work on."""
    forms = EndpointForms()
    return ui.Page(
        name="endpoint-form",
        title=say("Set up an endpoint"),
        intro=say("Enter the address, type the number on the display, test, save."),
        menu=False,
        permission=WRITE_ENDPOINTS,
        links=(ui.Link(say("All endpoints"), "endpoints"),),
        first=first_endpoint,
        body=(
            *_outcome(forms),
            *_offers(forms),
            _form(forms),
            *_details(forms),
        ),
    )


def _form(forms: EndpointForms) -> ui.Form:
    return ui.Form(
        say("Endpoint"),
        EndpointEntry,
        forms.test,
        forms.known,
        ENTRY_FIELDS,
        name="entry",
        text=say("Nothing is stored by a test: the device is asked once."),
        button=say("Test now"),
        permission=TEST_ENDPOINTS,
        layout="columns",
    )


def _outcome(forms: EndpointForms) -> tuple[ui.Widget, ...]:
    untested = [ui.Notice(_UNTESTED)]
    return (
        ui.Notices(
            say("What came of it"),
            draft_source(forms.shown, trial_notices, untested),
            permission=TEST_ENDPOINTS,
        ),
        _save(forms),
        ui.Table(
            say("What the rules read"),
            draft_source(forms.shown, rule_rows, []),
            RULE_COLUMNS,
            needs="read",
            name="found",
            csv=False,
            permission=TEST_ENDPOINTS,
        ),
    )


def _offers(forms: EndpointForms) -> tuple[ui.Widget, ...]:
    """What is to be chosen from, where only the address was given."""
    number = ui.RowAction(
        "register", say("This is the register"), forms.look_for, TEST_ENDPOINTS
    )
    device = ui.RowAction(
        "device", say("It is this one"), forms.take_device, TEST_ENDPOINTS
    )
    return (
        ui.Table(
            say("Known devices with such a page"),
            draft_source(forms.shown, device_rows, []),
            (ui.Column("device", say("Device")),),
            needs="devices",
            name="devices",
            key="key",
            csv=False,
            actions=(device,),
            permission=TEST_ENDPOINTS,
        ),
        ui.Table(
            say("Numbers on the page"),
            draft_source(forms.shown, number_rows, []),
            (ui.Column("number", say("Number")),),
            needs="numbers",
            name="numbers",
            key="number",
            csv=False,
            actions=(number,),
            permission=TEST_ENDPOINTS,
        ),
        _candidates(forms),
    )


def _candidates(forms: EndpointForms) -> ui.Table:
    use = ui.RowAction("use", say("Use this rule"), forms.use, TEST_ENDPOINTS)
    return ui.Table(
        say("Rules that read the number"),
        draft_source(forms.shown, candidate_rows, []),
        CANDIDATE_COLUMNS,
        needs="found",
        name="candidates",
        key="key",
        csv=False,
        actions=(use,),
        permission=TEST_ENDPOINTS,
    )


def _save(forms: EndpointForms) -> ui.Action:
    return ui.Action(
        say("Save"),
        forms.save,
        style="primary",
        needs="read",
        text=say("Stores what was tested last, and polls it from then on."),
    )


def _details(forms: EndpointForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Table(
            say("Step by step"),
            draft_source(forms.shown, step_rows, []),
            STEP_COLUMNS,
            needs="read",
            name="steps",
            csv=False,
            permission=TEST_ENDPOINTS,
        ),
        ui.Detail(
            say("The answer of the device"),
            draft_source(forms.shown, answer_facts, []),
            name="answer",
            needs="draft",
            permission=TEST_ENDPOINTS,
        ),
    )
