"""By which way a request leaves: the certificate that we show, and the proxy that stands between."""

import ssl
from collections.abc import Callable

from msgspec import Struct

from gateway.sdk.egress import Place, place
from gateway.sdk.errors import Misconfigured


class Identity(Struct, frozen=True, kw_only=True):
    """A client certificate for the system's own origin (mTLS): files of PEM, the certificate's own chain after it.

    ``password`` opens the key, where it is behind one. It is read when the first connection is made.
    """

    certificate: str
    key: str | None = None
    password: Callable[[], str] | None = None

    def load(self, context: ssl.SSLContext) -> None:
        """Let a context show the certificate. Raises ``Misconfigured`` (``tls.certificate``)."""

        def opened() -> str:
            # Without a password none may be asked for on the terminal; a wrong one is an error like another.
            return "" if self.password is None else self.password()

        try:
            context.load_cert_chain(self.certificate, self.key, opened)
        except (OSError, ssl.SSLError, ValueError):
            raise Misconfigured("tls.certificate") from None


class Proxy(Struct, frozen=True, kw_only=True):
    """A proxy: ``http://host:port`` or ``https://host:port``.

    ``credentials`` gives ``user:password``, where it wants them. What is asked for over https goes through a tunnel
    (CONNECT, RFC 9110, 9.3.6), so that the proxy sees the host and nothing else.
    """

    url: str
    credentials: Callable[[], str] | None = None

    def place(self) -> Place:
        """Where it stands. Raises ``Misconfigured`` (``http.proxy_url``)."""
        try:
            there = place(self.url)
        except Exception:  # noqa: BLE001 - one code, whatever is wrong with it
            raise Misconfigured("http.proxy_url") from None
        return there

    def pair(self) -> tuple[str, str] | None:
        """User and password, if it wants them."""
        if self.credentials is None:
            return None
        user, _, password = self.credentials().partition(":")
        return user, password
