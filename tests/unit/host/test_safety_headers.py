"""What every answer is sent with."""

from __future__ import annotations

import pytest

from nxforge_core.host._safety import Safety

PAGE, DOCUMENT, DATA = "script-src 'self'", "sandbox", "frame-ancestors 'none'"


def sent(media: str, path: str = "/", *, secure: bool = False) -> dict[str, str]:
    """What is added to an answer of this type."""
    own = [(b"content-type", media.encode())] if media else []
    added = Safety(["https://app.example"], 1000).headers(own, path, secure=secure)
    return {name.decode(): value.decode() for name, value in added}


@pytest.mark.parametrize(
    ("media", "path", "mark"),
    [
        ("text/html; charset=utf-8", "/", PAGE),
        ("text/html", "/ui/meter/start", PAGE),
        ("text/javascript", "/ui/nxforge/1/live.js", PAGE),
        ("text/html; charset=utf-8", "/api/v1/m/meter/report", DOCUMENT),
        ("image/svg+xml", "/ui/meter/1/logo.svg", DOCUMENT),
        ("application/xhtml+xml", "/api/v1/m/meter/x", DOCUMENT),
        ("text/xml", "/api/v1/m/meter/x", DOCUMENT),
        ("application/json", "/api/v1/me", DATA),
        ("application/problem+json", "/", DATA),
        ("text/css", "/ui/nxforge/1/nxforge.css", DATA),
        ("application/octet-stream", "/x", DATA),
        ("", "/x", DATA),
    ],
)
def test_policy_is_that_of_the_content(media: str, path: str, mark: str) -> None:
    """Pages run our scripts, documents of plugins none, and data is nothing to run."""
    policy = sent(media, path)["content-security-policy"]

    assert policy.startswith("default-src 'none'; ")
    assert [other for other in (PAGE, DOCUMENT, DATA) if other in policy] == [mark]


@pytest.mark.parametrize("media", ["text/html", "application/json", "image/svg+xml"])
def test_nothing_inline_and_nothing_from_elsewhere(media: str) -> None:
    """No policy allows inline scripts, eval or another origin's scripts."""
    policy = sent(media)["content-security-policy"]
    scripts = [one for one in policy.split("; ") if one.startswith("script-src")]

    assert scripts in ([], ["script-src 'self'"])
    assert "unsafe-eval" not in policy


def test_pages_have_trusted_types_and_no_base() -> None:
    """No text becomes markup or code, and no markup redirects addresses or forms."""
    policy = sent("text/html")["content-security-policy"].split("; ")

    assert "require-trusted-types-for 'script'" in policy
    assert "trusted-types nx" in policy
    assert "base-uri 'none'" in policy
    assert "form-action 'self'" in policy


def test_frames_are_ours_and_those_of_the_setting() -> None:
    """Other sites show our pages in a frame if an administrator lists them."""
    policy = sent("text/html")["content-security-policy"].split("; ")
    alone = Safety().headers([(b"content-type", b"text/html")], "/", secure=False)

    assert policy[-1] == "frame-ancestors 'self' https://app.example"
    assert dict(alone)[b"content-security-policy"].endswith(b"frame-ancestors 'self'")


def test_every_answer_is_sealed() -> None:
    """No type is guessed, no address told to others, nothing kept or embedded."""
    told = {"text/html": "same-origin", "application/json": "no-referrer"}
    for media in ("text/html", "application/json", ""):
        headers = sent(media)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == told.get(media, "no-referrer")
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_answer_may_say_how_long_it_is_kept() -> None:
    """Files whose path changes with their content are kept for ever."""
    own = [(b"cache-control", b"public, immutable")]

    assert b"cache-control" not in dict(Safety().headers(own, "/", secure=False))


def test_tls_stays_tls() -> None:
    """A browser that came over TLS is told to come in no other way, others nothing."""
    over_tls = sent("text/html", secure=True)

    assert over_tls["strict-transport-security"] == "max-age=1000"
    assert over_tls["cross-origin-opener-policy"] == "same-origin"
    assert "cross-origin-opener-policy" not in sent("text/html")
    assert "strict-transport-security" not in sent("text/html")
    switched_off = dict(Safety().headers([], "/", secure=True))
    assert b"strict-transport-security" not in switched_off
