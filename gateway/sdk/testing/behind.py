"""A stand-in behind an authority: whoever asks it must bring a token that the authority gave.

::

    with behind() as guard, LoopbackServer(guard.guarded(answer)) as server:
        context = watched_context(server.url, watch, authoriser=guard.authoriser(watch))

The adapter is the same with and without: it is the settings, here the context, that say how a system is reached.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from gateway.sdk.http import Authoriser, HttpClient
from gateway.sdk.loopback import Answer, Asked
from gateway.sdk.testing.authority import Client, MockAuthority
from gateway.sdk.testing.world import Watch
from gateway.sdk.trust import grants
from gateway.sdk.trust.authorising import Granted, Possession
from gateway.sdk.trust.keys import SigningKey
from gateway.sdk.trust.tokens import TokenEndpoint, TokenKeeper

SCOPE = "kit:all"
_SECRET = "kit-secret"


class Behind:
    """An authority with a client of ours registered there. ``authority.refusals`` tells what it did not take."""

    def __init__(self, authority: MockAuthority, client: Client, key: SigningKey) -> None:
        self.authority, self._client, self._key = authority, client, key

    def guarded(self, answer: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
        """An answering function that first wants a token; what stands under ``/_sim/`` stays open."""
        return self.authority.guarded(answer, scope=SCOPE)

    def authoriser(self, watch: Watch | None = None) -> Authoriser:
        """What lets a client in, as a process of its own would make it; ``watch`` closes it when its check is over."""
        helseid = self._client.kind == "helseid"
        if helseid:
            form = grants.with_key(
                audience=self.authority.url,
                client_id=self._client.id,
                scope=SCOPE,
                key=self._key.private_pem,
                kid=self._client.kid,
                wall=self.authority.clock,
            )
        else:
            form = grants.with_secret(client_id=self._client.id, scope=SCOPE, secret=lambda: _SECRET)
        possession = Possession(wall=self.authority.clock) if self._client.dpop else None
        path = "connect/token" if helseid else "oauth/token"
        endpoint = TokenEndpoint(
            client=HttpClient(url=f"{self.authority.url}/{path}", attempts=1),
            form=form,
            scope=SCOPE,
            prove=possession.asking if possession is not None else None,
            wall=self.authority.clock,
        )
        if watch is not None:
            watch.closing.append(endpoint.close)
        return Granted(TokenKeeper(endpoint.fetch), possession=possession, close=endpoint.close)


@contextmanager
def behind(kind: Literal["helseid", "basic"] = "helseid") -> Iterator[Behind]:
    """An authority while a test runs: ``helseid`` binds tokens to a key (DPoP), ``basic`` gives them for a secret."""
    key = SigningKey.new()
    shown = {"key": key.public, "kid": "kit", "dpop": True} if kind == "helseid" else {"secret": _SECRET}
    client = Client(id="kit", kind=kind, scopes=frozenset({SCOPE}), **shown)
    with MockAuthority([client]) as authority:
        yield Behind(authority, client, key)
