"""The one place where JSON comes in and goes out.

What is read is stricter than RFC 8259 asks: UTF-8 without a byte order mark, no key twice in an object, no ``NaN`` or
infinity, and limits on size and depth, so that two readers of the same bytes can never see two different records.

Codes: ``json.size``, ``json.utf8``, ``json.depth``, ``json.duplicate``, ``json.number``, ``json.malformed``,
``json.shape``. Paths are ``$`` or what the caller names; never a value.
"""

import json
import re
from typing import Any

import msgspec

from gateway.core.model import Fault

LIMIT = 16 * 1024 * 1024
"""Bytes of one document, where the caller does not say otherwise."""
DEPTH = 100
"""Objects and arrays inside each other."""

Slice = msgspec.Raw
"""A part of a document that was not parsed yet; ``decode`` takes it."""

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_HIDDEN_COLON = re.compile(rb"\\u003a", re.IGNORECASE)


def decode(body: bytes | bytearray | memoryview | Slice, *, limit: int = LIMIT, path: str = "$") -> Any:
    """A document's plain value. Raises ``Fault`` with one of the codes above."""
    data = bytes(body)
    _bounds(data, limit, path)
    value = _parsed(_decode, data, path)
    _unique(data, value, path)
    return value


def members(body: bytes | bytearray | memoryview | Slice, *, limit: int = LIMIT, path: str = "$") -> dict[str, Slice]:
    """An object's members by name, each still unparsed. Raises ``Fault``; what is inside them is checked later."""
    data = bytes(body)
    _bounds(data, limit, path, deep=False)
    found: dict[str, Slice] = _parsed(_members, data, path)
    _unique(data, found, path)
    return found


def elements(body: bytes | bytearray | memoryview | Slice, *, limit: int = LIMIT, path: str = "$") -> list[Slice]:
    """An array's elements, each still unparsed. Raises ``Fault``; what is inside them is checked later."""
    data = bytes(body)
    _bounds(data, limit, path, deep=False)
    found: list[Slice] = _parsed(_elements, data, path)
    return found


def encode(value: Any) -> bytes:
    """A plain value as compact UTF-8. Raises ``Fault`` with ``json.shape`` for what JSON cannot carry."""
    try:
        return _encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError, UnicodeEncodeError):
        raise Fault("json.shape", "$") from None


def _bounds(data: bytes, limit: int, path: str, *, deep: bool = True) -> None:
    if len(data) > limit:
        raise Fault("json.size", path)
    if deep and data.count(b"[") + data.count(b"{") > DEPTH and _too_deep(data):
        raise Fault("json.depth", path)


def _too_deep(data: bytes) -> bool:
    """Peel off the innermost level a hundred times: what then is left is deeper, or malformed."""
    left = _STRING.sub(b"", data).translate(None, _NOT_BRACKETS)
    for _ in range(DEPTH):
        if not left:
            return False
        peeled = left.replace(b"[]", b"").replace(b"{}", b"")
        if len(peeled) == len(left):
            # Nothing pairs: the parser says what is wrong, unless there is nesting enough to be told as such.
            return len(left) > DEPTH
        left = peeled
    return bool(left)


def _parsed(decoder: Any, data: bytes, path: str) -> Any:
    try:
        return decoder(data)
    except RecursionError:
        code = "json.depth"
    except UnicodeDecodeError:
        code = "json.utf8"
    except msgspec.ValidationError as error:
        code = "json.number" if "out of range" in str(error) else "json.shape"
    except msgspec.DecodeError:
        code = "json.malformed"
    raise Fault(code, path)


def _unique(data: bytes, value: Any, path: str) -> None:
    r"""No key twice.

    Every pair that was written has a colon, and every colon inside of a kept text stays one when the value is written
    again; a pair that another overwrote takes its colon with it. Only ``\u003a`` can add one: then the slow way.
    """
    if _HIDDEN_COLON.search(data):
        try:
            json.loads(data, object_pairs_hook=lambda pairs: _pairs(pairs, path))
        except (ValueError, RecursionError):
            raise Fault("json.malformed", path) from None
    elif data.count(b":") != _encode(value).count(b":"):
        raise Fault("json.duplicate", path)


def _pairs(pairs: list[tuple[str, Any]], path: str) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Fault("json.duplicate", path)
    return found
