"""Every device template gives the checked values of its page."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from nxforge_consumption_monitor import routes
from nxforge_consumption_monitor.extract import (
    ExtractionError,
    Page,
    Quantity,
    decode_rules,
    explain,
    extract,
)
from nxforge_consumption_monitor.models import EndpointBody
from nxforge_consumption_monitor.templates import (
    TemplateError,
    UnknownTemplateError,
    decode_template,
    find_template,
    load_templates,
)

_HERE = Path(__file__).resolve().parents[1]
_FIXTURES = Path(__file__).parents[5] / "shared" / "fixtures"
CASES = json.loads((_HERE / "templates.json").read_text("utf-8"))
#: Routes of templates ask nobody.
NO_CONTEXT: Any = None
IDS = [each.id for each in load_templates()]


def body_of(name: str) -> bytes:
    """A page made for the tests, or a capture beside the repository."""
    for folder in (_HERE / "templates", _FIXTURES):
        if (folder / name).exists():
            return (folder / name).read_bytes()
    pytest.skip(f"shared/fixtures/{name} is not beside the repository")


def page_of(case: dict[str, Any]) -> Page:
    """The page of a case, as a device serves it."""
    return Page(body_of(case["page"]), case["contentType"], case.get("status", 200))


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{c['template']}-{c['page']}" for c in CASES]
)
def test_template_gives_the_checked_values(case: dict[str, Any]) -> None:
    """Each value is equal as a decimal; what is unknown is missing, and never 0."""
    rules = find_template(case["template"]).rules
    page = page_of(case)
    if "error" in case:
        with pytest.raises(ExtractionError) as raised:
            extract(rules, page)
        assert raised.value.outcome == case["error"]
        return

    found = extract(rules, page)

    values = {f"{m.quantity}/{m.channel}": m.value for m in found.measurements}
    assert case["expect"]
    for name, value in case["expect"].items():
        assert values[name] == Decimal(value), name
    assert not set(case.get("missing", ())) & set(values)
    assert list(found.warnings) == case.get("warnings", [])


@pytest.mark.parametrize("template_id", IDS)
def test_template_is_tested_with_the_page_that_it_names(template_id: str) -> None:
    """No template is only claimed: its capture or page gives energy in a case."""
    template = find_template(template_id)
    pages = {
        case["page"]
        for case in CASES
        if case["template"] == template_id and "energy/total" in case.get("expect", {})
    }

    assert (template.capture or template.page) in pages
    assert bool(template.capture) != bool(template.page)


@pytest.mark.parametrize("template_id", IDS)
def test_template_says_where_its_format_comes_from(template_id: str) -> None:
    """A source, a register rule for the total, and no rule that cannot be stored."""
    template = find_template(template_id)
    main = template.rules.rules[0]

    assert len(template.source.split()) > 2
    assert (main.quantity, main.channel, main.required) == ("energy", "total", True)
    assert decode_rules(msgspec.json.encode(template.rules)) == template.rules
    assert {r.quantity for r in template.rules.rules} <= set(get_args(Quantity))


def test_templates_are_at_least_thirty_with_ids_of_their_own() -> None:
    """The library is as large as promised, and each device is in it once."""
    assert len(set(IDS)) == len(IDS) >= 30
    assert len({each.title for each in load_templates()}) == len(IDS)


def test_every_page_of_the_tests_is_used() -> None:
    """No page lies about that no case reads."""
    files = {path.name for path in (_HERE / "templates").iterdir()}

    assert files == files & {case["page"] for case in CASES}


def test_every_capture_has_a_template() -> None:
    """No recorded answer is left out by accident."""
    if not _FIXTURES.exists():
        pytest.skip("shared/fixtures is not beside the repository")
    captures = {path.name for path in _FIXTURES.iterdir() if path.is_file()}

    assert captures - {case["page"] for case in CASES} == {"INDEX.md"}


@pytest.mark.parametrize("case", [c for c in CASES if "expect" in c], ids=str)
def test_template_can_be_explained(case: dict[str, Any]) -> None:
    """The dry run of a template tells the same values as the collection."""
    rules = find_template(case["template"]).rules
    page = page_of(case)
    told = {
        f"{each.quantity}/{each.channel}": each.value
        for each in explain(rules, page).rules
        if each.value is not None
    }

    found = extract(rules, page).measurements

    assert told == {f"{m.quantity}/{m.channel}": m.value for m in found}


def test_unknown_template_is_named() -> None:
    """A wrong id says where the right ones are."""
    with pytest.raises(UnknownTemplateError) as raised:
        find_template("toaster")

    assert "toaster" in raised.value.message
    assert raised.value.status == 404


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("a.json", b"{", "a.json"),
        ("a.json", b"{}", "id"),
        ("a.json", b'{"id": "A"}', "id"),
    ],
)
def test_damaged_template_is_named(name: str, source: bytes, words: str) -> None:
    """A file that was changed says so, and which one it is."""
    with pytest.raises(TemplateError) as raised:
        decode_template(name, source)

    assert words in raised.value.message


def test_template_in_a_file_of_another_name_is_refused() -> None:
    """The id and the file's name are one."""
    source = msgspec.json.encode(find_template("opendtu"))

    with pytest.raises(TemplateError) as raised:
        decode_template("other.json", source)

    assert "opendtu" in raised.value.message


@pytest.mark.parametrize("template_id", IDS)
async def test_template_becomes_an_endpoint_as_it_is(template_id: str) -> None:
    """What the route shows is accepted by `POST /endpoints`, name and url added."""
    view = await routes.get_template(NO_CONTEXT, template_id)
    members = json.loads(bytes(view.endpoint))
    url = f"http://10.0.0.7{view.path}"

    body = msgspec.convert({"name": "a", "url": url, **members}, EndpointBody)

    assert extract(decode_rules(body.rules), page_of(_first(template_id)))
    assert view.tested_with
    assert view.auth


async def test_templates_are_listed_by_vendor() -> None:
    """The list has what a person chooses by, and every template."""
    listed = await routes.list_templates(NO_CONTEXT)

    vendors = [each.vendor.lower() for each in listed]
    assert vendors == sorted(vendors)
    assert {each.id for each in listed} == set(IDS)


def _first(template_id: str) -> dict[str, Any]:
    template = find_template(template_id)
    page = template.capture or template.page
    return next(
        case
        for case in CASES
        if case["template"] == template_id and case["page"] == page
    )
