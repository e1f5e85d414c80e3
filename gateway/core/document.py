"""A short document for people: headings, paragraphs and tables, as text, Markdown, or a page of HTML by itself."""

import re
from collections.abc import Iterator
from html import escape
from textwrap import fill

from msgspec import Struct

_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.3rem .6rem;border-bottom:1px solid #999}"
    "li{margin:.4rem 0}@page{size:A4;margin:15mm}"
    "@media print{body{margin:0;padding:0;max-width:none;font-size:10.5pt;line-height:1.4}h1{font-size:1.5em;margin:0}"
    "h2{font-size:1.15em;margin:.9em 0 .2em;break-after:avoid}p{margin:.3em 0}li{margin:.15em 0;break-inside:avoid}}"
)


class Section(Struct, frozen=True, kw_only=True):
    """A heading with paragraphs, points (each a list of sentences) or a table (its heads and rows)."""

    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    points: tuple[tuple[str, ...], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


class Document(Struct, frozen=True, kw_only=True):
    """A document in one language; ``direction`` is ``ltr`` or ``rtl``."""

    title: str
    language: str
    sections: tuple[Section, ...]
    direction: str = "ltr"


def as_text(document: Document, width: int = 78) -> str:
    """The document as text of ``width`` columns, ending with a newline."""
    lines = [document.title, "=" * min(len(document.title), width), ""]
    for section in document.sections:
        if section.heading:
            lines += [section.heading, "-" * min(len(section.heading), width), ""]
        for paragraph in section.paragraphs:
            lines += [fill(paragraph, width), ""]
        for point in section.points:
            lines.append(fill(" ".join(point), width, initial_indent="- ", subsequent_indent="  "))
        if section.points:
            lines.append("")
        if section.heads:
            lines += [*_table(section), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(section: Section) -> Iterator[str]:
    columns = list(zip(section.heads, *section.rows, strict=True))
    wide = [max(map(len, column)) for column in columns]
    for row in (section.heads, *section.rows):
        yield "  ".join(cell.ljust(size) for cell, size in zip(row, wide, strict=True)).rstrip()


_SENTENCE = re.compile(r"(?<=[.!?:]) (?=[A-ZÆØÅ\[])")
_SIGNS = re.compile(r"([\\`*<>\[\]|])")


def as_markdown(document: Document) -> str:
    """The document as Markdown, a sentence on each line, ending with a newline. No text in it is taken for markup."""
    lines = [f"# {_plain(document.title)}", ""]
    for section in document.sections:
        if section.heading:
            lines += [f"## {_plain(section.heading)}", ""]
        for paragraph in section.paragraphs:
            lines += [_SENTENCE.sub("\n", _plain(paragraph)), ""]
        lines += ["- " + _SENTENCE.sub("\n  ", _plain(" ".join(point))) for point in section.points]
        if section.points:
            lines.append("")
        if section.heads:
            rows = (section.heads, tuple("---" for _ in section.heads), *section.rows)
            lines += [f"| {' | '.join(map(_plain, row))} |" for row in rows]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def as_html(document: Document) -> str:
    """The document as one page of HTML, which loads nothing and runs nothing. Every text in it is escaped."""
    body = "".join(_section(one) for one in document.sections)
    title = escape(document.title)
    return (
        f'<!doctype html>\n<html lang="{escape(document.language)}" dir="{escape(document.direction)}">\n'
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head>\n"
        f"<body><main><h1>{title}</h1>\n{body}</main></body>\n</html>\n"
    )


def _section(section: Section) -> str:
    parts = [f"<h2>{escape(section.heading)}</h2>\n"] if section.heading else []
    parts += [f"<p>{escape(one)}</p>\n" for one in section.paragraphs]
    if section.points:
        points = "".join(f"<li>{'<br>'.join(map(escape, one))}</li>\n" for one in section.points)
        parts.append(f"<ul>\n{points}</ul>\n")
    if section.heads:
        heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in section.heads)
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in section.rows)
        parts.append(f"<table><thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table>\n")
    return f"<section>\n{''.join(parts)}</section>\n"
