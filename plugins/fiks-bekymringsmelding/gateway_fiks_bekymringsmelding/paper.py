"""The report as a PDF: what a person at barnevernet reads, and what goes by post when no system takes it.

Letters beyond those of Western Europe (Sámi, Slavic, Vietnamese names) need a font of the machine; where there is none
they are written with the nearest letter, and the page says so. The form beside it always has the right ones.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway_fiks_bekymringsmelding.form import OSLO, Place, line, people
from gateway_fiks_bekymringsmelding.words import WORDS

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = (
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    ("/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf"),
    ("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf"),
    ("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
     "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"),
)  # fmt: skip
"""Where fonts with many letters mostly stand: plain and bold."""

_NEAREST = str.maketrans("đĐŋŊŧŦłŁħĦıŉ", "dDnNtTlLhHin")
GREY = (90, 90, 90)
MARGIN = 20.0


def pdf_of(
    fields: Mapping[str, Any], *, place: Place, at: datetime, reference: str, language: str = "nb", fonts: bool = True
) -> bytes:
    """A page of A4 or several, with the report's reference and the number of pages on each.

    ``fonts`` false does without the machine's fonts. The same report at the same time is the same bytes.
    """
    say = WORDS["nn" if language == "nn" else "nb"]
    document = _Document(say=say, reference=reference, at=at, language=language, fonts=fonts)
    document.title(say["title"])
    document.facts(_head(fields, place=place, at=at, reference=reference, say=say))
    document.section(say["reporter"])
    document.facts(_reporter(fields, say))
    for who, name in (("children", "child"), ("guardians", "guardian")):
        listed = people(fields.get(who))
        for number, one in enumerate(listed, 1):
            document.section(say[name] + (f" {number}" if len(listed) > 1 else ""))
            document.facts(_person(one, say, unborn=who == "children"))
    for field in ("report", "history", "other_views", "other_agencies", "interpreter_needs"):
        if fields.get(field):
            document.section(say[field])
            document.prose(str(fields[field]))
    return document.bytes()


def _head(
    fields: Mapping[str, Any], *, place: Place, at: datetime, reference: str, say: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    yield say["to"], f"{place.name}, {place.district_name} ({place.municipality}/{place.district})"
    yield say["sent"], at.astimezone(OSLO).strftime("%d.%m.%Y %H.%M")
    if fields.get("filed_on"):
        yield say["filed_on"], _day(str(fields["filed_on"]))
    yield say["reference"], reference


def _day(told: str) -> str:
    year, month, day = told.split("-")
    return f"{day}.{month}.{year}"


def _reporter(fields: Mapping[str, Any], say: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("name", "role", "organisation", "address", "phone", "email"):
        value = fields.get(f"reporter_{name}")
        if value:
            yield say[name], line(value)


def _person(one: Mapping[str, Any], say: Mapping[str, str], *, unborn: bool) -> Iterator[tuple[str, str]]:
    for name in ("name", "number", "address"):
        if one.get(name):
            yield say[name], line(one[name])
    if unborn and one.get("unborn"):
        yield say["unborn"], say["yes"]
    yield say["informed"], say["yes"] if one.get("informed") else say["no"]
    if one.get("not_informed_reason"):
        yield say["reason"], line(one["not_informed_reason"])


class _Document:
    """Writing down the page. ``fpdf2`` is imported here, when a report is made."""

    def __init__(self, *, say: Mapping[str, str], reference: str, at: datetime, language: str, fonts: bool) -> None:
        self.say = say
        self.pdf = _page(say, reference)
        self.family = self._font() if fonts else None
        self.replaced = False
        pdf = self.pdf
        pdf.set_title(say["title"])
        pdf.set_lang("nn-NO" if language == "nn" else "nb-NO")
        pdf.set_subject(reference)
        pdf.set_creator("bti-gateway")
        pdf.set_creation_date(at)
        pdf.family = self.family or "helvetica"  # type: ignore[attr-defined]
        pdf.plain = self.text  # type: ignore[attr-defined]
        pdf.set_margins(MARGIN, MARGIN, MARGIN)
        pdf.set_auto_page_break(auto=True, margin=25)
        pdf.add_page()

    def _font(self) -> str | None:
        for plain, bold in FONTS:
            if Path(plain).is_file() and Path(bold).is_file():
                self.pdf.add_font("sans", "", plain)
                self.pdf.add_font("sans", "B", bold)
                return "sans"
        return None

    def text(self, told: str) -> str:
        """What can be written with the letters there are; control signs are left out."""
        kept = "".join(sign for sign in told if sign in "\n\t" or unicodedata.category(sign)[0] != "C")
        kept = kept.replace("\t", "    ")
        if self.family is not None:
            return kept
        return "".join(self._near(sign) for sign in kept)

    def _near(self, sign: str) -> str:
        try:
            sign.encode("latin-1")
        except UnicodeEncodeError:
            self.replaced = True
            plain = (
                unicodedata.normalize("NFKD", sign.translate(_NEAREST)).encode("latin-1", "ignore").decode("latin-1")
            )
            return plain or "?"
        return sign

    def _write(self, told: str, size: float, *, bold: bool = False, gap: float = 1.4) -> None:
        self.pdf.set_font(self.family or "helvetica", "B" if bold else "", size)
        self.pdf.multi_cell(0, size * 0.3528 * gap, self.text(told), align="L", new_x="LMARGIN", new_y="NEXT")

    def title(self, told: str) -> None:
        """The page's heading."""
        self._write(told, 18, bold=True)
        self.pdf.ln(2)

    def section(self, told: str) -> None:
        """A heading that stands with what comes after it, and in the document's list of contents."""
        if self.pdf.get_y() > self.pdf.h - 45:
            self.pdf.add_page()
        self.pdf.ln(3)
        self.pdf.start_section(self.text(told), strict=False)
        self._write(told, 13, bold=True)
        self.pdf.ln(0.5)

    def facts(self, rows: Iterator[tuple[str, str]]) -> None:
        """Lines of a name and a value."""
        for name, value in rows:
            self.pdf.set_font(self.family or "helvetica", "B", 10.5)
            self.pdf.cell(58, 5.6, self.text(f"{name}:"))
            self.pdf.set_font(self.family or "helvetica", "", 10.5)
            self.pdf.multi_cell(0, 5.6, self.text(value), align="L", new_x="LMARGIN", new_y="NEXT")

    def prose(self, told: str) -> None:
        """Text as it was written, with its own lines."""
        for paragraph in told.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            if paragraph.strip():
                self._write(paragraph, 10.5, gap=1.45)
            else:
                self.pdf.ln(2.5)

    def bytes(self) -> bytes:
        """The document."""
        if self.replaced:
            self.pdf.ln(4)
            self._write(self.say["letters"], 9)
        return bytes(self.pdf.output())


def _page(say: Mapping[str, str], reference: str) -> "FPDF":
    from fpdf import FPDF, ViewerPreferences  # noqa: PLC0415 - only who makes a report pays for it

    class Page(FPDF):
        family: str
        plain: Any

        def header(self) -> None:
            self.set_font(self.family, "", 8.5)
            self.set_text_color(*GREY)
            self.cell(0, 5, self.plain(say["secret"]), align="R", new_x="LMARGIN", new_y="NEXT")
            self.ln(3)
            self.set_text_color(0, 0, 0)

        def footer(self) -> None:
            self.set_y(-16)
            self.set_font(self.family, "", 8.5)
            self.set_text_color(*GREY)
            of = self.plain(f"{say['page']} {self.page_no()} {say['of']} {{nb}}")
            self.cell(0, 5, self.plain(f"{say['reference']}: {reference}"), new_x="LMARGIN", new_y="TOP")
            self.cell(0, 5, of, align="R")
            self.set_text_color(0, 0, 0)

    page = Page(format="A4")
    page.viewer_preferences = ViewerPreferences(display_doc_title=True)
    return page
