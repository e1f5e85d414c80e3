"""A token with which a newcomer calls the API of the demo's municipality: for an hour, to read, at this machine.

The municipality issues it to itself. The key that signs is thrown away at once, so that no other token can follow; what
is kept is its public half, and the token in a file that only its owner reads. Nobody in the municipality exists.
"""

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from gateway.run.workfolder import SETTINGS
from gateway.sdk.trust.keys import SigningKey

LASTS = timedelta(hours=1)
"""How long the token is good; the settings believe none that is good for longer."""

ISSUER, AUDIENCE, CLIENT = "urn:lillevik:trial", "urn:lillevik", "newcomer"
SCOPES = ("status.read", "flows.read", "tasks.read", "cases.read", "explain", "decide")
"""What it is good for: to look, and to ask."""

SECTION = f"""
# For an hour after the story, the token in keys/trial.token lets a newcomer call the API from this machine. The key
# that signed it is gone; make another by telling the story again. Take this section out before anything else.
[api]
issuer = "{ISSUER}"
keys = "file:keys/trial.jwks"
audience = "{AUDIENCE}"
algorithms = ["ES256"]
life = {int(LASTS.total_seconds())}
[api.clients.{CLIENT}]
client_id = "{CLIENT}"
scopes = [{", ".join(f'"{one}"' for one in SCOPES)}]
role = "coordinator"
unit = "storskogen-skole"
"""


class Trial(Struct, frozen=True, kw_only=True):
    """Where the token stands, until when it is good, and where the pages are."""

    file: Path
    until: datetime
    url: str = "http://127.0.0.1:8765"


def open_api(folder: Path, *, now: datetime) -> Trial:
    """Let a newcomer call the API of the story's municipality, whose folder this is."""
    key, begins = SigningKey.new(), int(now.timestamp())
    header = {"alg": key.algorithm, "kid": key.thumbprint, "typ": "at+jwt"}
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": CLIENT, "client_id": CLIENT, "jti": key.thumbprint, "iat": begins,
        "exp": begins + int(LASTS.total_seconds()), "scope": " ".join(f"bti:{one}" for one in SCOPES),
    }  # fmt: skip
    public = {**key.public, "kid": key.thumbprint, "use": "sig"}
    (folder / "keys" / "trial.jwks").write_bytes(msgspec.json.encode({"keys": [public]}))
    file = folder / "keys" / "trial.token"
    file.touch(mode=0o600)
    file.write_text(key.sign((header, claims)), encoding="ascii")
    with (folder / SETTINGS).open("a", encoding="utf-8") as settings:
        settings.write(SECTION)
    return Trial(file=file, until=now + LASTS)
