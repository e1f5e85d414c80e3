"""Elements out and in: what an optional one, a coded one or an identifier looks like, and where a fault stands.

lxml is imported by the first message, since a run without one should not pay for it.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from gateway.sdk import Fault
from gateway_nhn_msh.kith.values import Coded, Ident

if TYPE_CHECKING:
    from lxml.etree import _Element

MSGHEAD = "http://www.kith.no/xmlstds/msghead/2006-05-24"
BASE64 = "http://www.kith.no/xmlstds/base64container"
COMMON = "http://www.kith.no/xmlstds/felleskomponent1"


class Out:
    """Builds one element's children in order; ``None`` and empty values make no element."""

    def __init__(self, element: "_Element", namespace: str) -> None:
        self.element, self.namespace = element, namespace

    def child(self, name: str, namespace: str | None = None) -> "Out":
        """A child, in its parent's namespace or another."""
        from lxml import etree  # noqa: PLC0415

        made = self.namespace if namespace is None else namespace
        return Out(etree.SubElement(self.element, f"{{{made}}}{name}"), made)

    def text(self, name: str, value: str | None) -> None:
        """A child with this text. Raises ``Fault`` ``kith.value`` for a character that XML has no place for."""
        if value is not None:
            child = self.child(name)
            child.fill(value)

    def fill(self, value: str) -> None:
        """The element's own text."""
        try:
            self.element.text = value
        except ValueError:
            raise Fault("kith.value", f"$.{_local(self.element)}") from None

    def moment(self, name: str, value: date | datetime | None) -> None:
        """A child with a date or a time."""
        if value is not None:
            self.text(name, value.isoformat())

    def coded(self, name: str, value: Coded | None) -> None:
        """A child with a code in its attributes."""
        if value is None:
            return
        child = self.child(name)
        for attribute, told in (("V", value.code), ("S", value.system), ("DN", value.name), ("OT", value.text)):
            if told:
                child.put(attribute, told)

    def put(self, name: str, value: str) -> None:
        """An attribute. Raises ``Fault`` ``kith.value``."""
        try:
            self.element.set(name, value)
        except ValueError:
            raise Fault("kith.value", f"$.{_local(self.element)}") from None

    def ident(self, value: Ident, *, namespace: str | None = None) -> None:
        """An ``Ident`` whose children stand in ``namespace``."""
        child = self.child("Ident")
        inner = Out(child.element, namespace or child.namespace)
        inner.text("Id", value.id)
        inner.coded("TypeId", value.type)


class In:
    """Reads one element's children; ``path`` is made of names that the schemas know, never of content."""

    def __init__(self, element: "_Element", namespace: str, path: str) -> None:
        self.element, self.namespace, self.path = element, namespace, path

    def all(self, name: str, namespace: str | None = None) -> Iterator["In"]:
        """The children of this name."""
        told = self.namespace if namespace is None else namespace
        for at, child in enumerate(self.element.findall(f"{{{told}}}{name}")):
            yield In(child, told, f"{self.path}.{name}" if at == 0 else f"{self.path}.{name}[{at}]")

    def maybe(self, name: str, namespace: str | None = None) -> "In | None":
        """The child of this name, if there is one."""
        return next(self.all(name, namespace), None)

    def need(self, name: str, namespace: str | None = None) -> "In":
        """The child of this name. Raises ``Fault`` ``kith.missing``."""
        found = self.maybe(name, namespace)
        if found is None:
            raise Fault("kith.missing", f"{self.path}.{name}")
        return found

    def text(self, name: str) -> str | None:
        """The text of a child; of one with markup in it, its words with the lines that the markup makes."""
        found = self.maybe(name)
        return None if found is None else found.words()

    def required(self, name: str) -> str:
        """The text of a child that must be there and hold something. Raises ``Fault`` ``kith.missing``."""
        told = (self.need(name).element.text or "").strip()
        if not told:
            raise Fault("kith.missing", f"{self.path}.{name}")
        return told

    def words(self) -> str:
        """The element's own text."""
        if len(self.element) == 0:
            return self.element.text or ""
        return "\n".join(line for line in (part.strip() for part in _lines(self.element)) if line)

    def day(self, name: str) -> date | None:
        """A date, perhaps with a time zone behind it as XML Schema allows. Raises ``Fault`` ``kith.value``."""
        told = self.text(name)
        if told is None:
            return None
        try:
            return date.fromisoformat(told.strip()[:10])
        except ValueError:
            raise Fault("kith.value", f"{self.path}.{name}") from None

    def moment(self, name: str) -> datetime:
        """A time that must be there. Raises ``Fault`` ``kith.missing`` or ``kith.value``."""
        return as_moment(self.required(name), f"{self.path}.{name}")

    def coded(self, name: str) -> Coded | None:
        """A code, if it is there and says something."""
        found = self.maybe(name)
        return None if found is None else found.as_code()

    def as_code(self) -> Coded | None:
        """This element as a code, if it says something."""
        names = {"code": "V", "system": "S", "name": "DN", "text": "OT"}
        told = Coded(**{name: self.attribute(at) for name, at in names.items()})
        return told if told != Coded(code="") else None

    def code(self, name: str) -> Coded:
        """A code that must be there. Raises ``Fault`` ``kith.missing``."""
        found = self.coded(name)
        if found is None:
            raise Fault("kith.missing", f"{self.path}.{name}")
        return found

    def attribute(self, name: str) -> str:
        """An attribute, empty where it is absent."""
        told: Any = self.element.get(name)
        return str(told or "")

    def idents(self, *, namespace: str | None = None) -> tuple[Ident, ...]:
        """The identifiers of this element. Raises ``Fault`` ``kith.missing`` for one without id or type."""
        found = []
        for child in self.all("Ident"):
            inner = In(child.element, namespace or child.namespace, child.path)
            found.append(Ident(id=inner.required("Id"), type=inner.code("TypeId")))
        return tuple(found)


def as_moment(told: str, path: str) -> datetime:
    """A time of XML Schema, of whose fraction six digits count. Raises ``Fault`` ``kith.value``."""
    try:
        return datetime.fromisoformat(told)
    except ValueError:
        raise Fault("kith.value", path) from None


_BREAKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"script", "style", "head"})


def _lines(element: "_Element") -> list[str]:
    """The words inside, one text for each line."""
    lines = [element.text or ""]
    for child in element:
        name = _local(child)
        if name in _BREAKS:
            lines.append("")
        if name not in _SILENT:
            first, *rest = _lines(child)
            lines[-1] += first
            lines += rest
        if name in _BREAKS:
            lines.append("")
        lines[-1] += child.tail or ""
    return lines


def _local(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]
