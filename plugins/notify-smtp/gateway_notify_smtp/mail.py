"""One mail to one person over a connection that is encrypted and whose other end is known."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct

from gateway.sdk import Misconfigured, Notice, Notifier, NotifierContext, Refused, Unreachable

TIMEOUT = 10.0
"""Seconds for each step with the server."""

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[notices.options]``."""

    host: str
    """The mail server."""
    sender: str
    """The address that the mails come from."""
    port: int = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    """``none`` is for a server on this machine."""
    user: str = ""
    """Who signs in, with the secret of ``[notices]``; empty: nobody."""
    ca: str = ""
    """A file of certificates to trust beside the machine's own."""


class Mail(Notifier):
    """``notify-smtp``."""

    name = "notify-smtp"
    Options: ClassVar[type[Struct]] = Options

    def __init__(self, context: NotifierContext) -> None:
        """Raises ``Misconfigured`` (``mail.options``)."""
        super().__init__(context)
        try:
            self.options = msgspec.convert(dict(context.options), Options)
        except msgspec.ValidationError:
            raise Misconfigured("mail.options") from None
        if self.options.tls == "none" and self.options.host not in LOOPBACK:
            raise Misconfigured("mail.options")

    def send(self, notice: Notice) -> None:
        """Send it. Raises ``Unreachable`` (``mail.connect``, ``mail.tls``, ``mail.later``), ``Refused``
        (``mail.refused``) or ``Misconfigured`` (``mail.login``).
        """
        with _told(), self._server() as server:
            server.send_message(self._message(notice))

    def _message(self, notice: Notice) -> EmailMessage:
        if any(sign in notice.to for sign in "\r\n,;"):
            raise Refused("mail.refused")
        message = EmailMessage()
        message["From"] = self.options.sender
        message["To"] = notice.to
        message["Subject"] = notice.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{notice.key}@{self.options.sender.rpartition('@')[2]}>"
        message["Content-Language"] = notice.language
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.text)
        return message

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        options = self.options
        trust = ssl.create_default_context()
        if options.ca:
            trust.load_verify_locations(str(Path(self.context.folder) / options.ca))
        if options.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(options.host, options.port, timeout=TIMEOUT, context=trust)
        else:
            server = smtplib.SMTP(options.host, options.port, timeout=TIMEOUT)
        with server:
            if options.tls == "starttls":
                server.starttls(context=trust)
            if options.user:
                server.login(options.user, self.context.secret())
            yield server


@contextmanager
def _told() -> Iterator[None]:
    """What the mail library raises, as codes: its texts can hold the address."""
    fault: Any = None
    try:
        yield
    except ssl.SSLError:
        fault = Unreachable("mail.tls")
    except smtplib.SMTPAuthenticationError:
        fault = Misconfigured("mail.login")
    except smtplib.SMTPNotSupportedError:
        fault = Unreachable("mail.tls")
    except smtplib.SMTPRecipientsRefused as error:
        final = all(code >= 500 for code, _ in error.recipients.values())
        fault = Refused("mail.refused") if final else Unreachable("mail.later")
    except smtplib.SMTPResponseException as error:
        fault = Refused("mail.refused") if error.smtp_code >= 500 else Unreachable("mail.later")
    except (smtplib.SMTPException, OSError):
        fault = Unreachable("mail.connect")
    if fault is not None:
        raise fault from None
