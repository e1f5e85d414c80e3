"""The languages that a municipality has: the three, and packs in ``languages/`` beside its settings."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from gateway.core.catalogue import OWN, Pack, own_pack, pack_of
from gateway.core.glossary import Glossary
from gateway.core.model import facet
from gateway.run.plainyaml import YamlFault, plain
from gateway.run.schemas import glossary

FOLDER = "languages"
"""Where packs lie, one YAML file for each."""


class PackFault(Exception):
    """A pack that cannot be used: ``faults`` are its (code, file, path, expected), all of them."""

    def __init__(self, faults: list["Flaw"]) -> None:
        super().__init__(faults[0].code)
        self.faults = faults


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a pack."""

    code: str
    file: str
    path: str = ""
    expected: str = ""


def read_pack(file: Path) -> Pack:
    """A pack from its file. Raises ``PackFault`` with all that is wrong."""
    try:
        told = plain(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise PackFault([Flaw(code="pack.unreadable", file=file.name)]) from None
    except YamlFault as fault:
        raise PackFault([Flaw(code=fault.code, file=file.name)]) from None
    pack, wrong = pack_of(told)
    if pack is None:
        raise PackFault([Flaw(code=code, file=file.name, path=path, expected=right) for code, path, right in wrong])
    return pack


def packs(folder: Path) -> dict[str, Pack]:
    """The three and every pack of a municipality's folder, by language. Raises ``PackFault``."""
    found = {language: own_pack(language) for language in OWN}
    for file in sorted((folder / FOLDER).glob("*.yaml")):
        pack = read_pack(file)
        found[pack.language] = pack
    return found


def template(language: str) -> str:
    """One of the three as YAML to translate from: put in the new language's code and name. Raises ``KeyError``."""
    told: dict[str, Any] = msgspec.to_builtins(own_pack(language))
    order = ("language", "name", "direction", "translated_by", "texts")
    text: str = yaml.safe_dump({key: told[key] for key in order}, allow_unicode=True, sort_keys=False, width=1000)
    return text


def labels(pack: Pack) -> Callable[[str, str], str]:
    """What a field of a kind is called: by the glossary in the two written forms, in English by its own name.

    In a pack it is called by its sort, since field names are many and a family needs to know what, not which column.
    """
    if pack.language == "en":
        return lambda _, name: name.replace("_", " ")
    if pack.language not in OWN:
        return lambda kind, name: pack.texts[f"sort.{facet(kind, name)}"]
    words = glossary()
    return lambda kind, name: _called(words, pack.texts, pack.language, kind, name)


def _called(words: Glossary, texts: Mapping[str, str], language: str, kind: str, name: str) -> str:
    found = words.field(kind, name)
    return getattr(found, language) if found is not None else texts[f"sort.{facet(kind, name)}"]
