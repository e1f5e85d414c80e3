"""What an ``HttpClient`` asks before each request to its system's own origin: the headers that authorise it.

Each of them serves all threads; each request gets a ``Permit`` of its own, which sees the answer and says whether
to ask once more, with a renewed token or with the nonce that the system wants (RFC 9449, 9).
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from time import time
from uuid import uuid4

from gateway.sdk.egress import Place
from gateway.sdk.errors import Misconfigured
from gateway.sdk.http import Permit, Response
from gateway.sdk.trust.claims import proof
from gateway.sdk.trust.keys import SigningKey
from gateway.sdk.trust.tokens import Token, TokenKeeper

TRIES = 3
"""How often one request may go out: as it is, with a nonce, with a new token."""


class Basic:
    """User and password (RFC 7617). ``password`` is called when it is needed; a 401 reads it again."""

    def __init__(self, *, user: str, password: Callable[[], str]) -> None:
        self._user, self._password = user, password

    def permit(self) -> Permit:
        """For one request."""
        return _Fixed(lambda: f"Basic {basic(self._user, self._password())}")

    def ready(self) -> None:
        """Raises ``Misconfigured`` when the password cannot be read."""
        self._password()

    def close(self) -> None:
        """Nothing was opened."""


class Bearer:
    """A token that the system's owner has handed out; it is read again when the system answers 401."""

    def __init__(self, *, token: Callable[[], str]) -> None:
        self._token = token

    def permit(self) -> Permit:
        """For one request."""
        return _Fixed(lambda: f"Bearer {self._token()}")

    def ready(self) -> None:
        """Raises ``Misconfigured`` when the token cannot be read."""
        self._token()

    def close(self) -> None:
        """Nothing was opened."""


class _Fixed:
    """A header from a place that may have been renewed while the gateway ran."""

    def __init__(self, made: Callable[[], str]) -> None:
        self._made = made
        self._sent: list[str] = []

    def fields(self, *, method: str, there: Place) -> Mapping[str, str]:
        self._sent.append(self._made())
        return {"authorization": self._sent[-1]}

    def again(self, response: Response, *, there: Place) -> bool:
        return response.status == 401 and len(self._sent) < TRIES and self._made() not in self._sent


class Granted:
    """A token from an authority, kept by ``keeper``; with ``possession`` it is bound to a key.

    ``close`` lets go of the authority's connections, with the client that this serves.
    """

    def __init__(
        self,
        keeper: TokenKeeper,
        *,
        possession: "Possession | None" = None,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._keeper, self._possession, self.close = keeper, possession, close

    def permit(self) -> Permit:
        """For one request."""
        return _Granted(self._keeper, self._possession)

    def ready(self) -> None:
        """Fetch a token unless one is there. Raises as ``TokenEndpoint.fetch``."""
        self._keeper.token()


class _Granted:
    def __init__(self, keeper: TokenKeeper, possession: "Possession | None") -> None:
        self._keeper, self._possession = keeper, possession
        self._token: Token | None = None
        self._renewed = self._nonced = False

    def fields(self, *, method: str, there: Place) -> Mapping[str, str]:
        self._token = token = self._keeper.token()
        fields = {"authorization": f"{token.kind} {token.text}"}
        if self._possession is not None:
            fields["dpop"] = self._possession.proof(method, there, token=token.text)
        return fields

    def again(self, response: Response, *, there: Place) -> bool:
        fresh = self._possession is not None and self._possession.heard(response, there)
        if response.status != 401:
            return False
        if fresh and not self._nonced and "use_dpop_nonce" in response.headers.get("www-authenticate", ""):
            self._nonced = True
            return True
        if self._token is None:
            return False
        if self._renewed:
            self._keeper.useless(self._token)
            return False
        self._renewed = True
        return self._keeper.forget(self._token)


class Possession:
    """A key of ours to which tokens are bound, and the nonces that servers gave (RFC 9449).

    The key is made anew with the gateway and never stored. ``wall`` is the time of day in seconds, ``unique`` makes
    ids.
    """

    def __init__(
        self,
        *,
        new_key: Callable[[], SigningKey] = SigningKey.new,
        wall: Callable[[], float] = time,
        unique: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        self._key = new_key()
        self._public = self._key.public
        self._wall, self._unique = wall, unique
        self._nonces: dict[tuple[str, str, int], str] = {}

    def proof(self, method: str, there: Place, *, token: str) -> str:
        """A proof for a request that bears a token."""
        return self._proved(method, there.url, self._nonces.get(there.origin, ""), token)

    def asking(self, method: str, url: str, nonce: str) -> str:
        """A proof for a request for a token."""
        return self._proved(method, url, nonce, "")

    def heard(self, response: Response, there: Place) -> bool:
        """Keep the nonce that a server gave for the next request; whether it is a new one."""
        nonce = response.headers.get("dpop-nonce", "")
        if not nonce or not _nonce(nonce) or self._nonces.get(there.origin) == nonce:
            return False
        self._nonces[there.origin] = nonce
        return True

    def _proved(self, method: str, url: str, nonce: str, token: str) -> str:
        return self._key.sign(
            proof(
                public=self._public,
                algorithm=self._key.algorithm,
                method=method,
                url=url,
                now=int(self._wall()),
                jti=self._unique(),
                nonce=nonce,
                token=token,
            )
        )


def basic(user: str, password: str) -> str:
    """The credentials of RFC 7617. Raises ``Misconfigured`` (``auth.user``) for a user with a colon."""
    if ":" in user:
        raise Misconfigured("auth.user")
    return b64encode(f"{user}:{password}".encode()).decode()


def _nonce(text: str) -> bool:
    """Whether a nonce is of the characters that one may have (RFC 9449, 8.1), and of a bearable length."""
    return len(text) <= 1024 and all("!" <= letter <= "~" and letter not in '"\\' for letter in text)
