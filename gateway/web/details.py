"""What a task's body says, in words: kinds, names of fields, codes, counts and times. Values come by another way."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.core.paper import capital
from gateway.web import words
from gateway.web.visit import Visit


def details(visit: Visit, told: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """The code of a label, and what stands there, a line each. What is unknown to the words is left out."""
    about: Mapping[str, Any] = told["about"]
    return [(f"detail.{name}", lines) for name, lines in _told(visit, told, about) if lines]


def _told(visit: Visit, told: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    wording, language = visit.site.wording(visit.language), visit.language
    kind, fields = about.get("kind"), about.get("fields")
    if isinstance(kind, str):
        yield "kind", [capital(wording.kind(kind))]
        if isinstance(fields, list) and all(isinstance(one, str) for one in fields):
            yield "fields", [capital(wording.field(kind, one)) for one in fields]
    if isinstance(about.get("code"), str):
        yield "code", [_fault(about["code"], language)]
    if isinstance(about.get("path"), str) and about["path"]:
        yield "path", [about["path"]]
    doubts = about.get("doubts", ())
    yield "doubts", [f"{_fault(one['code'], language)} ({one['path'] or '–'})" for one in doubts]
    if isinstance(about.get("count"), int):
        yield "count", [str(about["count"])]
    if isinstance(about.get("counts"), Mapping):
        yield (
            "counts",
            [
                f"{words.say(f'differs.{sort}', language)}: {n} {wording.kind(one)}"
                for sort, each in about["counts"].items()
                for one, n in each.items()
            ],
        )
    if isinstance(about.get("since"), str):
        yield "since", [_day(about["since"])]
    unknown = about.get("unknown", ())
    yield "unknown", [words.say(f"fact.{one}", language) for one in unknown if f"fact.{one}" in words.texts()]
    if told["kind"] == "unusual":
        why = words.say(f"unusual.{about.get('why', '')}", language)
        yield "look", [words.say("unusual.line", language, name=about.get("by", ""), why=why, n=about.get("n", 0))]
        yield "since", [_day(about["at"])] if "at" in about else []
    if told["kind"] == "inform":
        yield "inform", [words.say("detail.persons", language, n=len(about.get("inform", ())))]


def _fault(code: str, language: Any) -> str:
    said = words.fault(code, language)
    return said if said == code else f"{said} ({code})"


def _day(told: str) -> str:
    from gateway.web.rendering import instant  # noqa: PLC0415 - rendering builds on the pages' values

    return instant(told)
