"""What travels: a signed container, encrypted to its receiver; and back."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from cryptography import x509

from gateway_fiks_io import asice, cms
from gateway_fiks_io.certificates import Signer, check_recipient

Chance = Callable[[int], bytes]
"""``chance(n)`` gives n bytes that nobody can guess (``os.urandom``)."""


def closed(
    data: bytes, *, recipient: x509.Certificate, at: datetime, chance: Chance, pins: frozenset[str] = frozenset()
) -> bytes:
    """Bytes encrypted to a certificate, which is checked first. Raises ``Fault`` of ``certificates``."""
    check_recipient(recipient, at=at, pins=pins)
    return cms.encrypt(data, recipient=recipient, key=chance(32), iv=chance(16))


def seal(
    files: Sequence[asice.File],
    *,
    signer: Signer,
    recipient: x509.Certificate,
    at: datetime,
    chance: Chance,
    pins: frozenset[str] = frozenset(),
) -> bytes:
    """Files signed by one and readable by another. Raises ``Fault`` of ``certificates`` and ``asice``."""
    check_recipient(recipient, at=at, pins=pins)
    return closed(asice.pack(files, signer=signer, at=at), recipient=recipient, at=at, chance=chance, pins=pins)


def unseal(
    data: bytes,
    *,
    holders: Iterable[Signer],
    at: datetime,
    pins: frozenset[str] = frozenset(),
    authorities: Collection[x509.Certificate] = (),
) -> asice.Opened:
    """The files of an envelope that is for one of ``holders``, and who signed them. Raises ``Fault``."""
    return asice.unpack(cms.decrypt(data, holders), at=at, pins=pins, authorities=authorities)
