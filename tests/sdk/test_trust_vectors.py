"""The examples of the specifications themselves: what they print, we make or accept, byte for byte."""

import json

import pytest

from gateway.sdk.testing.signatures import Unfit, checked, from_jwk, taken, thumbprint
from gateway.sdk.trust import claims
from gateway.sdk.trust.keys import SigningKey

# RFC 9449, 4.1 and 7.1: the key, the proof for a token, and the proof for a resource.
DPOP_KEY = {
    "kty": "EC",
    "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
    "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    "crv": "P-256",
}
HEADER = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
AT_TOKEN = f"{HEADER}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg"
AT_RESOURCE = f"{HEADER}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
ATH = "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
JKT = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"

PROOFS = {
    "for a token": (AT_TOKEN, {"method": "POST", "url": "https://server.example.com/token", "now": 1562262616, "jti": "-BwC3ESc6acc2lTc", "token": ""}),
    "for a resource": (AT_RESOURCE, {"method": "GET", "url": "https://resource.example.org/protectedresource", "now": 1562262618, "jti": "e1j3V_bKic8-LAEB", "token": TOKEN}),
}  # fmt: skip


@pytest.mark.parametrize("which", PROOFS)
def test_the_proof_of_rfc_9449(which):
    """… is what we make for the same request, and its signature is taken."""
    whole, asked = PROOFS[which]
    header, told = taken(whole, "x")
    assert (header, told) == claims.proof(public=DPOP_KEY, algorithm="ES256", nonce="", **asked)
    checked(whole, header, from_jwk(header["jwk"]), "x")
    head, body, signature = whole.split(".")
    for spoiled in (f"{head}.{body}.{signature[:-4]}AAAA", f"{head}.{body[:-4]}AAAA.{signature}", f"{head}.{body}."):
        with pytest.raises(Unfit):
            checked(spoiled, header, from_jwk(header["jwk"]), "x")


def test_the_hash_of_a_token_and_the_thumbprint_of_a_key_are_those_of_rfc_9449():
    assert claims.hashed(TOKEN) == ATH
    assert thumbprint(DPOP_KEY) == JKT


def test_the_thumbprint_is_that_of_rfc_7638():
    key = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert thumbprint(key) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


# RFC 7515, A.3.
ES256_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
}
ES256 = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"


def test_the_signature_of_rfc_7515_is_taken_and_its_key_signs():
    key = SigningKey.read(json.dumps(ES256_KEY))
    assert key.public == {name: part for name, part in ES256_KEY.items() if name != "d"}
    header, told = taken(ES256, "x")
    assert (header, told["iss"]) == ({"alg": "ES256"}, "joe")
    checked(ES256, header, from_jwk(key.public), "x")
    whole = key.sign((header, told))
    assert taken(whole, "x") == (header, told)
    checked(whole, header, from_jwk(key.public), "x")
    with pytest.raises(Unfit):
        checked(whole, {"alg": "ES384"}, from_jwk(key.public), "x")


@pytest.mark.parametrize("whole", ["", "a", "a.b", "a.b.c.d", "e30.e30", "W10.e30.x", "e30.W10.x", "e30=.e30.x", "eyJjcml0IjpbXX0.e30.x", "eyJhIjoxLCJhIjoyfQ.e30.x"])  # fmt: skip
def test_what_is_no_signed_token_is_refused(whole):
    with pytest.raises(Unfit):
        taken(whole, "x")
