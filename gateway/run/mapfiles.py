"""Mappings and municipal models from files: found, read, checked whole, and made into what adapters use.

A mapping's text is looked for in this order, and the first found is used:

1. the file that ``[systems.<name>] mapping`` names,
2. ``mappings/adapters/<adapter>.yaml`` in the municipality's folder,
3. the text that the adapter's plugin brings (``gateway_mappings``),
4. ``mappings/adapters/<adapter>.yaml`` as shipped.

With ``extends: <name>`` at its top, a file holds only what differs from the mapping of that name further down.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from gateway.core.mapping import CompiledMapping, MappingInvalid, Vocabulary, compile_mapping
from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading
from gateway.core.release import Release
from gateway.core.terms import Terms, TermsInvalid, terms_of
from gateway.run.data import shipped
from gateway.run.plainyaml import YamlFault, plain
from gateway.sdk.jsonio import Slice, decode

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


class FileFault(Struct, frozen=True, kw_only=True, order=True):
    """Something wrong in a file: which file, where in it, a stable code, and what to do."""

    file: str
    key: str
    code: str
    text: str


class FilesInvalid(Exception):
    """Files that cannot be used. ``faults`` holds all that is wrong with them."""

    def __init__(self, faults: Iterable[FileFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("; ".join(f"{fault.file}: {fault.code} at {fault.key}" for fault in self.faults))


class MappingText(Struct, frozen=True, kw_only=True):
    """A mapping as text, and the name of the file (or plugin) that it came from."""

    file: str
    text: str


class FileMaps:
    """``gateway.sdk.Maps`` from a compiled mapping: bodies in bytes are JSON, others are plain already."""

    def __init__(self, mapping: CompiledMapping) -> None:
        self.mapping = mapping
        """What it was made from; ``carried`` and ``told`` say which fields pass."""

    def read(self, raw: Raw) -> list[Reading]:
        """Readings of one vendor record. Raises ``Fault`` with a code and the vendor's path."""
        body: Any = raw.body
        if isinstance(body, (bytes, bytearray, memoryview, Slice)):
            body = decode(body) if bytes(body) or not raw.deleted else None
        try:
            return self.mapping.read(raw, body)
        except RecursionError:
            raise Fault("mapping.shape", "$") from None

    def write(self, release: Release) -> dict[str, Any]:
        """The vendor's body for a release. Raises ``Fault`` where the vendor's format cannot carry a value."""
        return self.mapping.write(release)


def mapping_texts(
    name: str, *, own: str | None = None, folder: str | None = None, brought: Mapping[str, str] | None = None
) -> list[MappingText]:
    """All texts that there are for an adapter's mapping, the one that counts first.

    ``own`` is a file named in the settings, ``folder`` the municipality's, ``brought`` what plugins brought by name.
    Raises ``FilesInvalid`` when ``own`` cannot be read.
    """
    found = []
    if not _NAME.fullmatch(name):
        text = "is not an adapter's name"
        raise FilesInvalid([FileFault(file=f"{name}.yaml", key="", code="mapping.missing", text=text)])
    if own is not None:
        found.append(MappingText(file=own, text=_text(Path(own))))
    if folder is not None and (path := Path(folder) / "mappings" / "adapters" / f"{name}.yaml").is_file():
        found.append(MappingText(file=str(path), text=_text(path)))
    if brought and name in brought:
        found.append(MappingText(file=f"{name} (plugin)", text=brought[name]))
    if (path := shipped("mappings") / "adapters" / f"{name}.yaml").is_file():
        found.append(MappingText(file=f"mappings/adapters/{name}.yaml", text=_text(path)))
    return found


def load_maps(
    name: str,
    *,
    vocabulary: Vocabulary,
    own: str | None = None,
    folder: str | None = None,
    brought: Mapping[str, str] | None = None,
) -> FileMaps:
    """An adapter's mapping, checked and compiled. Raises ``FilesInvalid``; ``mapping.missing`` when there is none."""
    texts = mapping_texts(name, own=own, folder=folder, brought=brought)
    if not texts:
        fault = FileFault(
            file=f"mappings/adapters/{name}.yaml", key="", code="mapping.missing", text="the adapter has no mapping"
        )
        raise FilesInvalid([fault])
    return FileMaps(compile_text(texts, vocabulary=vocabulary))


def compile_text(texts: list[MappingText], *, vocabulary: Vocabulary) -> CompiledMapping:
    """The mapping of the first text; the others are there for its ``extends``. Raises ``FilesInvalid``."""
    return _compiled(tuple(texts), _Lists(vocabulary))


class _Lists:
    """A vocabulary by which something is remembered: two that say the same are one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._told = repr(sorted(vocabulary.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lists) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)


@lru_cache(maxsize=64)
def _compiled(texts: tuple[MappingText, ...], lists: _Lists) -> CompiledMapping:
    """Made once for each text: systems of one adapter share it, and reading a file again costs no more than that."""
    spec = _extended(texts)
    try:
        return compile_mapping(spec, vocabulary=lists.vocabulary)
    except MappingInvalid as invalid:
        faults = [
            FileFault(file=texts[0].file, key=problem.key, code=problem.code, text=problem.text)
            for problem in invalid.problems
        ]
    raise FilesInvalid(faults)


def _extended(texts: Sequence[MappingText]) -> Mapping[str, Any]:
    told = keys_of(texts[0])
    if "extends" not in told:
        return told
    rest = {key: value for key, value in told.items() if key != "extends"}
    if len(texts) == 1:
        text = "there is no other mapping of this adapter to extend"
        raise FilesInvalid([FileFault(file=texts[0].file, key="extends", code="mapping.extends", text=text)])
    merged = _merged(_extended(texts[1:]), rest)
    return merged if isinstance(merged, Mapping) else rest


def _merged(under: Any, over: Any) -> Any:
    """``over`` laid upon ``under``, key by key; ``null`` takes a key away."""
    if not isinstance(under, Mapping) or not isinstance(over, Mapping):
        return over
    merged = dict(under)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(under.get(key), value)
    return merged


def load_terms(model: str, *, folder: str | None = None) -> Terms:
    """A municipality's model: ``mappings/municipalities/<model>.yaml`` in its own folder, or else as shipped.

    Raises ``FilesInvalid``; ``terms.missing`` when there is none.
    """
    name = f"mappings/municipalities/{model}.yaml"
    if not _NAME.fullmatch(model):
        raise FilesInvalid([FileFault(file=name, key="", code="terms.missing", text="is not a model's name")])
    places = [] if folder is None else [(str(Path(folder) / name), Path(folder) / name)]
    places.append((name, shipped("mappings") / "municipalities" / f"{model}.yaml"))
    texts = [MappingText(file=file, text=_text(path)) for file, path in places if path.is_file()]
    if not texts:
        fault = FileFault(file=name, key="", code="terms.missing", text="there is no such model")
        raise FilesInvalid([fault])
    return _terms(tuple(texts))


@lru_cache(maxsize=16)
def _terms(texts: tuple[MappingText, ...]) -> Terms:
    try:
        return terms_of(_extended(texts))
    except TermsInvalid as invalid:
        faults = [FileFault(file=texts[0].file, key=key, code=code, text=text) for key, code, text in invalid.problems]
    raise FilesInvalid(faults)


def keys_of(text: MappingText) -> dict[str, Any]:
    """The keys of a YAML file. Raises ``FilesInvalid`` with ``yaml.*`` codes."""
    try:
        told = plain(text.text)
    except YamlFault as fault:
        problem = FileFault(file=text.file, key=fault.place, code=fault.code, text="cannot be read as YAML")
        raise FilesInvalid([problem]) from None
    if not isinstance(told, dict) or not all(isinstance(key, str) for key in told):
        problem = FileFault(file=text.file, key="", code="yaml.shape", text="holds keys with values")
        raise FilesInvalid([problem])
    return told


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        fault = FileFault(file=str(path), key="", code="mapping.unreadable", text="cannot be read as UTF-8 text")
        raise FilesInvalid([fault]) from None
