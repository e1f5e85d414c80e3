"""The letter that answers somebody who asks who got what, from the templates of one language."""

from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from gateway.core.access import Line
from gateway.core.catalogue import OWN, Pack
from gateway.core.document import Document, Section
from gateway.core.law.grounds import ACCESS, ALWAYS
from gateway.run.handed import basis_of
from gateway.run.languages import labels
from gateway.run.looks import Look
from gateway.run.world import World

_OSLO = ZoneInfo("Europe/Oslo")


class Answered(Struct, frozen=True, kw_only=True):
    """What is answered: ``report``, ``waits`` (a person looks first) or ``no`` (refused on ``ground``).

    ``own`` says whether somebody asks about themselves.
    """

    answer: str
    own: bool
    at: datetime
    deadline: datetime
    ground: str | None
    lines: list[Line]
    looks: list[Look]


def letter(world: World, told: Answered, pack: Pack) -> Document:
    """The answer as a document in a pack's language."""
    say = _sayer(pack)
    sections: tuple[Section, ...]
    if told.answer == "waits":
        title, sections = say("title_waits"), (Section(paragraphs=(say("waits", deadline=_date(say, told.deadline)),)),)
    elif told.answer == "no":
        title, sections = say("title_no"), tuple(_refusal(told, say, pack))
    else:
        title, sections = say("title" if told.own else "title_child"), tuple(_report(world, told, say, pack))
    return Document(title=title, language=pack.language, direction=pack.direction, sections=sections)


Say = Callable[..., str]


def _sayer(pack: Pack) -> Say:
    return lambda key, **facts: pack.texts[f"access.{key}"].format(**facts)


def _report(world: World, told: Answered, say: Say, pack: Pack) -> Iterator[Section]:
    yield Section(paragraphs=(say("made", time=_clock(say, told.at)), say("right")))
    yield Section(heading=say("got"), paragraphs=() if told.lines else (say("got_nothing"),))
    receivers: dict[str, list[Line]] = {}
    for one in told.lines:
        receivers.setdefault(_who(world, one, pack), []).append(one)
    for who, lines in receivers.items():
        points = tuple(_points(world, lines, say, pack))
        yield Section(paragraphs=(_upper(say("who_got", who=who)),), points=points)
    looks = tuple((_look(world, one, say, pack),) for one in told.looks)
    if looks:
        yield Section(heading=say("looks"), points=looks)
    grounds = tuple((_ground(code, say, pack),) for code in ALWAYS)
    yield Section(heading=say("left_out"), paragraphs=(say("same_for_all"),), points=grounds)
    yield Section(heading=say("next"), points=((say("correct"),), (say("take_back"),), (say("complain"),)))


def _points(world: World, lines: list[Line], say: Say, pack: Pack) -> Iterator[tuple[str, ...]]:
    called = labels(pack)
    for one in lines:
        fields = ", ".join(dict.fromkeys(called(one.kind, name) for name in one.fields))
        yield tuple(
            part
            for part in (
                say("what", kind=pack.texts.get(f"kind.{one.kind}", one.kind), fields=fields),
                say("once", first=_clock(say, one.first))
                if one.times == 1
                else say("often", times=one.times, first=_date(say, one.first), last=_date(say, one.last)),
                _why(world, one, say, pack),
                "" if one.sure else say("why_unsure"),
                _given_back(one, say),
            )
            if part
        )


def _who(world: World, one: Line, pack: Pack) -> str:
    system = world.settings.systems.get(one.system)
    title = world.settings.units[system.unit].title if system is not None else ""
    service = pack.texts[f"service.{one.service}"]
    return f"{title} ({service})" if title else service


def _why(world: World, one: Line, say: Say, pack: Pack) -> str:
    basis = basis_of(world, one.basis)
    if basis is None:
        return ""
    # A pack has no words of its own for the acts: what the law says stands in bokmål beside a translated letter.
    text = getattr(basis.text, pack.language if pack.language in OWN else "nb")
    return say("why", text=text, act=basis.act, section=basis.section)


def _given_back(one: Line, say: Say) -> str:
    state = {"by_hand": "asked", "replaced": "asked", "lapsed": "asked"}.get(one.retracted or "", one.retracted)
    return say(state) if state in {"asked", "acknowledged", "partly", "refused"} else ""


def _look(world: World, one: Look, say: Say, pack: Pack) -> str:
    person = world.settings.actor(one.by)
    role = person.role if person is not None else "other"
    unit = world.settings.units.get(person.unit) if person is not None and person.unit is not None else None
    where = (unit.title or pack.texts[f"service.{unit.service}"]) if unit is not None else world.settings.municipality
    return say("look", time=_clock(say, one.at), role=pack.texts[f"role.{role}"], unit=where)


def _refusal(told: Answered, say: Say, pack: Pack) -> Iterator[Section]:
    yield Section(paragraphs=(say("no"), _ground(told.ground or "", say, pack)))
    yield Section(heading=say("next"), points=((say("appeal"),), (say("complain"),)))


def _ground(code: str, say: Say, pack: Pack) -> str:
    basis = next(one for one in ACCESS.bases if one.code == code)
    return say("ground", text=pack.texts[f"law.{code}"], act=basis.act, section=basis.section)


def _clock(say: Say, at: datetime) -> str:
    local = at.astimezone(_OSLO)
    return say("clock", day=local.day, month=local.month, year=local.year, hour=f"{local:%H}", minute=f"{local:%M}")


def _date(say: Say, at: datetime) -> str:
    local = at.astimezone(_OSLO)
    return say("date", day=local.day, month=local.month, year=local.year)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
