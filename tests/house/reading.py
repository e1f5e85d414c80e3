"""How hard a text is to read: LIX, the mean length of a sentence plus the share of words longer than six letters."""

import re

_WORD = re.compile(r"[A-Za-zÆØÅæøåéóòôü]+(?:-[A-Za-zæøå]+)*")


def sentences(page: str) -> list[str]:
    """The sentences of a page in Markdown: no code, tables, headings or addresses; a point of a list is one."""
    text = re.sub(r"^(```|~~~).*?^\1[^\n]*$", "", page, flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in text.splitlines() if not re.match(r"\s*(?:\||#|<)", line)]
    found = []
    for line in lines:
        plain = re.sub(r"\]\([^)]*\)|`[^`]*`", "", line)
        found += [one for one in re.split(r"(?<=[.!?:])\s+", plain) if _WORD.search(one)]
    return found


def lix(page: str) -> float:
    """Below 30 a child's book, 40 a newspaper, above 50 an act of parliament."""
    told = sentences(page)
    words = [word for one in told for word in _WORD.findall(one)]
    return len(words) / max(len(told), 1) + 100 * sum(len(word) > 6 for word in words) / max(len(words), 1)
