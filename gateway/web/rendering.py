"""Pages from templates. Everything that is filled in is escaped; words come by code, in the person's language."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from gateway.core.paper import capital
from gateway.run import rights
from gateway.web import words
from gateway.web.site import Site
from gateway.web.visit import LANGUAGES, Language, Page, Visit

STATIC = Path(__file__).parent / "static"
OSLO = ZoneInfo("Europe/Oslo")

MENU: tuple[tuple[str, str, str], ...] = (
    ("/", "menu.inbox", "tasks.list"),
    ("/cases", "menu.cases", "consent.show"),
    ("/flows", "menu.flows", "web.flows"),
    ("/messages", "menu.messages", "web.messages"),
    ("/ledger", "menu.ledger", "access"),
    ("/audit", "menu.audit", "web.audit"),
    ("/rules", "menu.rules", "web.rules"),
    ("/numbers", "menu.numbers", "statistics"),
)
"""The pages of the menu: path, the code of its name, the act that a person must have the right to."""


class Renderer:
    """Makes the bytes of pages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._env = Environment(
            loader=PackageLoader("gateway.web", "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._env.filters.update(capital=capital, day=day, instant=instant, person_name=self._person)

    def page(self, visit: Visit, page: Page) -> str:
        """A page for somebody who is logged in."""
        facts = self._facts(visit.language, page)
        facts |= {
            "person": visit.person,
            "seal": self.site.seal_of(visit.token),
            "form": self._form(visit),
            "path": visit.path,
            "query": visit.query,
            "said": visit.query.get("said", ""),
            "menu": [(path, code) for path, code, act in MENU if rights.may(visit.person, act)],
            "may": cache(lambda act: rights.may(visit.person, act)),
            "unit": self._unit(visit.person.unit),
        }
        return self._env.get_template(page.template).render(**facts, **page.facts)

    def stranger(self, language: Language, page: Page) -> str:
        """A page for somebody who is not logged in."""
        facts = self._facts(language, page)
        facts |= {"person": None, "path": "/login", "menu": [], "said": "", "seal": "", "unit": ""}
        return self._env.get_template(page.template).render(**facts, **page.facts)

    def _facts(self, language: Language, page: Page) -> dict[str, Any]:
        wording = self.site.wording(language)
        return {
            "language": language,
            "languages": LANGUAGES,
            "t": _speaker(language),
            "named": _named(language),
            "fault": lambda code: words.fault(code, language),
            "entry": lambda act: words.entry(act, language),
            "look": lambda what: words.look(what, language),
            "kind": wording.kind,
            "field": wording.field,
            "brand": wording.brand(),
            "tenant": self.site.settings.tenant,
            "local": self.site.mode == "local",
            "title": page.title,
            "service": lambda name: words.say(f"service.{name}", language),
            "unit_name": self._unit,
        }

    def _person(self, name: str | None) -> str:
        person = self.site.settings.people.get(name or "")
        return (person.title or person.name) if person is not None else (name or "")

    def _form(self, visit: Visit) -> Callable[..., Markup]:
        """What every form carries: its session's seal, a mark to be sent once, and what the page showed (``seen``)."""
        seal = Markup('<input type="hidden" name="seal" value="{}">').format(self.site.seal_of(visit.token))
        once = Markup('<input type="hidden" name="once" value="{}">')
        shown = Markup('<input type="hidden" name="seen" value="{}">')

        def hidden(seen: str = "") -> Markup:  # a list has a form in every row
            made = seal + once.format(self.site.fresh()[:32])
            return made + shown.format(seen) if seen else made

        return hidden

    def _unit(self, name: str | None) -> str:
        unit = self.site.settings.units.get(name or "")
        return (unit.title or unit.name) if unit is not None else (name or "")


_PERSON = re.compile(r"\b[0-9a-f]{20}\b")


def _named(language: Language) -> Callable[[str, Mapping[str, str]], str]:
    """Words about people by id, told by the names that their reader sees; of others that they are somebody else."""
    other = words.say("case.somebody", language)

    def named(text: str, people: Mapping[str, str]) -> str:
        return _PERSON.sub(lambda found: people.get(found[0]) or other, text)

    return named


def _speaker(language: Language) -> Callable[..., str]:
    def speak(code: str, /, **facts: object) -> str:
        return words.say(code, language, **facts)

    return speak


def day(told: str | date | datetime | None) -> str:
    """A day as people in Norway write it; empty for none."""
    if told is None or told == "":
        return ""
    at = _at(told)
    return f"{at:%d.%m.%Y}"


def instant(told: str | datetime | None) -> str:
    """A time on the clock in Norway."""
    if told is None or told == "":
        return ""
    at = _at(told)
    return f"{at:%d.%m.%Y %H.%M}" if isinstance(at, datetime) else f"{at:%d.%m.%Y}"


def _at(told: str | date | datetime) -> date | datetime:
    if isinstance(told, str):
        if len(told) == len("2026-11-21"):
            return date.fromisoformat(told)
        told = datetime.fromisoformat(told)
    return told.astimezone(OSLO) if isinstance(told, datetime) and told.tzinfo else told
