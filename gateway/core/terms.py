"""A municipality's own words, levels and choices as data: ``mappings/municipalities/<name>.yaml``.

The code works with canonical kinds and ranks; what a level is called, which services there are, when somebody must
decide and after which meetings families are asked stands here. Everything says where it comes from (``text``: the
municipality's own published text; ``law``: an act says so; ``ours``: a default that the municipality should look at).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from gateway.core import told
from gateway.core.mapping import CodeList, Vocabulary
from gateway.core.model.codes import SERVICES, Service

Basis = Literal["text", "ours", "law"]
Language = Literal["nb", "nn"]
Secrecy = Literal["administration", "education", "kindergarten", "health", "child_welfare", "family_counselling",
                  "crisis_centre", "nav", "police"]  # fmt: skip
Cause = Literal["home", "child", "environment", "leisure"]
OrganisationLevel = Literal["individual", "service", "municipality"]
Tier = Literal["universal", "selective", "indicated"]
Rank = Annotated[int, Meta(ge=0, le=3)]
_Text = Annotated[str, Meta(min_length=1)]


FOLLOW_UPS = frozenset({"start_measure", "evaluate_measure", "revise_plan", "hold_first_meeting", "ask_the_family"})
"""Codes of deadlines that stand on a unit's weekly list, and which alone may have days of grace."""


class _Told(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Words(_Told, frozen=True, kw_only=True):
    """A text in both forms of Norwegian, and in English where it is shown to others."""

    nb: _Text
    nn: _Text
    en: str = ""


class Term(_Told, frozen=True, kw_only=True):
    """A local code with its words. ``aliases`` are other codes or words that mean the same in what systems send."""

    code: _Text
    title: Words
    aliases: list[_Text] = []
    basis: Basis = "text"


class LocalLevel(Term, frozen=True, kw_only=True):
    """A level of the model: the local code and its canonical rank, which never changes a level's order."""

    rank: Rank
    means: Words | None = None
    services_from: Annotated[int, Meta(ge=1)] | None = None
    """From how many services the level is for, where the text says; ``services_to`` likewise."""
    services_to: Annotated[int, Meta(ge=1)] | None = None
    team: str | None = None
    """The team that takes part at this level."""


class Step(Term, frozen=True, kw_only=True):
    """A step of the guide, inside a level or for all of them."""

    level: str | None = None


class LocalService(Term, frozen=True, kw_only=True):
    """A service by its local name. ``service`` is the canonical one, where there is one."""

    service: Service | None = None
    service_class: Literal["basic", "helping"] = "helping"
    sectors: list[Literal["public", "private"]] = field(default_factory=lambda: ["public"])
    secrecy: list[Secrecy]
    agency: str | None = None


class House(Term, frozen=True, kw_only=True):
    """Services under one roof. Each keeps its own secrecy: a roof is not a legal basis for sharing."""

    services: list[str]
    agency: str | None = None
    tiers: list[Tier] = []


class MeetingType(Term, frozen=True, kw_only=True):
    """A kind of meeting; ``survey``: the family is asked afterwards what they thought of it."""

    survey: bool = False
    level: str | None = None


class Axis(Term, frozen=True, kw_only=True):
    """A level of the organisation: another axis than 0 to 3."""

    level: OrganisationLevel


class External(Term, frozen=True, kw_only=True):
    """A party outside the municipality with which it has an agreement, under its own secrecy."""

    service: Service
    secrecy: list[Secrecy]


class Deadline(_Told, frozen=True, kw_only=True):
    """Days from one date of an item to when something must be done.

    ``warn`` is how many days before its owner is asked, ``escalate`` how many days after a leader is. ``grace`` is how
    many days late something may be before its owner is asked; only what follows up has any (``FOLLOW_UPS``).
    """

    code: _Text
    kind: _Text
    after: _Text
    days: Annotated[int, Meta(ge=0, le=3660)]
    basis: Basis
    levels: list[str] = []
    warn: Annotated[int, Meta(ge=0, le=365)] = 0
    escalate: Annotated[int, Meta(ge=0, le=365)] = 7
    grace: Annotated[int, Meta(ge=0, le=30)] = 0


class PolicyTerms(_Told, frozen=True, kw_only=True):
    """What the law leaves to the municipality. ``gateway.toml`` decides; these are what a new folder starts with."""

    self_consent_age: Literal[15, 16] = 15
    both_guardians: bool = True
    first_level_with_log: Rank = 1
    training_required: bool = False
    small_cell: Annotated[int, Meta(ge=3)] = 5
    """Counts below this are not shown. Fewer than three is not the municipality's to choose."""
    basis: Basis = "ours"


class SafetyPlanTerms(_Told, frozen=True, kw_only=True):
    """Who owns a duty plan for a safe environment. A helping service never takes it over."""

    owners: list[Service]
    helpers_may_take_over: Literal[False] = False
    cites: list[str] = []
    """How the municipality's text cites the law, with ``now``, the section that holds today."""
    now: list[str] = []


class Guide(Term, frozen=True, kw_only=True):
    """A guide, form or template. ``address`` is public."""

    address: str = ""
    levels: list[str] = []


class Terms(_Told, frozen=True, kw_only=True):
    """A municipality's model, whole."""

    model: _Text
    municipality: _Text
    language: Language
    """The form of Norwegian that the municipality writes."""
    brand: Words
    aliases: list[str] = []
    subjects: list[Literal["child", "youth", "pregnant", "unborn"]]
    levels: list[LocalLevel]
    organisation_levels: list[Axis] = []
    words: dict[str, dict[Language, list[_Text]]] = {}
    """The municipality's words for canonical things: ``concern`` → ``nn`` → its words, the usual one first."""
    causes: dict[Cause, Words] = {}
    agencies: list[Term] = []
    services: list[LocalService]
    houses: list[House] = []
    external: list[External] = []
    teams: list[Term] = []
    meeting_types: list[MeetingType] = []
    steps: list[Step] = []
    phases: list[Literal["before", "during", "after"]] = []
    report_receivers: list[Term] = []
    deadlines: list[Deadline]
    policy: PolicyTerms = PolicyTerms()
    safety_plan: SafetyPlanTerms | None = None
    holder_services: list[Service] = []
    """The services that may hold the relay log; empty: any."""
    guides: list[Guide] = []
    citizens_may_raise: bool = True
    """Whether guardians may raise a concern themselves, about their own children or others'."""

    def level(self, code: str) -> LocalLevel | None:
        """The level of a local code, word or alias; ``None`` for one that the municipality does not have."""
        return next((level for level in self.levels if code in _names(level)), None)

    def of_rank(self, rank: int) -> list[LocalLevel]:
        """The levels of a canonical rank, in their order."""
        return [level for level in self.levels if level.rank == rank]

    def vocabulary(self) -> Vocabulary:
        """The code lists that mappings translate by; each local code, word and alias is read, the code is written."""
        lists: dict[str, list[Any]] = {
            "steps": list(self.steps),
            "meeting_types": list(self.meeting_types),
            "teams": list(self.teams),
            "guides": list(self.guides),
            "agencies": list(self.agencies),
        }
        made = {name: _codes(terms, {term.code: term.code for term in terms}) for name, terms in lists.items()}
        made["levels"] = _codes(self.levels, {one.code: {"code": one.code, "rank": one.rank} for one in self.levels})
        services: list[LocalService | External] = [*self.services, *self.external]
        meant = {one.code: one.service for one in services if one.service is not None}
        local = _codes([one for one in services if one.code in meant], meant)
        # A canonical name is nobody's local word, so it can be read and, where there is no local one, written.
        names = {name: name for name in sorted(SERVICES)}
        made["services"] = CodeList(read={**names, **local.read}, write={**names, **local.write})
        made["organisation_levels"] = _codes(
            self.organisation_levels, {axis.code: axis.level for axis in self.organisation_levels}
        )
        return MappingProxyType(made)


def _names(term: Term) -> list[str]:
    return [term.code, *term.aliases, term.title.nb, term.title.nn]


def _codes(terms: Any, meanings: Mapping[str, Any]) -> CodeList:
    """Reads every name of a term; writes the code of the first term with a meaning. Codes win over words."""
    read: dict[str, Any] = {}
    write: dict[Any, str] = {}
    for term in terms:
        meant = meanings[term.code]
        for name in _names(term):
            read.setdefault(name, meant)
        write.setdefault(meant["code"] if isinstance(meant, dict) else meant, term.code)
    read |= {term.code: meanings[term.code] for term in terms}
    return CodeList(read=MappingProxyType(read), write=MappingProxyType(write))


class TermsInvalid(Exception):
    """A municipality's file that cannot be used: (key, code, text) of all that is wrong with it."""

    def __init__(self, problems: list[tuple[str, str, str]]) -> None:
        super().__init__("; ".join(f"{code} at {key}: {text}" for key, code, text in problems))
        self.problems = problems


def terms_of(plain: Mapping[str, Any]) -> Terms:
    """The terms of a file's plain values.

    Raises ``TermsInvalid`` with every ``terms.shape`` (a key that is missing, unknown or of the wrong form), or, when
    the form is right, every ``terms.twice`` (a code or word with two meanings), ``terms.unknown`` (a reference to
    what the file lacks), ``terms.levels`` (a rank without a level, levels out of order) and ``terms.grace`` (days of
    grace for what the law or the child cannot wait for).
    """
    problems = [(key, "terms.shape", f"expected {text}") for key, text in told.errors(plain, Terms)]
    if problems:
        raise TermsInvalid(problems)
    terms: Terms = told.fitted(plain, Terms)
    problems = [*_twice(terms), *_unknown(terms), *_ranks(terms), *_graces(terms)]
    if problems:
        raise TermsInvalid(problems)
    return terms


def _twice(terms: Terms) -> list[tuple[str, str, str]]:
    found = []
    for section in ("levels", "steps", "meeting_types", "teams", "services", "houses", "external", "agencies"):
        meant: dict[str, str] = {}
        for term in getattr(terms, section):
            found += [
                (f"{section}.{term.code}", "terms.twice", f"means {meant[name]} already")
                for name in dict.fromkeys(_names(term))
                if meant.setdefault(name, term.code) != term.code
            ]
    return found


def _unknown(terms: Terms) -> list[tuple[str, str, str]]:
    levels = {level.code for level in terms.levels}
    agencies = {agency.code for agency in terms.agencies}
    services = {service.code for service in terms.services}
    teams = {team.code for team in terms.teams}
    asked = [(f"levels.{level.code}.team", level.team, teams) for level in terms.levels]
    asked += [(f"steps.{step.code}.level", step.level, levels) for step in terms.steps]
    asked += [(f"meeting_types.{meeting.code}.level", meeting.level, levels) for meeting in terms.meeting_types]
    asked += [(f"services.{service.code}.agency", service.agency, agencies) for service in terms.services]
    asked += [(f"houses.{house.code}.agency", house.agency, agencies) for house in terms.houses]
    asked += [(f"houses.{house.code}.services", name, services) for house in terms.houses for name in house.services]
    asked += [(f"deadlines.{one.code}.levels", name, levels) for one in terms.deadlines for name in one.levels]
    asked += [(f"guides.{guide.code}.levels", name, levels) for guide in terms.guides for name in guide.levels]
    return [(key, "terms.unknown", "is not told elsewhere in the file") for key, name, known in asked
            if name is not None and name not in known]  # fmt: skip


def _graces(terms: Terms) -> list[tuple[str, str, str]]:
    return [
        (f"deadlines.{one.code}.grace", "terms.grace", "only what follows up may have days of grace")
        for one in terms.deadlines
        if one.grace and one.code not in FOLLOW_UPS
    ]


def _ranks(terms: Terms) -> list[tuple[str, str, str]]:
    ranks = [level.rank for level in terms.levels]
    found = []
    if ranks != sorted(ranks):
        found.append(("levels", "terms.levels", "stand from rank 0 upwards"))
    if 0 not in ranks:
        found.append(("levels", "terms.levels", "need one of rank 0, where a worry is clarified"))
    return found
