"""Every sentence that a family may read, by language: three sets here, and packs that a municipality adds.

A pack is the same templates in another language. It has every key, with the same placeholders, and none besides.
"""

from collections.abc import Iterator, Mapping
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from gateway.core import told
from gateway.core.access_words import KINDS, ROLES, SAID, SERVICES, SORTS
from gateway.core.explain import FACTS, TEMPLATES
from gateway.core.law.grounds import ACCESS
from gateway.core.rules.sentences import LANGUAGES, SENTENCES

Texts = Mapping[str, str]

NAMES = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}


class Pack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language: its code (BCP 47), its own name, which way it is written, and its templates by key."""

    language: str
    name: str
    texts: dict[str, str]
    direction: Literal["ltr", "rtl"] = "ltr"
    translated_by: str = ""
    """Who answers for the translation; legal text is translated by a person."""


def _own(language: str) -> Texts:
    place = LANGUAGES.index(language)
    found = {f"rule.{rule}": texts[language] for rule, texts in SENTENCES.items()}
    found |= {f"told.{key}": text for key, text in TEMPLATES[language].items()}
    found |= {f"fact.{key}": text for key, text in FACTS[language].items()}
    for prefix, texts in (("access", SAID), ("role", ROLES), ("sort", SORTS), ("service", SERVICES), ("kind", KINDS)):
        found |= {f"{prefix}.{key}": each[place] for key, each in texts.items()}
    found |= {f"law.{basis.code}": getattr(basis.text, language) for basis in ACCESS.bases}
    return MappingProxyType(found)


OWN: Mapping[str, Texts] = MappingProxyType({language: _own(language) for language in LANGUAGES})
"""The three sets by language."""


def own_pack(language: str) -> Pack:
    """One of the three as a pack, to translate from. Raises ``KeyError`` for another language."""
    return Pack(language=language, name=NAMES[language], texts=dict(OWN[language]))


def placeholders(text: str) -> frozenset[str]:
    """What is filled in. Raises ``ValueError`` for braces that do not pair, or that format what they stand for."""
    found = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is None:
            continue
        if form or conversion or not (name == "" or name.isidentifier()):
            raise ValueError("a placeholder is a name in braces")
        found.add(name)
    return frozenset(found)


def pack_of(plain: Any) -> tuple[Pack | None, list[tuple[str, str, str]]]:
    """A pack from a file's plain values, or all that is wrong with it: (code, path, what is expected).

    Codes are ``pack.form``, ``pack.language``, ``pack.missing``, ``pack.unknown``, ``pack.empty`` and
    ``pack.placeholder``.
    """
    wrong = [("pack.form", path, expected) for path, expected in told.errors(plain, Pack)]
    if wrong:
        return None, wrong
    pack: Pack = told.fitted(plain, Pack)
    wrong = list(_faults(pack))
    return (None, wrong) if wrong else (pack, [])


def _faults(pack: Pack) -> Iterator[tuple[str, str, str]]:
    if pack.language in LANGUAGES or not pack.language.replace("-", "").isalnum():
        yield "pack.language", "language", "a code of a language that is not among the three"
    wanted = OWN["nb"]
    for key in sorted(wanted.keys() - pack.texts.keys()):
        yield "pack.missing", f"texts.{key}", wanted[key]
    for key in sorted(pack.texts.keys() - wanted.keys()):
        yield "pack.unknown", f"texts.{key}", ""
    for key, text in pack.texts.items():
        if key not in wanted:
            continue
        if not text.strip():
            yield "pack.empty", f"texts.{key}", wanted[key]
        elif _held(text) != placeholders(wanted[key]):
            yield "pack.placeholder", f"texts.{key}", ", ".join(f"{{{one}}}" for one in placeholders(wanted[key]))


def _held(text: str) -> frozenset[str] | None:
    try:
        return placeholders(text)
    except ValueError:
        return None
