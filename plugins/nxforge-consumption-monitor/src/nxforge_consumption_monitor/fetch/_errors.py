"""Why a login came to nothing, each with the word its scrape attempt records.

::

    OutboundError
      LoginPageError         unexpected_content
      LoginRefusedError      auth
      LoginStatusError       http_status
"""

from __future__ import annotations

from nxforge_core.api import OutboundError

__all__ = ["LoginPageError", "LoginRefusedError", "LoginStatusError"]


class LoginPageError(OutboundError):
    """What the login needs is not on the page it should be on."""

    reason = "unexpected_content"

    def __init__(self, url: str, missing: str) -> None:
        super().__init__(
            url,
            f"the login cannot go on: {missing}",
            remedy="open the page and compare it with the options of the login",
        )
        self.missing = missing


class LoginRefusedError(OutboundError):
    """The device does not accept the login."""

    reason = "auth"

    def __init__(self, url: str, sign: str) -> None:
        super().__init__(
            url,
            f"the login is refused: {sign}",
            remedy="check user name and password; if they are right, name in "
            "'loggedOut' a text that only the page for strangers has",
        )
        self.sign = sign


class LoginStatusError(OutboundError):
    """The page of the login answers with an error."""

    reason = "http_status"

    def __init__(self, url: str, status: int) -> None:
        super().__init__(
            url,
            f"the login's page answers {status}",
            remedy="check the URL in the options of the login",
        )
        self.answered = status
