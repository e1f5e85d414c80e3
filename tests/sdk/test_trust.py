"""Who lets us in: the right client gets its token, and every wrong thing is refused by a strict authority."""

import base64
import json
import sys
import threading
from pathlib import Path

import pytest

from gateway.sdk.errors import AdapterError, Misconfigured, Unreachable
from gateway.sdk.http import HttpClient
from gateway.sdk.loopback import Answer, LoopbackServer
from gateway.sdk.testing.authority import MockAuthority
from gateway.sdk.trust import claims
from gateway.sdk.trust.authorising import Basic, Bearer, Possession
from gateway.sdk.trust.keys import SigningKey, chain
from gateway.sdk.trust.tokens import Form, Token, TokenEndpoint, TokenKeeper

sys.path.insert(0, str(Path(__file__).parent))

import trusted
from trusted import (
    NOW,
    SCOPE,
    SECRET,
    Ids,
    certificate,
    der_of,
    ec_pem,
    endpoint,
    form_of,
    registered,
    rsa_pem,
    signer,
    site,
)


@pytest.fixture(autouse=True)
def _closed():
    yield
    while trusted.OPEN:
        trusted.OPEN.pop().close()


KINDS = ["maskinporten", "helseid", "key", "basic", "post"]


def told(call) -> str:
    with pytest.raises(AdapterError) as caught:
        call()
    assert caught.value.__cause__ is None
    return caught.value.code


def opened(kind="maskinporten", **more) -> MockAuthority:
    return MockAuthority([registered(kind, **more)], clock=lambda: NOW)


@pytest.mark.parametrize(("kind", "dpop"), [*((kind, False) for kind in KINDS), *((kind, True) for kind in KINDS[1:])])
def test_the_right_client_gets_a_token_and_is_let_in_with_it(kind, dpop):
    with site(kind, dpop=dpop) as town:
        for _ in range(3):
            assert town.client.request("GET", "/children", expect="json").status == 200
        assert town.client.request("POST", "/children", json={"a": 1}).status == 200
        assert town.authority.granted == 1
        assert town.authority.refusals == (["dpop.nonce"] * 2 if dpop else [])
        assert {asked.headers["authorization"].partition(" ")[0] for asked in town.seen} == {
            "DPoP" if dpop else "Bearer"
        }


def test_a_grant_holds_just_the_claims_that_maskinporten_knows():
    header, told_ = claims.grant(
        issuer="https://maskinporten.no/", client_id="c", scope="s", algorithm="RS256", now=10, jti="j", kid="k"
    )
    assert header == {"alg": "RS256", "kid": "k"}
    assert told_ == {"aud": "https://maskinporten.no/", "iss": "c", "scope": "s", "iat": 10, "exp": 110, "jti": "j"}
    more = claims.grant(
        issuer="i/",
        client_id="c",
        scope="s",
        algorithm="RS256",
        now=10,
        jti="j",
        chain=["MII"],
        resource=["r"],
        consumer_org="9",
    )
    assert more[0] == {"alg": "RS256", "x5c": ["MII"]}
    assert set(more[1]) == {*told_, "resource", "consumer_org"}


# What a client copy does wrong, what the authority notes, and what our client would tell of it.
# ``h`` is the header, ``c`` the claims, before they are signed.
GRANTS = {
    "an extra claim": (lambda h, c: c.update(sub="x"), "claims"),
    "a claim too few": (lambda h, c: c.pop("jti"), "claims"),
    "no scope": (lambda h, c: c.pop("scope"), "claims"),
    "an empty scope": (lambda h, c: c.update(scope=""), "scope"),
    "a list of audiences": (lambda h, c: c.update(aud=[c["aud"]]), "aud"),
    "the token endpoint as audience": (lambda h, c: c.update(aud=c["aud"] + "token"), "aud"),
    "an audience without its slash": (lambda h, c: c.update(aud=c["aud"].rstrip("/")), "aud"),
    "another authority's audience": (lambda h, c: c.update(aud="https://maskinporten.no/"), "aud"),
    "a life of 121 seconds": (lambda h, c: c.update(exp=c["iat"] + 121), "exp"),
    "an end in the past": (lambda h, c: c.update(exp=int(NOW) - 1), "exp"),
    "an end as a text": (lambda h, c: c.update(exp=str(c["exp"])), "exp"),
    "an end with a fraction": (lambda h, c: c.update(exp=c["exp"] + 0.5), "exp"),
    "made in the future": (lambda h, c: c.update(iat=int(NOW) + 11), "iat"),
    "made long ago": (lambda h, c: c.update(iat=int(NOW) - 11), "iat"),
    "a replayed id": (lambda h, c: c.update(jti="used"), "jti"),
    "an empty id": (lambda h, c: c.update(jti=""), "jti"),
    "an unknown client": (lambda h, c: c.update(iss="other"), "client"),
    "a scope of somebody else": (lambda h, c: c.update(scope=SCOPE + " other"), "scope"),
    "on behalf of a stranger": (lambda h, c: c.update(consumer_org="999999999"), "consumer_org"),
    "a resource that is no list": (lambda h, c: c.update(resource="https://api"), "resource"),
    "an unknown key id": (lambda h, c: h.update(kid="k2"), "kid"),
    "no key id": (lambda h, c: h.pop("kid"), "header.key"),
    "key id and certificate": (lambda h, c: h.update(x5c=["MII"]), "header.key"),
    "another type": (lambda h, c: h.update(typ="client-authentication+jwt"), "header"),
    "an algorithm that is not taken": (lambda h, c: h.update(alg="PS256"), "alg"),
    "a header of its own": (lambda h, c: h.update(jku="https://evil.example"), "header"),
}
ASSERTIONS = {
    "an extra claim": (lambda h, c: c.update(scope="x"), "claims"),
    "no beginning": (lambda h, c: c.pop("nbf"), "claims"),
    "a beginning in the future": (lambda h, c: c.update(nbf=int(NOW) + 60), "nbf"),
    "a list of audiences": (lambda h, c: c.update(aud=[c["aud"]]), "aud"),
    "the token endpoint as audience": (lambda h, c: c.update(aud=c["aud"] + "/connect/token"), "aud"),
    "a life of 61 seconds": (lambda h, c: c.update(exp=c["iat"] + 61), "exp"),
    "made in the future": (lambda h, c: c.update(iat=int(NOW) + 11), "iat"),
    "a replayed id": (lambda h, c: c.update(jti="used"), "jti"),
    "another subject": (lambda h, c: c.update(sub="other"), "sub"),
    "an unknown client": (lambda h, c: c.update(iss="other"), "client"),
    "no type": (lambda h, c: h.pop("typ"), "typ"),
    "the old type": (lambda h, c: h.update(typ="JWT"), "typ"),
    "the type of a proof": (lambda h, c: h.update(typ="dpop+jwt"), "typ"),
    "an unknown key id": (lambda h, c: h.update(kid="k2"), "kid"),
    "details without a type": (lambda h, c: c.update(authorization_details=[{}]), "authorization_details"),
    "details that are no list": (lambda h, c: c.update(authorization_details={"type": "x"}), "authorization_details"),
}


def posted(authority, kind, signed, key, **form):
    """What a client copy posts; the code that our client tells of the answer, or ``None``."""
    whole = key.sign(signed)
    fields = (
        {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": whole}
        if kind == "maskinporten"
        else {
            "grant_type": "client_credentials", "client_id": "bti", "scope": SCOPE, "client_assertion": whole,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        }
    )  # fmt: skip
    asking = endpoint(kind, authority, form=lambda: Form(fields={**fields, **form}))
    try:
        asking.fetch()
    except AdapterError as error:
        return error.code
    finally:
        asking.close()
    return None


def signed_by(kind, authority, jti="fresh"):
    if kind == "maskinporten":
        made = claims.grant(
            issuer=authority.maskinporten,
            client_id="bti",
            scope=SCOPE,
            algorithm="RS256",
            now=int(NOW),
            jti=jti,
            kid="k1",
        )
        return made, SigningKey(signer(rsa_pem())._key, "RS256")
    made = claims.assertion(audience=authority.url, client_id="bti", algorithm="ES256", now=int(NOW), jti=jti, kid="k1")
    return made, SigningKey(signer(ec_pem())._key, "ES256")


@pytest.fixture(scope="module", params=["maskinporten", "helseid"])
def strict(request):
    with opened(request.param) as authority:
        made, key = signed_by(request.param, authority, jti="used")
        assert posted(authority, request.param, made, key) is None
        yield request.param, authority


def test_every_wrong_thing_that_a_client_can_sign_is_refused(strict):
    kind, authority = strict
    table = GRANTS if kind == "maskinporten" else ASSERTIONS
    for number, (what, (spoil, noted)) in enumerate(table.items()):
        (header, told_), key = signed_by(kind, authority, jti=f"fresh-{kind}-{number}")
        spoil(header, told_)
        key.algorithm = header["alg"]
        assert posted(authority, kind, (header, told_), key) is not None, what
        assert authority.refusals[-1] == noted, what
    made, key = signed_by(kind, authority, jti="right")
    assert posted(authority, kind, made, key) is None


def test_a_signature_by_another_key_and_a_form_with_more_in_it_are_refused(strict):
    kind, authority = strict
    made, key = signed_by(kind, authority, jti="forged")
    honest = key.sign(made)
    forger = SigningKey(key._key, key.algorithm)
    if kind == "helseid":
        forger = SigningKey.new()
    else:  # what was signed is not what is shown
        forger.sign = lambda signed: (
            f"{honest.partition('.')[0]}.{base64.urlsafe_b64encode(json.dumps({**made[1], 'scope': 'nhn:msh'}).encode()).decode().rstrip('=')}.{honest.rpartition('.')[2]}"
        )
    posted(authority, kind, made, forger)
    assert authority.refusals[-1] == "signature"
    posted(authority, kind, made, key, client_secret="x")
    assert authority.refusals[-1] == "form.extra"
    posted(authority, kind, made, key, grant_type="password")
    assert authority.refusals[-1] == "grant_type"


def test_a_token_that_nobody_signed_is_refused():
    with opened() as authority:
        (header, told_), _ = signed_by("maskinporten", authority)
        part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")  # noqa: E731
        for name in ("none", "HS256"):
            whole = f"{part({**header, 'alg': name})}.{part(told_)}."
            form = Form(fields={"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": whole})
            assert told(endpoint("maskinporten", authority, form=lambda form=form: form).fetch) == "auth.invalid_grant"
        assert authority.refusals == ["alg", "alg"]


# A proof of possession: what is wrong with it, at the token endpoint or at the system.
PROOFS = {
    "another URL": (lambda h, c: c.update(htu="http://127.0.0.1:1/x"), "dpop.htu"),
    "a URL with its query": (lambda h, c: c.update(htu=c["htu"] + "?a=1"), "dpop.htu"),
    "another method": (lambda h, c: c.update(htm="PUT"), "dpop.htm"),
    "a method in lower case": (lambda h, c: c.update(htm=c["htm"].lower()), "dpop.htm"),
    "made in the future": (lambda h, c: c.update(iat=int(NOW) + 11), "dpop.iat"),
    "made long ago": (lambda h, c: c.update(iat=int(NOW) - 11), "dpop.iat"),
    "another token's hash": (lambda h, c: c.update(ath=claims.hashed("other")), "dpop.ath"),
    "a replayed id": (lambda h, c: c.update(jti="used"), "jti"),
    "an old nonce": (lambda h, c: c.update(nonce="old"), "dpop.nonce"),
    "another type": (lambda h, c: h.update(typ="JWT"), "dpop.typ"),
    "no type": (lambda h, c: h.pop("typ"), "dpop.typ"),
    "the private key in it": (lambda h, c: h["jwk"].update(d="AA"), "dpop.jwk"),
    "no key": (lambda h, c: h.pop("jwk"), "dpop.jwk"),
    "another key": (lambda h, c: h.update(jwk=SigningKey.new().public), "signature"),
}


def test_every_wrong_proof_of_possession_is_refused_at_the_token_endpoint_and_at_the_system():
    with (
        opened("helseid", dpop=True) as authority,
        LoopbackServer(authority.guarded(lambda _: Answer(body=b"{}"))) as system,
    ):
        key = SigningKey.new()

        def proof(spoil, method, url, jti, token="") -> str:
            header, told_ = claims.proof(
                public=key.public,
                algorithm="ES256",
                method=method,
                url=url,
                now=int(NOW),
                jti=jti,
                nonce=authority.nonce,
                token=token,
            )
            spoil(header, told_)
            return key.sign((header, told_))

        def asking(spoil, jti):
            prove = lambda method, url, nonce: proof(spoil, method, url, jti)  # noqa: E731
            made = TokenEndpoint(
                client=HttpClient(url=f"{authority.url}/connect/token", attempts=1),
                form=form_of("helseid", authority),
                prove=prove,
            )
            trusted.OPEN.append(made)
            return made

        token = asking(lambda h, c: None, "used").fetch()
        for number, (what, (spoil, noted)) in enumerate(PROOFS.items()):
            told(asking(spoil, f"t{number}").fetch)
            assert authority.refusals[-1] == noted, what
            client = HttpClient(url=system.url, attempts=1)
            shown = {
                "authorization": f"DPoP {token.text}",
                "dpop": proof(spoil, "GET", f"{system.url}/x", f"r{number}", token.text),
            }
            assert told(lambda client=client, shown=shown: client.request("GET", "/x?a=1", headers=shown)) == "http.401"
            assert authority.refusals[-1] == noted, what
            client.close()

        stranger, good = SigningKey.new(), {"authorization": f"DPoP {token.text}"}
        client = HttpClient(url=system.url, attempts=1)
        key, own = stranger, key
        theirs = proof(lambda h, c: None, "GET", f"{system.url}/x", "s1", token.text)
        for shown, noted in (
            ({**good, "dpop": theirs}, "dpop.key"),
            (good, "dpop.key"),
            ({"authorization": f"Bearer {token.text}"}, "scheme"),
            ({"authorization": "DPoP x"}, "token"),
            ({}, "token"),
        ):
            assert told(lambda shown=shown: client.request("GET", "/x", headers=shown)) == "http.401"
            assert authority.refusals[-1] == noted
        key = own
        right = proof(lambda h, c: None, "GET", f"{system.url}/x", "s2", token.text)
        assert client.request("GET", "/x?a=1", headers={**good, "dpop": right}).status == 200
        client.close()


def test_a_proof_is_refused_where_the_client_must_have_one_and_sends_none():
    with opened("helseid", dpop=True) as authority:
        assert told(endpoint("helseid", authority).fetch) == "auth.invalid_dpop_proof"


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_secret_or_key_is_told_as_the_client_being_unknown(kind):
    wrong = {"secret": lambda: "x"} if kind in {"basic", "post"} else {"kid": "k9"}
    with opened(kind) as authority:
        code = told(endpoint(kind, authority, **wrong).fetch)
        assert code == ("auth.invalid_grant" if kind == "maskinporten" else "auth.invalid_client")


def test_a_scope_that_was_not_given_is_told_as_that():
    with opened("helseid") as authority:
        assert told(endpoint("helseid", authority, scope="skatt:folkeregister").fetch) == "auth.invalid_scope"


def test_a_clock_that_is_wrong_is_told_as_the_clock():
    with opened("helseid") as authority:
        assert told(endpoint("helseid", authority, now=NOW - 60).fetch) == "auth.clock"


def test_a_certificate_names_the_key_where_no_id_was_registered():
    own = certificate(rsa_pem())
    with opened(kid="none", key=None, certificate=der_of(own)) as authority:
        asked = {"kid": "", "certificates": lambda: own}
        assert endpoint("maskinporten", authority, **asked).fetch().kind == "Bearer", authority.refusals
        assert (
            told(
                endpoint(
                    "maskinporten", authority, **{**asked, "certificates": lambda: certificate(rsa_pem(), name="x")}
                ).fetch
            )
            == "auth.invalid_grant"
        )
        expired = {**asked, "certificates": lambda: certificate(rsa_pem(), days=-1)}
        assert told(endpoint("maskinporten", authority, **expired).fetch) == "auth.certificate_expired"
        assert (
            told(endpoint("maskinporten", authority, **{**asked, "certificates": lambda: certificate(ec_pem())}).fetch)
            == "auth.certificate"
        )
        assert (
            told(endpoint("maskinporten", authority, **{**asked, "certificates": lambda: "x"}).fetch)
            == "auth.certificate"
        )
        assert authority.refusals == ["x5c"]


def test_resource_supplier_and_organisation_are_asked_for_as_they_should():
    with opened(organisations=frozenset({"987654321"})) as authority:
        asked = {"resource": ["https://api.example.no"], "consumer_org": "987654321"}
        assert endpoint("maskinporten", authority, **asked).fetch()
    with opened("helseid") as authority:
        details = [
            {
                "type": "helseid_authorization",
                "practitioner_role": {"organization": {"identifier": {"value": "NO:ORGNR:987654321:"}}},
            }
        ]
        assert endpoint("helseid", authority, details=details).fetch()


KEYS = [
    ("", "", "auth.key"), ("s3cr3t-value", "", "auth.key"), ("{", "", "auth.key"), ('{"kty": "oct", "k": "AA"}', "", "auth.key"),
    ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "", "auth.key"),
    ("public", "", "auth.key"), ("short", "", "auth.key_weak"), ("rsa", "ES256", "auth.key_kind"), ("ec", "RS256", "auth.key_kind"),
    ("ec", "ES384", "auth.key_kind"), ("rsa", "none", "auth.key_kind"), ("rsa", "HS256", "auth.key_kind"),
]  # fmt: skip


@pytest.mark.parametrize(("which", "algorithm", "code"), KEYS)
def test_a_key_that_cannot_sign_is_told_by_its_fault_and_never_shown(which, algorithm, code):
    made = {
        "short": lambda: rsa_pem(1024),
        "rsa": rsa_pem,
        "ec": ec_pem,
        "public": lambda: json.dumps(SigningKey.read(ec_pem()).public),
    }
    with pytest.raises(Misconfigured) as caught:
        SigningKey.read(made.get(which, lambda: which)(), algorithm=algorithm)
    assert caught.value.code == code
    assert "s3cr3t" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_signs_by_what_its_kind_calls_for_as_pem_or_jwk():
    for text, algorithm in ((rsa_pem(), "RS256"), (ec_pem(), "ES256")):
        key = SigningKey.read(text)
        assert key.algorithm == algorithm
        again = SigningKey.read(json.dumps(key._key.as_dict(private=True)))
        assert (again.thumbprint, again.algorithm) == (key.thumbprint, algorithm)
        assert "d" not in key.public
    assert SigningKey.read(rsa_pem(), algorithm="PS512").algorithm == "PS512"


@pytest.mark.parametrize("dpop", [False, True])
def test_a_token_is_kept_until_shortly_before_it_ends(dpop):
    now = [0.0]
    with site("helseid", dpop=dpop, clock=lambda: now[0]) as town:
        for moment, fetched in ((0, 1), (89, 1), (91, 2), (180, 2), (182, 3)):
            now[0] = float(moment)
            town.client.request("GET", "/x")
            assert town.authority.granted == fetched, moment


@pytest.mark.parametrize("dpop", [False, True])
def test_a_token_that_the_system_no_longer_takes_is_renewed_once(dpop):
    with site("helseid", dpop=dpop) as town:
        town.client.request("GET", "/x")
        town.authority.forget_tokens()
        assert town.client.request("POST", "/x", json={}).status == 200
        assert (town.authority.granted, len(town.seen)) == (2, 2)


def test_a_system_that_never_takes_the_token_is_asked_twice_and_no_more():
    with site("helseid", answer=lambda _: Answer(status=401)) as town:
        assert told(lambda: town.client.request("POST", "/x", json={})) == "http.401"
        assert (town.authority.granted, len(town.seen)) == (2, 2)


def test_a_token_that_is_refused_though_it_is_new_is_not_fetched_for_every_request():
    with site("helseid", answer=lambda _: Answer(status=401)) as town:
        for _ in range(5):
            assert told(lambda: town.client.request("GET", "/x")) == "http.401"
        assert (town.authority.granted, len(town.seen)) == (2, 6)


def test_a_token_that_has_not_ended_is_used_on_while_the_authority_is_away():
    now = [0.0]
    with site("helseid", clock=lambda: now[0]) as town:
        town.client.request("GET", "/x")
        asked = town.authority.asked
        town.authority.instead += [Answer(status=503)] * 3
        for moment, more in ((91, 1), (93, 1), (97, 2)):  # asked again after five seconds, no sooner
            now[0] = float(moment)
            assert town.client.request("GET", "/x").status == 200
            assert town.authority.asked == asked + more
        now[0] = 121.0
        assert told(lambda: town.client.request("POST", "/x", json={})) == "auth.unreachable"
        assert town.client.request("GET", "/x").status == 200


def test_a_token_is_not_used_on_where_the_authority_says_no():
    now = [0.0]
    with site("helseid", clock=lambda: now[0]) as town:
        town.client.request("GET", "/x")
        now[0] = 91.0
        town.authority.instead.append(Answer(status=400, body=b'{"error": "unauthorized_client"}'))
        assert told(lambda: town.client.request("GET", "/x")) == "auth.unauthorized_client"


def test_a_new_nonce_is_taken_up_at_the_system_and_at_the_authority():
    now = [0.0]
    with site("helseid", dpop=True, clock=lambda: now[0]) as town:
        town.client.request("GET", "/x")
        town.authority.new_nonce()
        assert town.client.request("GET", "/x").status == 200
        town.authority.new_nonce()
        now[0] = 1000.0
        assert town.client.request("POST", "/x", json={}).status == 200
        assert town.authority.granted == 2


def test_many_threads_fetch_one_token_between_them():
    with site("helseid") as town:
        start = threading.Barrier(8)

        def ask() -> None:
            start.wait()
            for _ in range(4):
                town.client.request("GET", "/x")

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (town.authority.asked, len(town.seen)) == (1, 32)


class Counted:
    """A lock that says who has come to it, before they wait."""

    def __init__(self, lock):
        self.lock, self.come = lock, threading.Semaphore(0)

    def __enter__(self):
        self.come.release()
        self.lock.acquire()

    def __exit__(self, *_):
        self.lock.release()


def test_those_who_wait_for_a_fetch_that_fails_get_its_error_and_do_not_ask_anew():
    go_on, asked = threading.Event(), []

    def fetch() -> Token:
        asked.append(1)
        go_on.wait(60)
        raise Unreachable("auth.unreachable", retry_after=7.0)

    keeper, codes = TokenKeeper(fetch), []
    door = keeper._lock = Counted(keeper._lock)

    def ask() -> None:
        try:
            keeper.token()
        except Unreachable as error:
            codes.append((error.code, error.retry_after))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert door.come.acquire(timeout=60)
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert codes == [("auth.unreachable", 7.0)] * 5
    assert len(asked) == 1


ANSWERS = {
    "no body": (Answer(), "Misconfigured", "auth.answer"),
    "a page": (Answer(body=b"<html>", content_type="text/html"), "Misconfigured", "auth.answer"),
    "a list": (Answer(body=b"[]"), "Misconfigured", "auth.answer"),
    "no token": (Answer(body=b'{"token_type": "Bearer"}'), "Misconfigured", "auth.answer"),
    "a token with a line break": (Answer(body=b'{"access_token": "a\\r\\nX: y", "token_type": "Bearer"}'), "Misconfigured", "auth.answer"),
    "an empty token": (Answer(body=b'{"access_token": "", "token_type": "Bearer"}'), "Misconfigured", "auth.answer"),
    "a token twice": (Answer(body=b'{"access_token": "a", "access_token": "b", "token_type": "Bearer"}'), "Misconfigured", "auth.answer"),
    "another kind": (Answer(body=b'{"access_token": "a", "token_type": "DPoP"}'), "Misconfigured", "auth.token_type"),
    "less than asked": (Answer(body=b'{"access_token": "a", "token_type": "bearer", "scope": "x"}'), "Misconfigured", "auth.scope"),
    "an error of its own": (Answer(status=400, body=b'{"error": "s3cr3t thing"}'), "Misconfigured", "auth.refused"),
    "an error that is no text": (Answer(status=400, body=b'{"error": {}}'), "Misconfigured", "auth.refused"),
    "a bad gateway": (Answer(status=502), "Unreachable", "auth.unreachable"),
    "too many": (Answer(status=429, headers={"Retry-After": "9"}), "Unreachable", "auth.unreachable"),
    "nothing": (Answer(wreck="drop"), "Unreachable", "auth.unreachable"),
    "half an answer": (Answer(body=b'{"access_token": "a"}', wreck="truncate"), "Unreachable", "auth.unreachable"),
    "a redirect": (Answer(status=302, headers={"Location": "http://127.0.0.1:9/"}), "Misconfigured", "auth.endpoint"),
    "not there": (Answer(status=404), "Misconfigured", "auth.endpoint"),
    "endless nonces": (Answer(status=400, body=b'{"error": "use_dpop_nonce"}', headers={"DPoP-Nonce": "n"}), "Misconfigured", "auth.refused"),
}  # fmt: skip


@pytest.mark.parametrize("what", ANSWERS)
def test_an_authority_that_answers_with(what):
    """… something else than a token is told by what to do next, and nothing is sent to the system."""
    answer, kind, code = ANSWERS[what]
    with site("helseid") as town:
        town.authority.instead += [answer] * 3
        with pytest.raises(AdapterError) as caught:
            town.client.request("POST", "/x", json={})
        assert (type(caught.value).__name__, caught.value.code) == (kind, code)
        assert "s3cr3t" not in repr(caught.value)
        assert caught.value.__cause__ is None
        assert not town.seen
        town.authority.instead.clear()
        assert town.client.request("POST", "/x", json={}).status == 200


LIVES = [(120, 90), ("120", 90), (None, 270), ("soon", 270), (-5, 0), (True, 270), (1e12, 86370), (4, 3)]


@pytest.mark.parametrize(("told_", "kept"), LIVES)
def test_the_life_that_an_authority_tells_is_taken_with_care(told_, kept):
    now, fetched = [0.0], []
    with opened("post") as authority:
        body = {"access_token": "a", "token_type": "bearer"} | ({} if told_ is None else {"expires_in": told_})
        authority.instead += [Answer(body=json.dumps(body).encode())] * 3
        asking = endpoint("post", authority)
        keeper = TokenKeeper(lambda: fetched.append(1) or asking.fetch(), clock=lambda: now[0])
        keeper.token()
        now[0] = max(0.0, kept - 0.01)
        keeper.token()
        assert len(fetched) == (1 if kept else 2)
        now[0] = kept + 0.01
        keeper.token()
        assert len(fetched) == (2 if kept else 3)


def test_another_origin_never_sees_what_authorises_us():
    seen = []
    with LoopbackServer(lambda asked: seen.append(asked) or Answer(body=b"{}")) as other:
        moved = Answer(status=302, headers={"Location": f"{other.url}/there"})
        with site("helseid", dpop=True, answer=lambda _: moved, allow=[other.url]) as town:
            assert town.client.request("GET", "/x", headers={"X-Api-Key": "s3cr3t", "Cookie": "a=b"}).status == 200
            assert town.client.request("GET", f"{other.url}/y").status == 200
            assert not [
                name
                for asked in seen
                for name in ("authorization", "dpop", "cookie", "x-api-key")
                if name in asked.headers
            ]
            assert len(seen) == 2


def test_a_redirect_within_the_system_is_authorised_for_where_it_leads():
    answers = {"/x": Answer(status=307, headers={"Location": "/y?page=2"}), "/y": Answer(body=b"{}")}
    with site("helseid", dpop=True, answer=lambda asked: answers[asked.path]) as town:
        assert town.client.request("GET", "/x").status == 200
        assert [asked.target for asked in town.seen] == ["/x", "/y?page=2"]


def test_what_an_adapter_puts_into_the_header_does_not_stand_in_the_way():
    with site("basic") as town:
        assert town.client.request("GET", "/x", headers={"Authorization": "Bearer old"}).status == 200


@pytest.mark.parametrize("kind", ["basic", "bearer"])
def test_a_fixed_secret_is_read_again_when_the_system_says_no(kind):
    held, sent = ["old"], []

    def answer(asked):
        sent.append(asked.headers["authorization"])
        held[0] = "new"
        return Answer(status=200 if sent[-1].endswith(("new", base64.b64encode(b"u:new").decode())) else 401)

    authoriser = Basic(user="u", password=lambda: held[0]) if kind == "basic" else Bearer(token=lambda: held[0])
    with LoopbackServer(answer) as system:
        client = HttpClient(url=system.url, authoriser=authoriser, attempts=1)
        assert client.request("POST", "/x", json={}).status == 200
        assert len(sent) == 2
        held[0] = "new"
        client.close()
    with LoopbackServer(lambda asked: sent.append("") or Answer(status=401)) as system:
        client, before = HttpClient(url=system.url, authoriser=authoriser, attempts=1), len(sent)
        assert told(lambda: client.request("POST", "/x", json={})) == "http.401"
        assert len(sent) == before + 1
        client.close()


def test_a_user_with_a_colon_is_refused_before_anything_is_sent():
    client = HttpClient(url="http://127.0.0.1:9", authoriser=Basic(user="a:b", password=lambda: SECRET), attempts=1)
    assert told(lambda: client.request("GET", "/")) == "auth.user"


def test_tokens_and_secrets_stand_in_no_representation_and_no_error(caplog):
    caplog.set_level("DEBUG")
    with site("post") as town:
        town.client.request("GET", "/x")
        held = town.keeper.token()
        form = form_of("post", town.authority)()
        town.authority.instead.append(
            Answer(status=400, body=json.dumps({"error": "invalid_client", "error_description": SECRET}).encode())
        )
        town.authority.forget_tokens()
        with pytest.raises(AdapterError) as caught:
            town.client.request("GET", "/x")
        shown = f"{held!r} {held} {form!r} {form} {caught.value!r} {vars(caught.value)} {caplog.text} {SigningKey.read(ec_pem())!r}"
        assert held.text not in shown
        assert SECRET not in shown


def test_ids_of_what_is_signed_are_the_ones_that_were_given():
    with opened("helseid") as authority:
        made = form_of("helseid", authority, unique=Ids())
        bodies = [
            json.loads(base64.urlsafe_b64decode(made().fields["client_assertion"].split(".")[1] + "=="))
            for _ in range(2)
        ]
        assert [body["jti"] for body in bodies] == ["id-1", "id-2"]
    possession = Possession(wall=lambda: NOW, unique=Ids())
    first = possession.asking("POST", "https://a.example/token?x#y", "").split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(first + "==")) == {
        "jti": "id-1",
        "htm": "POST",
        "htu": "https://a.example/token",
        "iat": int(NOW),
    }


def test_another_s_server_takes_what_we_sign():
    """authlib's own checks of RFC 7523: of the client's assertion, and of the grant; and the signature by OpenSSL."""
    import time  # noqa: PLC0415

    from authlib.oauth2.rfc6749 import InvalidClientError  # noqa: PLC0415
    from authlib.oauth2.rfc7523 import JWTBearerClientAssertion, JWTBearerGrant  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

    class Clients(JWTBearerClientAssertion):
        def get_audiences(self):
            return [authority.url]

        def validate_jti(self, claims, jti):
            return bool(jti)

    class Grants(JWTBearerGrant):
        def __init__(self) -> None: ...

        def get_audiences(self):
            return [authority.maskinporten]

        def resolve_issuer_client(self, issuer):
            return issuer == "bti"

        def resolve_client_public_key(self, client):
            return signer(rsa_pem()).public

    with opened("helseid") as authority:
        whole = form_of("helseid", authority, now=time.time())().fields["client_assertion"]
        key = signer(ec_pem())._key
        assert Clients().process_assertion_claims(whole, key)["sub"] == "bti"
        for wrong in (
            form_of("helseid", authority, now=time.time() - 900),
            form_of("helseid", authority, now=time.time(), audience="x"),
        ):
            with pytest.raises(InvalidClientError):
                Clients().process_assertion_claims(wrong().fields["client_assertion"], key)
        grant = form_of("maskinporten", authority, now=time.time())().fields["assertion"]
        assert Grants().process_assertion_claims(grant)["scope"] == SCOPE
    signed, _, signature = grant.rpartition(".")
    public = serialization.load_pem_private_key(rsa_pem().encode(), None).public_key()
    public.verify(base64.urlsafe_b64decode(signature + "=="), signed.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_a_chain_is_the_key_s_own_certificate_first():
    own, other = certificate(ec_pem()), certificate(rsa_pem())
    moment = trusted.dt.datetime.fromtimestamp(NOW, tz=trusted.dt.UTC)
    assert chain(own + other, key=SigningKey.read(ec_pem()), now=moment) == (der_of(own), der_of(other))
    with pytest.raises(Misconfigured):
        chain(other + own, key=SigningKey.read(ec_pem()), now=moment)


def test_a_declared_adapter_keeps_every_promise_behind_an_authority_too():
    import msgspec  # noqa: PLC0415
    from vendors import EXAMPLES, vendor  # noqa: PLC0415

    from gateway.run.declared import rest_bench  # noqa: PLC0415
    from gateway.sdk.testing import CHECKS, run_check  # noqa: PLC0415

    name = "vendor-a"
    bench = rest_bench(vendor(name), brought={name: (EXAMPLES / name / "mapping.yaml").read_text("utf-8")})
    guarded = msgspec.structs.replace(bench, authority=True, secret="not asked for")
    some = [
        check
        for check in CHECKS
        if check.id
        in {
            "deliver.idempotent",
            "deliver.roundtrip",
            "errors.uncertain",
            "errors.unreachable",
        }
    ]
    for check in some:
        plain, told_ = run_check(check, bench), run_check(check, guarded)
        assert told_.passed == plain.passed, (check.id, told_.evidence)
        assert told_.passed is not False
    with guarded.world() as world:
        client = HttpClient(url=world.url, attempts=1)
        assert told(lambda: client.request("GET", "/")) == "http.401"
        assert world.guard.authority.refusals == ["token"]
        client.close()
