"""What the archive answers: taken in, archived, or not, and why."""

from typing import Literal

from msgspec import Struct

from gateway.sdk import Fault
from gateway.sdk.xmlio import parse

ARCHIVE = "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett"
TAKEN = f"{ARCHIVE}.mottatt"
DONE = f"{ARCHIVE}.kvittering"
INVALID = "no.ks.fiks.arkiv.v1.feilmelding.ugyldigforespoersel"
BROKEN = "no.ks.fiks.arkiv.v1.feilmelding.serverfeil"
RECEIPT = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/kvittering/v1"
_NEVER_TAKEN = frozenset(
    {
        "no.ks.fiks.kvittering.tidsavbrudd", "no.ks.fiks.kvittering.serverfeil.v1",
        "no.ks.fiks.io.feilmelding.serverfeil", "no.ks.fiks.io.feilmelding.serverfeil.v1",
    }
)  # fmt: skip
"""What Fiks IO itself says of a message that nobody took out of the queue."""


class Standing(Struct, frozen=True, kw_only=True):
    """How far a sending has come. ``refused`` has a code, and is final."""

    state: Literal["delivered", "processed", "refused"]
    code: str | None = None


def standing(kind: str, receipt: bytes | None) -> Standing | None:
    """What a message of a kind says; ``receipt`` is the XML that came with it. ``None`` for one that says nothing.

    Raises ``Fault`` for a receipt that cannot be read.
    """
    if kind == TAKEN:
        return Standing(state="delivered")
    if kind == INVALID:
        return Standing(state="refused", code="arkiv.invalid")
    if kind == BROKEN:
        return Standing(state="refused", code="arkiv.failed")
    if kind in _NEVER_TAKEN:
        return Standing(state="refused", code="arkiv.not_fetched")
    if kind == DONE:
        return _archived(receipt)
    return None


def _archived(receipt: bytes | None) -> Standing:
    """A receipt counts when it says that both the case file and the note are there."""
    if receipt is None:
        raise Fault("arkiv.receipt", "$")
    root = parse(receipt)
    if root.tag != f"{{{RECEIPT}}}arkivmeldingKvittering":
        raise Fault("arkiv.receipt", "$")
    told = {str(child.tag).rpartition("}")[2] for child in root}
    if {"mappeKvittering", "registreringKvittering"} <= told:
        return Standing(state="processed")
    if told & {"mappeFeilet", "registreringFeilet"}:
        return Standing(state="refused", code="arkiv.partly")
    raise Fault("arkiv.receipt", "$")
