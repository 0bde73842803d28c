"""The page on which an endpoint is set up."""

from __future__ import annotations

from typing import Final

from nxforge_consumption_monitor.permissions import TEST_ENDPOINTS, WRITE_ENDPOINTS
from nxforge_core.api import ui

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

_UNTESTED: Final = (
    "Fill in the form and test it: what the device answers is seen here. Its address "
    "is enough to begin with."
)


def endpoint_form_page() -> ui.Page:
    """The page of one host, which keeps the drafts that people work on."""
    forms = EndpointForms()
    return ui.Page(
        name="endpoint-form",
        title="Set up an endpoint",
        intro="Enter the address, type the number on the display, test, save.",
        menu=False,
        permission=WRITE_ENDPOINTS,
        links=(ui.Link("All endpoints", "endpoints"),),
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
        "Endpoint",
        EndpointEntry,
        forms.test,
        forms.known,
        ENTRY_FIELDS,
        name="entry",
        text="Nothing is stored by a test: the device is asked once.",
        button="Test now",
        permission=TEST_ENDPOINTS,
        layout="columns",
    )


def _outcome(forms: EndpointForms) -> tuple[ui.Widget, ...]:
    untested = [ui.Notice(_UNTESTED)]
    return (
        ui.Notices(
            "What came of it",
            draft_source(forms.shown, trial_notices, untested),
            permission=TEST_ENDPOINTS,
        ),
        _save(forms),
        ui.Table(
            "What the rules read",
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
        "register", "This is the register", forms.look_for, TEST_ENDPOINTS
    )
    device = ui.RowAction("device", "It is this one", forms.take_device, TEST_ENDPOINTS)
    return (
        ui.Table(
            "Known devices with such a page",
            draft_source(forms.shown, device_rows, []),
            (ui.Column("device", "Device"),),
            needs="devices",
            name="devices",
            key="key",
            csv=False,
            actions=(device,),
            permission=TEST_ENDPOINTS,
        ),
        ui.Table(
            "Numbers on the page",
            draft_source(forms.shown, number_rows, []),
            (ui.Column("number", "Number"),),
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
    use = ui.RowAction("use", "Use this rule", forms.use, TEST_ENDPOINTS)
    return ui.Table(
        "Rules that read the number",
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
        "Save",
        forms.save,
        style="primary",
        needs="read",
        text="Stores what was tested last, and polls it from then on.",
    )


def _details(forms: EndpointForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Table(
            "Step by step",
            draft_source(forms.shown, step_rows, []),
            STEP_COLUMNS,
            needs="read",
            name="steps",
            csv=False,
            permission=TEST_ENDPOINTS,
        ),
        ui.Detail(
            "The answer of the device",
            draft_source(forms.shown, answer_facts, []),
            name="answer",
            needs="draft",
            permission=TEST_ENDPOINTS,
        ),
    )
