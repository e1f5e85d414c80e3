"""The log as a document that an archive keeps: PDF/A-1b, with letters embedded. ``fpdf2`` comes in when it is made."""

import hashlib
import logging
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from gateway.sdk import Misconfigured
from gateway.sdk.paper import Sheet

FONTS = (
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"),
    ("/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf"),
    ("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf", "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf"),
    ("/Library/Fonts/Arial Unicode.ttf", "/Library/Fonts/Arial Unicode.ttf"),
)
"""Where fonts with many letters mostly stand: plain and bold. A document for an archive carries its letters with it."""
_SPEECH = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
_MARGIN = 20.0


def fonts() -> tuple[str, str]:
    """The font's two files. Raises ``Misconfigured`` ``arkiv.font`` where the machine has none."""
    for plain, bold in FONTS:
        if Path(plain).is_file() and Path(bold).is_file():
            return plain, bold
    raise Misconfigured("arkiv.font")


def pdf_of(sheet: Sheet, *, at: datetime) -> bytes:
    """The page as PDF/A-1b; the same page at the same time is the same bytes. Raises ``Misconfigured``."""
    from fpdf import FPDF  # noqa: PLC0415

    # Both log what they write, letter by letter.
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    plain, bold = fonts()
    pdf = FPDF(enforce_compliance="PDF/A-1B")
    try:
        pdf.add_font("sans", "", plain)
        pdf.add_font("sans", "B", bold)
        # A title of the document is metadata: it says what it is, and of nobody.
        pdf.set_title(_clean(sheet.title))
        pdf.set_lang(_SPEECH.get(sheet.language, "nb-NO"))
        pdf.set_creator("bti-gateway")
        pdf.set_creation_date(at)
        pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
        pdf.set_auto_page_break(auto=True, margin=_MARGIN)
        pdf.add_page()
        _write(pdf, sheet.title, size=17, bold=True)
        for line in sheet.head:
            _write(pdf, line, size=10)
        for part in sheet.parts:
            pdf.ln(4)
            _write(pdf, part.title, size=12.5, bold=True)
            for label, text in part.rows:
                _write(pdf, label, size=9.5, bold=True)
                _write(pdf, text, size=10.5)
        for line in sheet.foot:
            pdf.ln(3)
            _write(pdf, line, size=10)
        return _dated(bytes(pdf.output()), at)
    finally:
        for font in pdf.fonts.values():
            if hasattr(font, "ttfont"):  # the library leaves the files of the letters open
                font.ttfont.close()


def _dated(document: bytes, at: datetime) -> bytes:
    """The library writes the day on which it ran beside the one it was told, and a name made of it: both become ours.

    Neither is longer than what it stands for, so nothing else in the document moves.
    """
    day = at.astimezone(UTC).isoformat(timespec="seconds").encode()
    dated = re.sub(rb'(xmp:(?:Modify|Metadata)Date=")[^"]{25}"', lambda found: found[1] + day + b'"', document)
    unnamed = re.sub(rb"/ID \[<[0-9A-Fa-f]{32}><[0-9A-Fa-f]{32}>\]", b"", dated)
    name = hashlib.sha256(unnamed).hexdigest()[:32].upper().encode()
    return re.sub(rb"/ID \[<[0-9A-Fa-f]{32}><[0-9A-Fa-f]{32}>\]", b"/ID [<" + name + b"><" + name + b">]", dated)


def _write(pdf: "object", text: str, *, size: float, bold: bool = False) -> None:
    page: object = pdf
    page.set_font("sans", "B" if bold else "", size)  # type: ignore[attr-defined]
    page.multi_cell(0, size * 0.5, _clean(text) or "–", align="L", new_x="LMARGIN", new_y="NEXT")  # type: ignore[attr-defined]


def _clean(text: str) -> str:
    """A text without signs that steer and without what no font has."""
    kept = (sign for sign in text.replace("\t", "    ") if sign == "\n" or unicodedata.category(sign)[0] != "C")
    return "".join(kept)
