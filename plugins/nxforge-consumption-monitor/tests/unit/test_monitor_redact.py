"""Texts of devices lose their secrets before they are stored."""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nxforge_consumption_monitor.fetch import redact, storable


@pytest.mark.parametrize(
    "text",
    [
        '{"password": "hunter22"}',
        "<password>hunter22</password>",
        '<value id="userPwd">hunter22</value>',
        '<input name="passwd" value="hunter22">',
        "GET /login?user=x&api_key=hunter22&y=1",
        "Authorization: Bearer hunter22",
        "http://admin:hunter22@10.0.0.1/",
        "token = hunter22",
    ],
)
def test_redact_masks_values_whose_key_says_secret(text: str) -> None:
    """A value behind a secret's key never survives, whatever form the page has."""
    assert "hunter22" not in redact(text)


def test_redact_masks_the_given_secrets_wherever_they_stand() -> None:
    """The endpoint's own password is masked without any key before it."""
    assert redact("you sent 's3cret!'", ["s3cret!"]) == "you sent '***'"


def test_redact_leaves_measurements_alone() -> None:
    """What is no secret is still readable."""
    text = '{"total_kwh": 12.5, "power": "3 W"}'
    assert redact(text) == text


def test_storable_replaces_what_postgresql_refuses() -> None:
    """NUL and lone surrogates of a broken device never fail the round's write."""
    assert storable("a\0b\ud800c") == "ab?c"


_ODD = "h&nter\"2'/<ä> +%\\=😀"


def _percent(text: str) -> str:
    return quote(text, safe="")


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "html": html.escape,
    "html twice": lambda text: html.escape(html.escape(text)),
    "numeric entities": lambda text: re.sub(
        r"[^\w.~-]", lambda sign: f"&#{ord(sign[0])};", text
    ),
    "json": json.dumps,
    "json, as it is": lambda text: json.dumps(text, ensure_ascii=False),
    "json of PHP": lambda text: json.dumps(text).replace("/", "\\/"),
    "json in json": lambda text: json.dumps(json.dumps(text)),
    "html of json": lambda text: html.escape(json.dumps(text)),
    "url": quote,
    "url, small": lambda text: _percent(text).lower(),
    "url twice": lambda text: _percent(_percent(text)),
    "url of html": lambda text: _percent(html.escape(text)),
    "form": quote_plus,
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 of more": lambda text: b64encode(f"key: {text}!".encode()).decode(),
    "base64 for urls": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex().upper(),
    "other charset": lambda text: text.encode("cp1252", "replace").decode(
        "utf-8", "replace"
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("core", ["swordfish", "sword-f1sh"])
def test_secret_is_masked_however_the_page_spells_it(spelling: str, core: str) -> None:
    """Once and twice escaped, in any place of base64, and in capitals."""
    secret = f"{core}{_ODD}{core}"
    text = f"<p>before {SPELLINGS[spelling](secret)} after</p>"

    shown = redact(text, [secret])

    assert core not in shown
    assert core.encode().hex() not in shown.lower()
    assert b64encode(core.encode()).decode()[:-4] not in shown
    assert "***" in shown
    assert shown.startswith("<p>before ")


@given(st.text(min_size=4, max_size=30), st.sampled_from(sorted(SPELLINGS)))
def test_any_secret_is_masked_in_any_spelling(secret: str, spelling: str) -> None:
    """Nothing of the spelt secret stays but what stands around it."""
    spelt = SPELLINGS[spelling](secret)
    if spelling in {"base64 of more", "other charset"}:
        return  # what is left there of a short one says nothing

    shown = redact(f"|{spelt}|", [secret])

    assert spelt.strip('"') not in shown


def test_long_token_is_masked_and_costs_little() -> None:
    """A JWT of 4 kB is one literal."""
    token = "eyJhbGciOi." * 370

    assert redact(f"<b>{token}</b>", [token]) == "<b>***</b>"


@pytest.mark.parametrize("spelling", ["html", "json", "url", "form", "as it is"])
def test_long_secret_is_masked_in_common_spellings(spelling: str) -> None:
    """What has hundreds of characters is looked for as whole texts."""
    secret = f"<{_ODD * 30}>"

    assert redact(f"|{SPELLINGS[spelling](secret)}|", [secret]).strip('|"') == "***"
