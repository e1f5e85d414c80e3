"""How the privacy documents say things: the catalogue's sentences, and the glossary's names for what the model has."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cache

from gateway.core.model import KINDS
from gateway.run import texts
from gateway.run.schemas import glossary

Language = str
MODULES = ("privacy", "privacy_measures", "privacy_risks", "privacy_points", "privacy_family")
LANGUAGES = ("nb", "nn", "en")


class Wording:
    """One language's words."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, code: str, /, **facts: object) -> str:
        """The sentence of a code (without ``privacy.``); ``{blank}`` is where a person fills in."""
        told = _catalogue()[f"privacy.{code}"][LANGUAGES.index(self.language)]
        return told.format(blank=self.blank, **facts)

    @property
    def blank(self) -> str:
        """What stands where only people know."""
        return _catalogue()["privacy.blank"][LANGUAGES.index(self.language)]

    def has(self, code: str) -> bool:
        """Whether the catalogue has a sentence."""
        return f"privacy.{code}" in _catalogue()

    def kind(self, kind: str) -> str:
        """A kind of record in words."""
        return self._named(glossary().kind(kind), kind)

    def code(self, code: str) -> str:
        """A service, a purpose or a domain in words."""
        return self._named(glossary().codes.get(code), code)

    def believed(self, name: str) -> str:
        """What a system is believed about, in words."""
        words = glossary()
        return self._named(words.kind(name) or words.fields.get(name) or words.codes.get(name), name)

    def kinds(self, some: Collection[str]) -> str:
        """Kinds of records in a row, or that it is all of them."""
        return self("kinds_all") if set(KINDS) - {"wonder_note"} <= set(some) else self.listed(some, self.kind)

    def listed(self, some: Iterable[str], named: Callable[[str], str] = str) -> str:
        """Some names in a row; the word for none where there are none."""
        return ", ".join(map(named, some)) or self("none")

    def day(self, on: date | None) -> str:
        """A day as people write it."""
        if on is None:
            return self("unknown")
        return on.isoformat() if self.language == "en" else f"{on:%d.%m.%Y}"

    def _named(self, found: object, name: str) -> str:
        if found is None or self.language == "en":
            return name.replace("_", " ")
        told: str = getattr(found, self.language)
        return told


@cache
def _catalogue() -> dict[str, tuple[str, str, str]]:
    return {code: told for module in MODULES for code, told in texts.of(module).items()}
