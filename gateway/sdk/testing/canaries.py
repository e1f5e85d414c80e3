"""Planted phrases and numbers, and the search for them in seven encodings.

A canary is content that must stay inside encrypted bodies. Whatever a test or a certification writes elsewhere (logs,
exceptions, URLs, files) is searched for it as UTF-8, UTF-16, Windows-1252, base64, hexadecimal, URL-quoted and
JSON-escaped text.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

ENCODINGS = ("utf-8", "utf-16le", "cp1252", "base64", "hex", "url", "json")
"""The names under which a finding is told."""

NUMBERS = ("06821099739", "17908599950")
"""Synthetic person numbers (month + 80) that the kit plants."""

PHRASES = ("Blåveis på Røyrvik «kanari» 5417", 'Ærfugl i "Måløy" & kanari 8803')
"""Phrases that the kit plants; their letters and quotes come out differently in each encoding."""


def forms(canary: str) -> Mapping[str, tuple[bytes, ...]]:
    """The bytes that betray a canary, by the name of the encoding. All are to be sought without regard to case.

    Base64 is searched at its three alignments, without the edge characters that depend on the neighbours.
    """
    plain = canary.encode()
    turns = []
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        whole = (shift + len(plain)) // 3 * 4
        turns.append(coded[4 if shift else 0 : whole])
    narrow = canary.encode("cp1252", errors="ignore")
    return {
        "utf-8": (plain,),
        "utf-16le": (canary.encode("utf-16le"),),
        "cp1252": (narrow,),
        "base64": (*turns, *(turn.translate(bytes.maketrans(b"+/", b"-_")) for turn in turns)),
        "hex": (plain.hex().encode(),),
        "url": (quote(canary, safe="").encode(), quote_plus(canary).encode(), quote(canary).encode()),
        "json": (json.dumps(canary)[1:-1].encode(), json.dumps(canary, ensure_ascii=False)[1:-1].encode()),
    }


class Search:
    """A search for many canaries at once, compiled once and used on many places."""

    def __init__(self, canaries: Iterable[str]) -> None:
        needles: dict[bytes, str] = {}
        for canary in canaries:
            for encoding, spellings in forms(canary).items():
                for spelling in spellings:
                    needles.setdefault(spelling.lower(), encoding)
        self._needles = needles

    def found(self, data: bytes | str) -> set[str]:
        """The encodings in which any canary stands in ``data``; empty when it is clean. Case is not regarded."""
        hay = (data.encode("utf-8", errors="surrogatepass") if isinstance(data, str) else data).lower()
        return {encoding for needle, encoding in self._needles.items() if needle in hay}
