"""How Chromium is started: nothing of its own, and no way out but the lanes'."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["command_line"]

_FEATURES: Final = (
    "AutofillServerCommunication",
    "CertificateTransparencyComponentUpdater",
    "MediaRouter",
    "OptimizationHints",
    "Translate",
    # A visit to another host would start another process, which takes three times as
    # long as the visit: see the decision record of the pool.
    "BackForwardCache",
    "ProactivelySwapBrowsingInstance",
    "SpareRendererForSitePerProcess",
)
_FLAGS: Final = (
    "--headless",
    # Not a port, which any process of this machine could speak to.
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-notifications",
    "--disable-quic",
    "--disable-site-isolation-trials",
    "--disable-sync",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-pings",
    "--password-store=basic",
    "--hide-scrollbars",
    "--renderer-process-limit=4",
    "--js-flags=--max-old-space-size=256",
    # No windows and no questions.
    "--block-new-web-contents",
    "--deny-permission-prompts",
    # No name is looked up and no datagram sent past the proxies of the lanes; what
    # belongs to no lane has a proxy where nobody listens.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--proxy-server=socks5://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--dns-prefetch-disable",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    f"--disable-features={','.join(_FEATURES)}",
)


def command_line(executable: str, profile: Path, *, no_sandbox: bool) -> list[str]:
    """The whole command."""
    more = ["--no-sandbox"] if no_sandbox else []
    return [executable, *_FLAGS, *more, f"--user-data-dir={profile}", "about:blank"]
