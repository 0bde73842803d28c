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
    rule_rows,
    step_rows,
    trial_notices,
)

__all__ = ["endpoint_form_page"]

_UNTESTED: Final = "Fill in the form and test it: what the device answers is seen here."


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
        body=(_form(forms), *_findings(forms), _save(forms), *_details(forms)),
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


def _findings(forms: EndpointForms) -> tuple[ui.Widget, ...]:
    use = ui.RowAction("use", "Use this rule", forms.use, TEST_ENDPOINTS)
    untested = [ui.Notice(_UNTESTED)]
    return (
        ui.Notices(
            "What came of it",
            draft_source(forms.shown, trial_notices, untested),
            permission=TEST_ENDPOINTS,
        ),
        ui.Table(
            "Rules that read the number",
            draft_source(forms.shown, candidate_rows, []),
            CANDIDATE_COLUMNS,
            name="candidates",
            key="key",
            csv=False,
            actions=(use,),
            permission=TEST_ENDPOINTS,
            empty="Type the number on the display to have rules looked for.",
        ),
        ui.Table(
            "What the rules read",
            draft_source(forms.shown, rule_rows, []),
            RULE_COLUMNS,
            name="found",
            csv=False,
            permission=TEST_ENDPOINTS,
            empty="No rule was tested yet.",
        ),
    )


def _save(forms: EndpointForms) -> ui.Action:
    return ui.Action(
        "Save",
        forms.save,
        style="primary",
        text="Stores what was tested last, and polls it from then on.",
    )


def _details(forms: EndpointForms) -> tuple[ui.Widget, ...]:
    return (
        ui.Table(
            "Step by step",
            draft_source(forms.shown, step_rows, []),
            STEP_COLUMNS,
            name="steps",
            csv=False,
            permission=TEST_ENDPOINTS,
            empty="No step was taken yet.",
        ),
        ui.Detail(
            "The answer of the device",
            draft_source(forms.shown, answer_facts, []),
            name="answer",
            permission=TEST_ENDPOINTS,
            empty="The device was not asked yet.",
        ),
    )
