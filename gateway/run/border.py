"""The border to plugins: what an adapter answers is looked at before anything rests on it.

An adapter may break, or answer with something else than the interface says. Either way its own system stops, with a
code and a task, and the others go on. Whatever it raised is dropped, since its text may hold a value.
"""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from gateway.sdk import Adapter, AdapterError, Fault, Page, Raw, Reading, Receipt, Refused

STATES = frozenset({"accepted", "delivered", "processed", "refused", "uncertain"})

EMPTY_PAGES = 1000
"""Pages without a record, one after another, after which a source is taken to go in circles."""


class Walk:
    """One walk through a source's pages: ends with a refusal where the source goes in circles."""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self._seen: set[str] = set()
        self._empty = 0

    def fetch(self, cursor: str | None) -> Page:
        """The page after ``cursor``.

        Raises what the adapter raises, and ``Refused``: ``adapter.fetch_failed`` where it broke, ``adapter.answer``
        where it gave no page, ``vendor.paging_loop`` where the page was there before.
        """
        page = asked(self.adapter.fetch, cursor)
        self._empty = 0 if page.records else self._empty + 1
        if page.more:
            if page.cursor is None or page.cursor in self._seen or self._empty > EMPTY_PAGES:
                raise Refused("vendor.paging_loop")
            self._seen.add(page.cursor)
        return page


def asked(ask: Callable[..., Page], *told: Any) -> Page:
    """An adapter's page. Raises its ``AdapterError``, or ``Refused``: ``adapter.fetch_failed``, ``adapter.answer``."""
    try:
        page = ask(*told)
    except AdapterError:
        raise
    except Fault as fault:
        raise Refused(fault.code, path=fault.path) from None
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        raise Refused("adapter.fetch_failed") from None
    if not _is_page(page):
        raise Refused("adapter.answer")
    return page


def tell_source(act: Callable[..., object], *what: Any) -> None:
    """Tell an adapter something that it answers nothing to. Raises as ``asked`` does."""
    try:
        act(*what)
    except AdapterError:
        raise
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        raise Refused("adapter.fetch_failed") from None


def readings_of(adapter: Adapter, raw: Raw) -> list[Reading]:
    """A record in canonical names. Raises ``Fault``: the adapter's own, ``adapter.read_failed``, ``adapter.answer``."""
    try:
        answer: object = adapter.read(raw)
    except Fault as fault:
        raise Fault(fault.code, fault.path) from None  # a plugin may have changed it since it was made
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        raise Fault("adapter.read_failed", "$") from None
    if not isinstance(answer, (list, tuple)) or not all(_is_reading(one) for one in answer):
        raise Fault("adapter.answer", "$")
    return list(answer)


def is_writable(value: Any) -> bool:
    """Whether bytes can be made of a value: half of a surrogate pair, or an object that is none of ours, has none."""
    try:
        msgspec.msgpack.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False
    return True


def encoded(value: Any) -> bytes:
    """A raw record or its body as bytes; what no bytes can be made of leaves its type alone."""
    try:
        return msgspec.msgpack.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return msgspec.msgpack.encode(_bare(value))


def _bare(value: Any) -> Any:
    if isinstance(value, Raw):
        return msgspec.structs.replace(value, body=None, kind="unreadable", id="unreadable")
    return type(value).__name__


def receipts_of(answer: object) -> list[Receipt]:
    """What an adapter receipted, one for one; a receipt that is none is *uncertain*, for something may have left."""
    if not isinstance(answer, (list, tuple)):
        return []
    return [one if is_receipt(one) else Receipt(key="", state="uncertain", code="adapter.answer") for one in answer]


def is_receipt(answer: object) -> bool:
    """Whether an answer is a receipt in every part."""
    return (
        isinstance(answer, Receipt)
        and answer.state in STATES
        and _texts(answer.native_id, answer.version, answer.code, answer.path)
        and (answer.kept is None or (isinstance(answer.kept, (list, tuple)) and _strings(answer.kept)))
        and isinstance(answer.parts, (list, tuple))
        and all(is_receipt(part) for part in answer.parts)
    )


def _is_page(page: object) -> bool:
    return (
        isinstance(page, Page)
        and _texts(page.cursor)
        and isinstance(page.records, (list, tuple))
        and all(_is_raw(one) for one in page.records)
        and isinstance(page.changed, (list, tuple))
        and all(isinstance(one, str) for one in page.changed)
    )


def _is_raw(raw: object) -> bool:
    return (
        isinstance(raw, Raw)
        and raw.kind is not None
        and raw.id is not None
        and _texts(raw.kind, raw.id, raw.version, raw.modified)
    )


def _is_reading(one: object) -> bool:
    return (
        isinstance(one, Reading)
        and one.kind is not None
        and one.id is not None
        and isinstance(one.fields, dict)
        and _texts(one.kind, one.id, one.case, one.category, one.service, one.unit, one.version, one.valid_from)
        and (one.about is None or (isinstance(one.about, (list, tuple)) and _strings(one.about)))
        and (not one.doubts or _are_doubts(one.doubts))
    )


def _are_doubts(doubts: object) -> bool:
    return isinstance(doubts, (list, tuple)) and all(
        isinstance(one, (list, tuple)) and len(one) == 2 and _strings(one) for one in doubts
    )


def _texts(*values: object) -> bool:
    """Whether each is text that can be written down, or nothing. Half of a surrogate pair is no text."""
    for value in values:  # a loop, since this is asked of every reading
        if value is not None and not (isinstance(value, str) and (value.isascii() or is_writable(value))):
            return False
    return True


def _strings(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)
