"""Texts of devices lose their secrets before they are stored."""

from __future__ import annotations

import pytest

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
