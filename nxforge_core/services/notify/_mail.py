"""Notices as e-mail."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from nxforge_core.settings import MailSettings

from ._errors import NotSentError
from ._target import Due, Target

__all__ = ["send_mail"]

_SECONDS: Final = 20.0


async def send_mail(settings: MailSettings, due: Due, target: Target) -> None:
    """Hand a notice to the mail server.

    Raises:
        NotSentError: it was not taken.
    """
    if not settings.host:
        why = "no mail server is set: name one in mail.host"
        raise NotSentError(why)
    message = _message(settings, due, target)
    try:
        await asyncio.to_thread(_send, settings, message)
    except (OSError, smtplib.SMTPException) as error:
        # The server's words may hold addresses, never the password.
        why = f"the mail server did not take it: {type(error).__name__}: {error}"
        raise NotSentError(why) from error


def _message(settings: MailSettings, due: Due, target: Target) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.sender
    message["To"] = ", ".join(target.to)
    message["Subject"] = due.subject
    message["Date"] = format_datetime(due.created_at)
    domain = settings.sender.rpartition("@")[2]
    # The same at each attempt, so that readers show a repetition once.
    message["Message-ID"] = f"<{due.notice_id}.{due.channel_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{due.body}\n\n-- \n{due.plugin}, NxForge\n")
    return message


def _send(settings: MailSettings, message: EmailMessage) -> None:
    server = _connected(settings)
    try:
        if settings.user:
            server.login(settings.user, settings.password)
        server.send_message(message)
    finally:
        with suppress(OSError, smtplib.SMTPException):  # it was taken, or not, by now
            server.quit()


def _connected(settings: MailSettings) -> smtplib.SMTP:
    where = (settings.host, settings.port)
    if settings.tls == "tls":
        tls = ssl.create_default_context()
        return smtplib.SMTP_SSL(*where, timeout=_SECONDS, context=tls)
    server = smtplib.SMTP(*where, timeout=_SECONDS)
    if settings.tls == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
