"""What a plugin has to tell people."""

from __future__ import annotations

from typing import Literal, Protocol

from .errors import UnavailableError

__all__ = ["NO_NOTIFY", "NoticeLevel", "Notify"]

NoticeLevel = Literal["info", "warning", "error"]


class Notify(Protocol):
    """Tells people, by e-mail or webhook: an admin says whom, and of what.

    What was taken is told at least once to every channel that wants it: it is stored,
    sent beside the plugin's own work, and sent again until it arrives.
    """

    async def send(
        self,
        subject: str,
        text: str,
        *,
        level: NoticeLevel = "info",
        key: str | None = None,
    ) -> int:
        """Take a notice; answers how many channels will be told.

        Args:
            subject: One line.
            text: For people; no secret.
            level: Channels may want warnings and errors only.
            key: Of the same key only the first notice of the plugin is taken, so a run
                that is repeated tells nothing twice.

        Raises:
            InvalidInputError: the subject is empty, or more than one line.
            UnavailableError: the database is away, and nothing was taken.
        """
        ...


class _NoNotify:
    """Of a context that nobody gave any."""

    async def send(
        self,
        subject: str,
        text: str,
        *,
        level: NoticeLevel = "info",
        key: str | None = None,
    ) -> int:
        del text, level, key
        message = f"this context can tell nobody of {subject!r}"
        raise UnavailableError(message, remedy="use the context that the host made")


NO_NOTIFY: Notify = _NoNotify()
