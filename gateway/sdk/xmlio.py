"""The one place where XML comes in.

A document that declares a DOCTYPE is refused before the parser sees it, so there are no entities, no external
subsets and nothing to fetch. Bytes are counted before they are parsed, elements and depth while they are. A fault
carries a code and a place (``line:column`` or a path of element names that the schema knows), never content, and the
parser's own message, which quotes the document, is dropped.

Codes: ``xml.size``, ``xml.encoding``, ``xml.doctype``, ``xml.prolog``, ``xml.syntax``, ``xml.depth``, ``xml.nodes``,
``xml.root``, ``xml.schema``, ``xml.catalogue``.

lxml is imported when the first document comes, since a run that meets no XML should not pay for it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from msgspec import Struct

from gateway.core.model import Fault

if TYPE_CHECKING:
    from lxml.etree import XMLPullParser, _Element

_CHUNK = 1 << 16
_PROLOG = 1 << 16
_ENCODINGS = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})
_DECLARATION = re.compile(
    r"""<\?xml\s+version\s*=\s*(?:"1\.0"|'1\.0')"""
    r"""(?:\s+encoding\s*=\s*(?:"(?P<a>[A-Za-z][\w.\-]*)"|'(?P<b>[A-Za-z][\w.\-]*)'))?"""
    r"""(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>""",
)
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


class Limits(Struct, frozen=True, kw_only=True):
    """What a document may cost. ``record_bytes`` bounds one child of the root in a stream, ``bytes`` the whole.

    Four megabytes of the densest markup there is cost the parser 145 MB, which is why a record gets no more.
    """

    bytes: int = 4_000_000
    record_bytes: int = 4_000_000
    depth: int = 100
    nodes: int = 500_000


LIMITS = Limits()
STREAM = Limits(bytes=1_000_000_000)


def parse(data: bytes, *, limits: Limits = LIMITS) -> "_Element":
    """The root of a whole document. Comments and processing instructions are not kept.

    Raises ``Fault`` with a code of this module.
    """
    if len(data) > limits.bytes:
        raise Fault("xml.size", "1:1")
    _check_prolog(data[:_PROLOG], whole=len(data) <= _PROLOG)
    parser = _parser()
    walk = _Walk(limits=limits)
    for start in range(0, len(data), _CHUNK):
        for event, element in _feed(parser, data[start : start + _CHUNK]):
            walk.step(event=event, element=element)
    root, last = _close(parser)
    for event, element in last:
        walk.step(event=event, element=element)
    _feed_is_plain(root)
    return root


def records(
    stream: BinaryIO,
    *,
    root: Collection[str] | None = None,
    split: Collection[str] = (),
    limits: Limits = STREAM,
) -> "Iterator[tuple[_Element, _Element]]":
    """Each child of the root, with its parent, as soon as it is whole; memory stays that of one record.

    ``root`` names the tags (``{namespace}name``) that the root may have. Of children whose tag is in ``split`` each
    child is yielded too, with it as the parent, and it comes last and empty: lists may be longer than a record.
    An element is emptied when the next one is asked for: take what you need from it first. Raises ``Fault`` with a
    code of this module; what was yielded before stands.
    """
    top: _Element | None = None
    walk = _Walk(limits=limits)
    for event, element in _streamed(stream, walk=walk):
        walk.step(event=event, element=element)
        if top is None:
            top = _checked_root(element, allowed=root)
        elif event == "end" and 1 <= walk.depth <= 2:
            parent = element.getparent()
            if walk.depth == 1 or parent.tag in split:
                yield parent, element
                _forget(element)
                walk.nodes = walk.since = 0


def _streamed(stream: BinaryIO, *, walk: "_Walk") -> Iterator[tuple[str, Any]]:
    """Events of a stream, and those that only its end lets out; bytes are counted before they are parsed."""
    chunk = stream.read(_PROLOG)
    _check_prolog(chunk, whole=len(chunk) < _PROLOG)
    parser = _parser()
    while chunk:
        walk.take(len(chunk))
        yield from _feed(parser, chunk)
        chunk = stream.read(_CHUNK)
    yield from _close(parser)[1]


class _Walk:
    """Counts elements and depth while events come, so that a bomb is refused before it has grown."""

    def __init__(self, *, limits: Limits) -> None:
        self.limits = limits
        self.depth = 0
        self.nodes = 0
        self.total = 0
        self.since = 0
        self.line = 1

    def take(self, size: int) -> None:
        """So many bytes more are going to be parsed."""
        self.total += size
        self.since += size
        if self.total > self.limits.bytes or self.since > self.limits.record_bytes + _CHUNK:
            raise Fault("xml.size", f"{self.line}:1")

    def step(self, *, event: str, element: Any) -> None:
        if event == "end":
            self.depth -= 1
            return
        self.depth += 1
        self.nodes += 1
        self.line = element.sourceline or self.line
        if self.depth > self.limits.depth:
            raise Fault("xml.depth", f"{element.sourceline}:1")
        if self.nodes > self.limits.nodes:
            raise Fault("xml.nodes", f"{element.sourceline}:1")


def _parser() -> "XMLPullParser":
    from lxml import etree  # noqa: PLC0415

    # lxml's stubs know neither remove_pis nor the tuple of event names that the library takes.
    options: dict[str, Any] = {
        "events": ("start", "end"),
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "attribute_defaults": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }
    return etree.XMLPullParser(**options)


def _feed(parser: "XMLPullParser", chunk: bytes) -> Iterator[tuple[str, Any]]:
    from lxml import etree  # noqa: PLC0415

    try:
        parser.feed(chunk)
    except etree.XMLSyntaxError as error:
        raise _syntax(error) from None
    yield from parser.read_events()


def _close(parser: "XMLPullParser") -> tuple["_Element", list[tuple[str, Any]]]:
    """The root and the last events; a short document is told here altogether."""
    from lxml import etree  # noqa: PLC0415

    try:
        root = parser.close()
    except etree.XMLSyntaxError as error:
        raise _syntax(error) from None
    last: list[tuple[str, Any]] = list(parser.read_events())
    return root, last


def _syntax(error: Exception) -> Fault:
    line, column = getattr(error, "position", None) or (1, 1)
    code = "xml.depth" if "Excessive depth" in str(error) else "xml.syntax"
    return Fault(code, f"{max(line, 1)}:{max(column, 1)}")


def _feed_is_plain(root: "_Element") -> None:
    """The second door: should the prolog check ever be fooled, a document type found by the parser still refuses."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise Fault("xml.doctype", "1:1")


def _checked_root(element: "_Element", *, allowed: Collection[str] | None) -> "_Element":
    _feed_is_plain(element)
    if allowed is not None and element.tag not in allowed:
        raise Fault("xml.root", f"{element.sourceline}:1")
    return element


def _forget(element: "_Element") -> None:
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _check_prolog(head: bytes, *, whole: bool) -> None:
    """Everything before the root is read here, since only there can a document type stand (XML 1.0, production 22)."""
    text = _decoded(head)
    at = 0
    if text.startswith("<?xml") and text[5:6].isspace():
        declaration = _DECLARATION.match(text)
        if declaration is None:
            raise Fault("xml.syntax", "1:1")
        named = declaration["a"] or declaration["b"]
        if named is not None and not _agrees(named.lower(), head):
            raise Fault("xml.encoding", "1:1")
        at = declaration.end()
    while True:
        while text[at : at + 1] in {" ", "\t", "\r", "\n"}:
            at += 1
        if text.startswith("<!DOCTYPE", at):
            raise Fault("xml.doctype", _place(text, at))
        skip = "-->" if text.startswith("<!--", at) else "?>" if text.startswith("<?", at) else None
        if skip is None:
            break
        end = text.find(skip, at + (4 if skip == "-->" else 2))
        if end < 0:
            raise Fault("xml.syntax" if whole else "xml.prolog", _place(text, at))
        at = end + len(skip)
    if text[at : at + 1] != "<" or text.startswith("<!", at):
        raise Fault("xml.prolog" if not whole and at >= len(text) else "xml.syntax", _place(text, at))


def _decoded(head: bytes) -> str:
    """Markup is ASCII in every encoding that is let in, so Latin-1 shows it; UTF-16 only with its mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and not head.startswith(b"\xff\xfe\x00\x00"):
        return head.decode("utf-16", errors="replace")
    if b"\x00" in head[:4]:
        raise Fault("xml.encoding", "1:1")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _agrees(named: str, head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return named == "utf-16"
    if head.startswith(b"\xef\xbb\xbf"):
        return named == "utf-8"
    return named in _ENCODINGS


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"{line}:{at - text.rfind(chr(10), 0, at)}"


class Schema:
    """An XSD with all that it imports, from bytes in memory: nothing is looked up anywhere else.

    ``files`` is the catalogue: it maps each ``schemaLocation`` that may occur (or its last path segment) to its bytes.
    Raises ``Fault`` ``xml.catalogue`` when the schema is unsound or asks for what the catalogue lacks.
    """

    def __init__(self, *, main: str, files: Mapping[str, bytes]) -> None:
        from lxml import etree  # noqa: PLC0415

        class Catalogue(etree.Resolver):
            def resolve(self, system_url: Any, public_id: Any, context: Any = None) -> Any:
                url = str(system_url or "")
                found = files.get(url, files.get(url.rpartition("/")[2]))
                # An unknown location gets an empty answer: None would send libxml2 to look for it on disk.
                return self.resolve_string(found if found is not None else b"", context, base_url=url)

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        parser.resolvers.add(Catalogue())
        _check_prolog(files[main][:_PROLOG], whole=len(files[main]) <= _PROLOG)
        try:
            tree = etree.fromstring(files[main], parser, base_url=f"catalogue:///{main}")
            self._schema = etree.XMLSchema(tree)
        except (etree.XMLSchemaParseError, etree.XMLSyntaxError):
            raise Fault("xml.catalogue", main) from None
        self._names = frozenset(name for text in files.values() for name in _declared(text))

    def check(self, root: "_Element") -> None:
        """Raises ``Fault`` ``xml.schema`` with the path of the first fault, in names that the schema declares.

        Hints of the document about where its schema lies (``xsi:schemaLocation``) are taken away first.
        """
        for element in root.iter():
            for hint in ("schemaLocation", "noNamespaceSchemaLocation"):
                element.attrib.pop(f"{{{_XSI}}}{hint}", "")
        if self._schema.validate(root):
            return
        log: Any = self._schema.error_log
        error = log[0]
        raise Fault("xml.schema", self._path(root, error.path, error.line))

    def _path(self, root: "_Element", path: str | None, line: int) -> str:
        """A path of declared names; an undeclared name could itself be content, and becomes ``*``."""
        from lxml import etree  # noqa: PLC0415

        prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
        try:
            found = root.xpath(path or "/*", namespaces=prefixes)
        except etree.XPathError:
            found = []
        if not isinstance(found, list) or not found or not isinstance(found[0], etree._Element):  # noqa: SLF001
            return f"{line}:1"
        steps: list[str] = []
        node: _Element | None = found[0]
        while node is not None:
            name = etree.QName(node).localname
            before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
            steps.append(f"{name if name in self._names else '*'}[{before + 1}]")
            node = node.getparent()
        return "/" + "/".join(reversed(steps))


def _declared(xsd: bytes) -> Iterator[str]:
    for found in re.finditer(rb"""\bname\s*=\s*["']([^"'<>&]+)["']""", xsd):
        yield found[1].decode("utf-8", errors="replace")
