"""Sealing: AES-256-GCM (NIST SP 800-38D) that binds a body to the place it stands in.

The associated data are tenant, table, column, row and version, so a ciphertext moved to any other place does not open.
A sealed body is one byte of layout, for intake bodies two bytes of key version, a nonce of 12 bytes, then ciphertext
and tag.
"""

from collections.abc import Callable

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.store.errors import StoreError
from gateway.store.keys import Keys

CASE = b"\x01"
INTAKE = b"\x02"

_encode = msgspec.msgpack.Encoder().encode


class Seal:
    """Seals and opens for one tenant. ``chance(n)`` gives n random bytes."""

    def __init__(self, *, tenant: str, keys: Keys, chance: Callable[[int], bytes]) -> None:
        self.tenant = tenant
        self.keys = keys
        self.chance = chance

    def nonces(self, count: int) -> list[bytes]:
        """Fresh nonces of 12 bytes, from one draw."""
        drawn = self.chance(12 * count)
        return [drawn[at : at + 12] for at in range(0, 12 * count, 12)]

    def place(self, table: str, column: str, row: str, version: int | str) -> bytes:
        """The associated data of one place."""
        return _encode((self.tenant, table, column, row, version))

    def close(self, key: AESGCM, nonce: bytes, body: bytes, place: bytes) -> bytes:
        """A body sealed under a case's own key."""
        return CASE + nonce + key.encrypt(nonce, body, place)

    def open(self, key: AESGCM, sealed: bytes, place: bytes) -> bytes:
        """The body. Raises ``store.tampered`` if it was changed or stands in the wrong place."""
        if sealed[:1] != CASE:
            raise StoreError("store.tampered")
        try:
            return key.decrypt(sealed[1:13], sealed[13:], place)
        except InvalidTag:
            raise StoreError("store.tampered") from None

    def close_intake(self, nonce: bytes, body: bytes, place: bytes) -> bytes:
        """A body that belongs to no case, sealed under the current intake key."""
        version = self.keys.current
        return INTAKE + version.to_bytes(2, "big") + nonce + self.keys.intake(version).encrypt(nonce, body, place)

    def open_intake(self, sealed: bytes, place: bytes) -> bytes:
        """The body. Raises ``store.tampered``, or ``store.key_version`` when its key was retired."""
        if sealed[:1] != INTAKE or len(sealed) < 15:
            raise StoreError("store.tampered")
        try:
            return self.keys.intake(int.from_bytes(sealed[1:3], "big")).decrypt(sealed[3:15], sealed[15:], place)
        except InvalidTag:
            raise StoreError("store.tampered") from None
