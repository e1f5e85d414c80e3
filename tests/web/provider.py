"""A provider of logins for tests, stricter than the real ones: it lets in only who asks just right.

It answers as ID-porten and Ansattporten do (OpenID Connect Core 1.0, PKCE with S256, private_key_jwt) on a real socket,
logs in whoever ``user`` says without asking, and can lie in all the ways that a client must notice (``lie``).
"""

import hmac
import json
import threading
from base64 import urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey


def _part(told):
    return urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


CLIENT = "bti-lillevik"
HIGH = "idporten-loa-high"


class Provider:
    """``client_key`` is the public key that the client was registered with, ``redirects`` where it may come back."""

    def __init__(self, *, clock):
        self.clock = clock
        self.user, self.acr, self.lie = "someone", HIGH, ""
        self.key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        self.client_key, self.redirects = None, []
        self.codes, self.seen, self.refused = {}, set(), []
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/op"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # what it tells of itself

    def discovery(self):
        told = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/logout", "authorization_response_iss_parameter_supported": True}  # fmt: skip
        return told | ({"issuer": "https://evil.example"} if self.lie == "issuer of another" else {})

    def jwks(self):
        return {"keys": [self.key.as_dict(private=False)]}

    # the browser's way

    def authorize(self, query):
        """Where the browser is sent; ``None`` for a request that is not right."""
        wanted = {
            "response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256",
        }  # fmt: skip
        wrong = [name for name, value in wanted.items() if query.get(name) != value]
        wrong += ["redirect_uri"] if query.get("redirect_uri") not in self.redirects else []
        wrong += ["scope"] if "openid" not in query.get("scope", "").split() else []
        wrong += [name for name in ("state", "nonce", "code_challenge") if len(query.get(name, "")) < 32]
        wrong += ["acr_values"] if HIGH not in query.get("acr_values", "").split() else []
        if wrong:
            self.refused.append(wrong)
            return None
        code = sha256(json.dumps(query, sort_keys=True).encode() + str(len(self.codes)).encode()).hexdigest()
        self.codes[code] = dict(query)
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        if self.lie == "state":
            back["state"] = "0" * 64
        if self.lie == "response of another":
            back["iss"] = "https://evil.example"
        if self.lie == "response without issuer":
            del back["iss"]
        if self.lie == "denied":
            back = {"error": "access_denied", "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    # the client's way

    def token(self, form):
        """(status, answer) to a request for a token."""
        with self.lock:
            asked = self.codes.pop(form.get("code", ""), None)
            wrong = self._unfit(form, asked)
        if wrong:
            self.refused.append(wrong)
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self.id_token(asked)}

    def _unfit(self, form, asked):
        if form.get("grant_type") != "authorization_code" or asked is None:
            return ["code"]
        made = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        wrong = ["code_verifier"] if made != asked["code_challenge"] else []
        wrong += ["redirect_uri"] if form.get("redirect_uri") != asked["redirect_uri"] else []
        if form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
            return [*wrong, "client_assertion_type"]
        try:
            claims = jwt.decode(form.get("client_assertion", ""), self.client_key, algorithms=["RS256", "ES256"]).claims
        except (JoseError, ValueError):
            return [*wrong, "client_assertion"]
        now = self.clock().timestamp()
        wrong += [name for name in ("iss", "sub") if claims.get(name) != CLIENT]
        wrong += ["aud"] if claims.get("aud") != self.issuer else []
        wrong += ["exp"] if not now < claims.get("exp", 0) <= now + 120 else []
        wrong += ["jti"] if not claims.get("jti") or claims["jti"] in self.seen else []
        self.seen.add(claims.get("jti"))
        return wrong

    def id_token(self, asked):
        now = int(self.clock().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": self.user, "nonce": asked["nonce"], "iat": now,
                  "exp": now + 120, "acr": self.acr, "auth_time": now}  # fmt: skip
        header, key = {"alg": "RS256", "kid": self.key.kid}, self.key
        claims |= LIES.get(self.lie, {})
        claims = {name: value for name, value in claims.items() if value is not None}
        for name in ("exp", "iat", "nbf"):
            if isinstance(claims.get(name), float):
                claims[name] = now + int(claims[name])
        if self.lie == "another key":
            key = RSAKey.generate_key(2048, parameters={"kid": "k1"})
        if self.lie == "no signature":
            return ".".join([_part({"alg": "none"}), _part(claims), ""])
        if self.lie == "public key as secret":
            told = ".".join(_part(one) for one in ({"alg": "HS256", "kid": self.key.kid}, claims))
            mac = hmac.digest(self.key.as_pem(private=False), told.encode(), "sha256")
            return f"{told}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        if self.lie == "a new key":
            self.key = key = RSAKey.generate_key(2048, parameters={"kid": "k2"})
            header = {"alg": "RS256", "kid": "k2"}
        return jwt.encode(header, claims, key, algorithms=["RS256"])

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _say(self, status, body, headers=()):
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                for name, text in (("content-type", "application/json"), ("content-length", str(len(data))), *headers):
                    self.send_header(name, text)
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
                known = {"/op/.well-known/openid-configuration": provider.discovery, "/op/jwks": provider.jwks}
                if provider.lie == "away":
                    self._say(503, None)
                elif parts.path in known:
                    self._say(200, known[parts.path]())
                elif parts.path == "/op/authorize":
                    there = provider.authorize(query)
                    self._say(400 if there is None else 302, None, () if there is None else (("location", there),))
                elif parts.path == "/op/logout":
                    self._say(200, {})
                else:
                    self._say(404, None)

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
                form = {name: values[-1] for name, values in parse_qs(body).items()}
                self._say(*provider.token(form))

        return Handler


LIES = {
    "issuer": {"iss": "https://evil.example"}, "audience": {"aud": "another"}, "several audiences": {"aud": [CLIENT, "another"]},
    "authorised party": {"azp": "another"}, "nonce": {"nonce": "0" * 64}, "no nonce": {"nonce": None},
    "expired": {"exp": -60.0}, "no end": {"exp": None}, "of tomorrow": {"iat": 86400.0}, "of yesterday": {"iat": -86400.0},
    "not yet": {"nbf": 3600.0}, "a low level": {"acr": "idporten-loa-substantial"}, "no level": {"acr": None},
    "no name": {"sub": None}, "a name that is a list": {"sub": ["kari"]},
}  # fmt: skip
"""What the ID token can say that must not let anybody in: floats are seconds from now, ``None`` leaves a claim out."""

ELSEWHERE = (
    "state", "response of another", "response without issuer", "denied", "another key", "no signature",
    "public key as secret",
)  # fmt: skip
"""What can be wrong beside the claims."""

__all__ = ["CLIENT", "ELSEWHERE", "HIGH", "LIES", "Provider"]
