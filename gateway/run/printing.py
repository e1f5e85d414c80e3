"""A family's log as a PDF to print: the same page as the HTML one, on A4. ``fpdf2`` comes in when one is made."""

import logging
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gateway.core.paper import Part, Sheet, page_words
from gateway.run.acts import ActFault

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = (
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    ("/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf"),
    ("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf"),
    ("/Library/Fonts/Arial Unicode.ttf", "/Library/Fonts/Arial Unicode.ttf"),
)
"""Where fonts with many letters mostly stand: plain and bold. Without one, only Western European letters print."""
_SPEECH = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
_MARGIN, _LABEL, _GREY = 20.0, 48.0, (90, 90, 90)
_POINT = 0.3528
"""Millimetres of a point."""


def as_pdf(page: Sheet, *, at: datetime, fonts: tuple[tuple[str, str], ...] = FONTS) -> bytes:
    """The page as a PDF. The document's own particulars say what it is, and of nobody.

    Raises ``ActFault``: ``paper.printer`` (``fpdf2`` is not installed), ``paper.font`` (the page has letters that no
    font here has; a name that is printed wrongly is worse than none).
    """
    try:
        from fpdf import FPDF, ViewerPreferences  # noqa: PLC0415
    except ImportError:
        raise ActFault("paper.printer", "format") from None
    # Both log what they write, letter by letter.
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    said = page_words(page.language)

    class Page(FPDF):
        letters = "helvetica"

        def footer(self) -> None:
            """Which page of how many, so that none is lost; no name, since sheets lie about."""
            self.set_y(-14)
            self.set_font(self.letters, "", 8.5)
            self.set_text_color(*_GREY)
            self.cell(0, 5, said.format(page=self.page_no(), pages="{nb}"), align="R")
            self.set_text_color(0, 0, 0)

    pdf = Page(format="A4")
    try:
        pdf.letters = _letters(pdf, page, fonts)
        pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        pdf.set_title(_clean(page.title))
        pdf.set_lang(_SPEECH[page.language])
        pdf.set_creator("bti-gateway")
        pdf.set_creation_date(at)
        pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
        pdf.set_auto_page_break(auto=True, margin=_MARGIN)
        pdf.add_page()
        _write(pdf, page.title, size=18, bold=True)
        pdf.ln(1)
        for line in page.head:
            _write(pdf, line, size=10.5)
        for part in page.parts:
            _part(pdf, part)
        pdf.ln(5)
        _rule(pdf)
        for line in page.foot:
            _write(pdf, line, size=10)
        return bytes(pdf.output())
    finally:
        for font in pdf.fonts.values():
            if hasattr(font, "ttfont"):  # the library leaves the files of the letters open
                font.ttfont.close()


def _letters(pdf: "FPDF", page: Sheet, fonts: tuple[tuple[str, str], ...]) -> str:
    """The family of letters to write with. Raises ``ActFault`` ``paper.font``."""
    told = [page.title, *page.head, *page.foot]
    told += [text for part in page.parts for row in part.rows for text in (part.title, *row)]
    signs = set(_clean("".join(told))) - {"\n"}
    for plain, bold in fonts:
        if Path(plain).is_file() and Path(bold).is_file():
            pdf.add_font("sans", "", plain)
            pdf.add_font("sans", "B", bold)
            drawn: Any = pdf.fonts["sans"]
            if all(ord(sign) in drawn.cmap for sign in signs):
                return "sans"
    if all(_is_western(sign) for sign in signs):
        return "helvetica"
    raise ActFault("paper.font", "format")


def _is_western(sign: str) -> bool:
    try:
        sign.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _part(pdf: "FPDF", part: Part) -> None:
    """One item: its heading never stands alone at the foot of a page, and is in the document's list of contents."""
    if pdf.get_y() > pdf.h - 50:
        pdf.add_page()
    pdf.ln(5)
    title = _clean(part.title[:1].upper() + part.title[1:])
    pdf.start_section(title, strict=False)
    _write(pdf, title, size=12.5, bold=True)
    _rule(pdf)
    for label, text in part.rows:
        _row(pdf, _clean(label), _clean(text))


def _row(pdf: "FPDF", label: str, text: str) -> None:
    """A label beside its text; one that is too long for its column stands above."""
    family, step = _family(pdf), 10.5 * _POINT * 1.4
    pdf.set_font(family, "B", 10.5)
    beside = pdf.get_string_width(label) < _LABEL - 3
    if pdf.get_y() > pdf.h - _MARGIN - 2 * step:
        pdf.add_page()
    if beside:
        pdf.cell(_LABEL, step, label)
    else:
        pdf.multi_cell(0, step, label, align="L", new_x="LMARGIN", new_y="NEXT")
    left = pdf.l_margin
    pdf.set_left_margin(left + _LABEL)
    pdf.set_x(left + _LABEL)
    pdf.set_font(family, "", 10.5)
    pdf.multi_cell(0, step, text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_left_margin(left)
    pdf.set_x(left)
    pdf.ln(0.8)


def _rule(pdf: "FPDF") -> None:
    pdf.set_draw_color(*_GREY)
    pdf.line(pdf.l_margin, pdf.get_y() + 0.6, pdf.w - pdf.r_margin, pdf.get_y() + 0.6)
    pdf.ln(2.2)


def _write(pdf: "FPDF", text: str, *, size: float, bold: bool = False) -> None:
    pdf.set_font(_family(pdf), "B" if bold else "", size)
    pdf.multi_cell(0, size * _POINT * 1.4, _clean(text) or "–", align="L", new_x="LMARGIN", new_y="NEXT")


def _family(pdf: "FPDF") -> str:
    return str(getattr(pdf, "letters", "helvetica"))


def _clean(text: str) -> str:
    """Without signs that steer a printer or turn the writing direction."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(sign for sign in plain if sign == "\n" or unicodedata.category(sign)[0] != "C")
