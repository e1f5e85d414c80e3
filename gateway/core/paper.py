"""A log on paper: what the gate lets a family see, in the municipality's own words, to be printed and handed over.

A page holds released values and nothing else. What is kept back leaves no gap, no heading and no count: hidden and
absent look the same.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from gateway.core.glossary import Glossary
from gateway.core.model import REFS
from gateway.core.release import Release
from gateway.core.terms import Term, Terms

ORDER = (
    "case", "person", "assignment", "concern", "goal", "measure", "meeting", "evaluation", "child_voice",
    "bright_moment", "consent", "plan", "safety_plan", "enrolment", "user_experience",
)  # fmt: skip
"""The kinds of a printed log, in the order in which they are read."""

_HEADS: Mapping[str, tuple[str, ...]] = {"person": ("given_name", "family_name"), "goal": ("title",),
                                         "measure": ("title",)}  # fmt: skip
"""The fields that name an item where another points to it."""

_LEFT_OUT = frozenset({"recorded_by", "evidence_hash", "evidence_ref", "form_version", "body", "organisation_level"})
"""Fields for the office, which say nothing to a family."""

_OSLO = ZoneInfo("Europe/Oslo")

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "title": {"nb": "Utskrift av {log}", "nn": "Utskrift av {log}", "en": "Printout of the {log}"},
    "for": {"nb": "Til {name}", "nn": "Til {name}", "en": "For {name}"},
    "printed": {"nb": "Skrevet ut {day}", "nn": "Skriven ut {day}", "en": "Printed {day}"},
    "by_law": {
        "nb": "Utskriften viser det du har rett til å se.",
        "nn": "Utskrifta viser det du har rett til å sjå.",
        "en": "This printout shows what you have a right to see.",
    },
    "ask": {
        "nb": "Spør oss hvis noe er feil eller mangler.",
        "nn": "Spør oss om noko er feil eller manglar.",
        "en": "Ask us if something is wrong or missing.",
    },
    "nothing_shared": {
        "nb": "Ingenting fra loggen er delt digitalt på grunn av et samtykke.",
        "nn": "Ingenting frå loggen er delt digitalt på grunn av eit samtykke.",
        "en": "Nothing of the log has been shared digitally because of a consent.",
    },
    "shared": {
        "nb": "Noe fra loggen er delt med andre som du har sagt ja til. Spør oss, så får du en oversikt.",
        "nn": "Noko frå loggen er delt med andre som du har sagt ja til. Spør oss, så får du ei oversikt.",
        "en": "Some of the log has been shared with others whom you said yes to. Ask us for an overview.",
    },
    "page": {"nb": "Side {page} av {pages}", "nn": "Side {page} av {pages}", "en": "Page {page} of {pages}"},
    "yes": {"nb": "ja", "nn": "ja", "en": "yes"},
    "no": {"nb": "nei", "nn": "nei", "en": "no"},
}


class Told(Protocol):
    """What a page is made of: an item, with the fields that its reader may see."""

    @property
    def id(self) -> str:
        """The item."""
        ...

    @property
    def kind(self) -> str:
        """Its kind."""
        ...

    @property
    def fields(self) -> Mapping[str, Any]:
        """The values that may be seen."""
        ...


class Part(Struct, frozen=True, kw_only=True):
    """One item: its title, and rows of label and text."""

    id: str
    kind: str
    title: str
    rows: tuple[tuple[str, str], ...]


class Sheet(Struct, frozen=True, kw_only=True):
    """A printed log: title, the lines below it, the parts, and the lines at the end."""

    language: str
    title: str
    head: tuple[str, ...]
    parts: tuple[Part, ...]
    foot: tuple[str, ...]


class Wording(Struct, frozen=True, kw_only=True):
    """Whose words a page is written in: the model's, the municipality's, and the language (nb, nn or en)."""

    language: str
    glossary: Glossary
    terms: Terms

    def phrase(self, sentence: str, **facts: str) -> str:
        """One of the page's own sentences."""
        return _PHRASES[sentence][self.language].format(**facts)

    def brand(self) -> str:
        """What the municipality calls its model."""
        brand = self.terms.brand
        return (brand.en or brand.nb) if self.language == "en" else self._plain(brand)

    def kind(self, kind: str) -> str:
        """What the municipality calls a kind, else what the glossary does."""
        own = self.terms.words.get(kind, {}).get(self.language)  # type: ignore[call-overload]
        found = self.glossary.kind(kind)
        return str(own[0]) if own else self._said(found, kind)

    def field(self, kind: str, name: str) -> str:
        """What a field is called."""
        return self._said(self.glossary.field(kind, name), name)

    def code(self, kind: str, name: str, code: str) -> str | None:
        """What a code is called: the municipality's own lists first; ``None`` for what no list holds."""
        for terms in _lists(self.terms, name):
            for term in terms:
                if code in {term.code, *term.aliases}:
                    return (term.title.en or term.title.nb) if self.language == "en" else self._plain(term.title)
        found = self.glossary.code(kind, name, code)
        return None if found is None else self._said(found, code)

    def _said(self, found: Any, name: str) -> str:
        if found is None or self.language == "en":
            return name.replace("_", " ")
        return self._plain(found)

    def _plain(self, found: Any) -> str:
        return str(found.nn if self.language == "nn" else found.nb)


def page_words(language: str) -> str:
    """What stands at the foot of each printed page, with ``page`` and ``pages`` to fill in."""
    return _PHRASES["page"][language]


def _lists(terms: Terms, name: str) -> Iterable[Sequence[Term]]:
    """The municipality's lists that a field's codes stand in."""
    lists: Mapping[str, Sequence[Term]] = {
        "level": terms.levels, "step": terms.steps, "meeting_type": terms.meeting_types, "guide": terms.guides,
        "service": terms.services, "services": terms.services, "responsible_service": terms.services,
    }  # fmt: skip
    return (lists[name],) if name in lists else ()


def sheet(releases: Sequence[Release], *, wording: Wording, reader: str, today: date, shared: bool) -> Sheet:
    """The page for one reader. ``releases`` are what the gate let go to them; ``shared`` whether consents let any of
    the log go to others. Values that point to something that was not released are left out.
    """
    named = {one.id: _name(one) for one in releases}
    log = wording.kind("case")
    return Sheet(
        language=wording.language,
        title=wording.phrase("title", log=log),
        head=(
            wording.brand(),
            wording.phrase("for", name=named.get(reader) or "–"),
            wording.phrase("printed", day=_date(today)),
        ),
        parts=parts_of(releases, wording=wording),
        foot=(
            wording.phrase("shared" if shared else "nothing_shared"), wording.phrase("by_law"), wording.phrase("ask")
        ),
    )  # fmt: skip


def archived(releases: Sequence[Release], *, wording: Wording, today: date) -> Sheet:
    """The page for an archive: everything that was released, also what is for the office, and no word to a reader."""
    named = {one.id: _name(one) for one in releases}
    parts = [
        Part(id=one.id, kind=one.kind, title=wording.kind(one.kind), rows=rows)
        for one in sorted(releases, key=_place)
        if (rows := tuple(_rows(one, wording, named, left_out=frozenset())))
    ]
    return Sheet(
        language=wording.language,
        title=wording.phrase("title", log=wording.kind("case")),
        head=(wording.brand(), wording.phrase("printed", day=_date(today))),
        parts=tuple(parts),
        foot=(),
    )


def parts_of(items: Sequence[Told], *, wording: Wording) -> tuple[Part, ...]:
    """Items in the order in which they are read, in words; what points to one that is not among them is left out."""
    named = {one.id: _name(one) for one in items}
    return tuple(
        Part(id=one.id, kind=one.kind, title=wording.kind(one.kind), rows=rows)
        for one in sorted(items, key=_place)
        if one.kind in ORDER and (rows := tuple(_rows(one, wording, named)))
    )


def _place(one: Told) -> tuple[int, str]:
    """Kinds in their order; inside a kind by the first day that an item tells."""
    days = sorted(str(value) for name, value in one.fields.items() if name.endswith(("_on", "_at", "_from")))
    return (ORDER.index(one.kind) if one.kind in ORDER else len(ORDER), days[0] if days else "")


def _name(one: Told) -> str:
    return " ".join(str(one.fields[name]) for name in _HEADS.get(one.kind, ()) if one.fields.get(name))


def _rows(
    one: Told, wording: Wording, named: Mapping[str, str], left_out: frozenset[str] = _LEFT_OUT
) -> Iterable[tuple[str, str]]:
    refs = REFS[one.kind]
    for name, value in one.fields.items():
        if name in left_out or value in (None, "", []):
            continue
        if name in refs:
            said = ", ".join(told for each in _many(value) if (told := named.get(str(each))))
        else:
            said = "\n".join(filter(None, (_said(one.kind, name, each, wording) for each in _many(value))))
        if said:
            yield capital(wording.field(one.kind, name)), said


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _said(kind: str, name: str, value: Any, wording: Wording) -> str:
    if isinstance(value, bool):
        return wording.phrase("yes" if value else "no")
    if isinstance(value, Mapping):
        if "code" in value and set(value) <= {"code", "rank", "text"}:
            code = str(value["code"])
            return " – ".join(filter(None, (wording.code(kind, name, code) or code, value.get("text"))))
        told = ((each, _said(kind, each, inner, wording)) for each, inner in value.items() if inner is not None)
        return "; ".join(f"{wording.field(kind, each)}: {said}" for each, said in told if said)
    if isinstance(value, str):
        return wording.code(kind, name, value) or _moment(value) or _clean(value)
    return str(value)


def _moment(value: str) -> str | None:
    """A day or an instant as people write it, on the clock in Norway."""
    if not value[:4].isdigit() or value[4:5] != "-":
        return None
    try:
        if len(value) == len("2026-11-21"):
            return _date(date.fromisoformat(value))
        at = datetime.fromisoformat(value)
        return None if at.tzinfo is None else f"{at.astimezone(_OSLO):%d.%m.%Y %H.%M}"
    except (ValueError, OverflowError):
        return None


def _date(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def capital(text: str) -> str:
    """A text that begins a line: its first letter large, the others as they are (``BUP``, ``Nora Berg``)."""
    return text[:1].upper() + text[1:]


def _clean(text: str) -> str:
    """Without signs that steer a printer or turn the writing direction."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs"})


def as_text(page: Sheet) -> str:
    """The page as plain text."""
    lines = [page.title, "=" * len(page.title), *page.head]
    for part in page.parts:
        title = capital(part.title)
        lines += ["", title, "-" * len(title)]
        for label, said in part.rows:
            first, *rest = said.split("\n")
            lines += [f"{label}: {first}", *(f"    {line}" for line in rest)]
    return "\n".join([*lines, "", *page.foot]) + "\n"


_STYLE = (
    "body{font:11pt/1.45 serif;max-width:42em;margin:2em auto;padding:0 1em}h1{font-size:1.5em}"
    "h2{font-size:1.1em;margin:1.4em 0 .3em;break-after:avoid}section{break-inside:avoid}"
    "dl{margin:0;display:grid;grid-template-columns:12em 1fr;gap:.15em 1em}dt{font-weight:bold}"
    "dd{margin:0;white-space:pre-line}footer{margin-top:2em;border-top:1px solid;padding-top:.5em}"
    "@page{size:A4;margin:20mm}"
)


def as_html(page: Sheet) -> str:
    """The page as one HTML document that prints on A4 and loads nothing from anywhere."""
    parts = "".join(
        f"<section><h2>{escape(capital(part.title))}</h2><dl>"
        + "".join(f"<dt>{escape(label)}</dt><dd>{escape(said)}</dd>" for label, said in part.rows)
        + "</dl></section>"
        for part in page.parts
    )
    head = "".join(f"<p>{escape(line)}</p>" for line in page.head)
    foot = "".join(f"<p>{escape(line)}</p>" for line in page.foot)
    return (
        f'<!DOCTYPE html><html lang="{page.language}"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(page.title)}</title><style>{_STYLE}</style></head><body><h1>{escape(page.title)}</h1>{head}"
        f"{parts}<footer>{foot}</footer></body></html>\n"
    )
