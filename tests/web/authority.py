"""Who issues access tokens in tests: good ones, and every kind that must open nothing."""

import hmac
import json
from base64 import urlsafe_b64encode
from hashlib import sha256

from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER, AUDIENCE = "https://authority.example.no/", "https://bti.example.no"
SCOPES = "status.read flows.read flows.write tasks.read tasks.write cases.read explain decide"


def part(told):
    return urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


class Authority:
    """Signs by a key that stands in its JWKS; ``clock`` is the town's."""

    def __init__(self, clock, kid="k1"):
        self.clock = clock
        self.key = ECKey.generate_key("P-256", parameters={"kid": kid, "use": "sig"})
        self.fetches, self.down = 0, False

    def jwks(self):
        return {"keys": [self.key.as_dict(private=False)]}

    def fetch(self):
        """What the API asks for."""
        self.fetches += 1
        if self.down:
            raise OSError
        return self.jwks()

    def claims(self, client, **more):
        now = int(self.clock().timestamp())
        scope = " ".join(f"bti:{one}" for one in SCOPES.split())
        told = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 600, "jti": f"{client}-{now}",
                "client_id": client, "scope": scope, "sub": client} | more  # fmt: skip
        return {name: value for name, value in told.items() if value is not None}

    def token(self, client, *, header=None, key=None, **more):
        shown = {"alg": "ES256", "kid": "k1", "typ": "at+jwt"} | (header or {})
        shown = {name: value for name, value in shown.items() if value is not None}
        return jwt.encode(shown, self.claims(client, **more), key or self.key, algorithms=[shown["alg"]])

    def unsigned(self, client, header, signature=""):
        return ".".join([part(header), part(self.claims(client)), signature])

    def lie(self, name, client):
        """A token that is wrong in the way of that name."""
        now = int(self.clock().timestamp())
        made = {
            "another key": lambda: self.token(client, key=ECKey.generate_key("P-256")),
            "a key that nobody knows": lambda: self.token(client, header={"kid": "k9"}),
            "no key named": lambda: self.token(client, header={"kid": None}),
            "no signature": lambda: self.unsigned(client, {"alg": "none", "typ": "at+jwt", "kid": "k1"}, "x"),
            "public key as secret": lambda: self._as_secret(client),
            "an algorithm that is not allowed": lambda: self.token(client, header={"alg": "ES384"}, key=ECKey.generate_key("P-384")),
            "a key of its own": lambda: self.token(client, header={"jwk": self.key.as_dict(private=False)}),
            "an address for its key": lambda: self.token(client, header={"jku": "https://evil.example/jwks"}),
            "an ID token": lambda: self.token(client, header={"typ": "JWT"}),
            "no type": lambda: self.token(client, header={"typ": None}),
            "another issuer": lambda: self.token(client, iss="https://evil.example/"),
            "for another": lambda: self.token(client, aud="https://other.example.no"),
            "for nobody": lambda: self.token(client, aud=None),
            "over": lambda: self.token(client, iat=now - 700, exp=now - 1),
            "over this second": lambda: self.token(client, exp=now),
            "without an end": lambda: self.token(client, exp=None),
            "an end that is text": lambda: self.token(client, exp=str(now + 60)),
            "an end that is true": lambda: self.token(client, exp=True),
            "lives for a week": lambda: self.token(client, exp=now + 604_800),
            "not yet": lambda: self.token(client, nbf=now + 60),
            "of tomorrow": lambda: self.token(client, iat=now + 86_400, exp=now + 86_460),
            "without a beginning": lambda: self.token(client, iat=None),
            "bound without proof": lambda: self.token(client, cnf={"jkt": "x" * 43}),
            "bound to a certificate": lambda: self.token(client, cnf={"x5t#S256": "x" * 43}),
            "cut": lambda: self.token(client)[:-6],
            "changed": lambda: self._changed(client),
            "two parts": lambda: ".".join(self.token(client).split(".")[:2]),
            "not a token": lambda: "secret",
            "far too long": lambda: self.token(client, jti="x" * 9000),
        }  # fmt: skip
        return made[name]()

    def _as_secret(self, client):
        told = ".".join(part(one) for one in ({"alg": "HS256", "kid": "k1", "typ": "at+jwt"}, self.claims(client)))
        mac = hmac.digest(self.key.as_pem(private=False), told.encode(), "sha256")
        return f"{told}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def _changed(self, client):
        head, _, mac = self.token(client).split(".")
        return f"{head}.{part(self.claims(client, scope='bti:cases.read'))}.{mac}"


LIES = (
    "another key", "a key that nobody knows", "no key named", "no signature", "public key as secret",
    "an algorithm that is not allowed", "a key of its own", "an address for its key", "an ID token", "no type",
    "another issuer", "for another", "for nobody", "over", "over this second", "without an end", "an end that is text",
    "an end that is true", "lives for a week", "not yet", "of tomorrow", "without a beginning", "bound without proof",
    "bound to a certificate", "cut", "changed", "two parts", "not a token", "far too long",
)  # fmt: skip


class Bound:
    """A key that tokens are bound to, and its proofs (RFC 9449)."""

    def __init__(self, clock):
        self.clock, self.count = clock, 0
        self.key = ECKey.generate_key("P-256")

    @property
    def jkt(self):
        return self.key.thumbprint()

    def proof(self, token, url, *, method="GET", key=None, header=None, **more):
        self.count += 1
        shown = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.as_dict(private=False)} | (header or {})
        ath = urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()
        told = {"jti": f"p{self.count}", "htm": method, "htu": url, "iat": int(self.clock().timestamp()), "ath": ath}
        told = {name: value for name, value in (told | more).items() if value is not None}
        return jwt.encode(shown, told, key or self.key, algorithms=["ES256"], default_type=None)
