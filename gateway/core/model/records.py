"""The items of a case. Every field may be absent: a vendor tells what it has, and absence is not deletion.

``required`` names what an item must have before it is kept; the reader reports all that is missing at once.
``natural_key`` names the fields by which the same item is known again in a second system when an existing log is
adopted and no number or link tells.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from gateway.core.model.codes import Purpose, Service
from gateway.core.model.facets import (
    CaseRef,
    Code,
    Codes,
    Count,
    Day,
    Flag,
    Instant,
    ItemRef,
    ItemRefs,
    Name,
    PersonRef,
    PersonRefs,
    Place,
    Text,
    Texts,
    _meta,
)  # fmt: skip
from gateway.core.model.parts import Exclusion, Factor, Involvement, Level

FACT = _meta("fact")
LONG = _meta("narrative")


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="kind"):
    """What every item of a case is made from; its header (origin, category, about) stands in ``ItemHeader``."""

    required: ClassVar[tuple[str, ...]] = ()
    natural_key: ClassVar[tuple[str, ...]] = ()
    synced: ClassVar[bool] = True


class Case(Item, frozen=True, kw_only=True, tag="case"):
    """A relay log (stafettlogg): one child's or pregnant woman's, held together by consent."""

    natural_key = ("subject",)
    required = ("subject",)

    subject: PersonRef = UNSET
    subject_role: Annotated[Literal["child", "youth", "pregnant", "unborn"], FACT] | UnsetType = UNSET
    status: (
        Annotated[
            Literal[
                "draft", "consent_pending", "active", "suspended", "closing", "closed", "replaced_by_plan",
                "closed_by_family", "closed_by_withdrawal", "moved",
            ],
            FACT,
        ]
        | UnsetType
    ) = UNSET  # fmt: skip
    level: Annotated[Level, FACT] | UnsetType = UNSET
    step: Code = UNSET
    opened_on: Day = UNSET
    closed_on: Day = UNSET
    due_date: Day = UNSET
    """The expected birth, while the case is a pregnant woman's."""
    continues: CaseRef = UNSET
    """The case that this one continues: the pregnant woman's that became the child's, or one from before a move."""
    replaced_by: ItemRef = UNSET
    owning_unit: Place = UNSET
    prevention_tier: Annotated[Literal["universal", "selective", "indicated"], FACT] | UnsetType = UNSET
    organisation_level: Annotated[Literal["individual", "service", "municipality"], FACT] | UnsetType = UNSET
    guide: Code = UNSET
    next_meeting_on: Day = UNSET
    close_reason: Code = UNSET
    closing_note: Text = UNSET


class Concern(Item, frozen=True, kw_only=True, tag="concern"):
    """A worry about a child, clarified with the family (bekymring, uro, oppmerksomhet)."""

    natural_key = ("raised_on", "area")
    required = ("raised_on",)

    summary: Text = UNSET
    area: Code = UNSET
    causes: Annotated[list[Literal["home", "child", "environment", "leisure"]], FACT] | UnsetType = UNSET
    arenas: Codes = UNSET
    risk_factors: Annotated[list[Factor], LONG] | UnsetType = UNSET
    protective_factors: Annotated[list[Factor], LONG] | UnsetType = UNSET
    level: Annotated[Level, FACT] | UnsetType = UNSET
    step: Code = UNSET
    raised_on: Day = UNSET
    raised_by: Annotated[Literal["employee", "guardian", "youth", "relative", "citizen"], FACT] | UnsetType = UNSET
    """An employee, a guardian about their own child, the youth, or somebody about another's child."""
    raised_by_name: Name = UNSET
    found_on: Day = UNSET
    first_measure_on: Day = UNSET
    decide_by: Day = UNSET
    status: Annotated[Literal["raised", "clarified", "followed", "settled", "dismissed"], FACT] | UnsetType = UNSET
    conclusion: Text = UNSET
    involvement: Annotated[list[Involvement], FACT] | UnsetType = UNSET
    siblings: PersonRefs = UNSET
    """Other children that this one concern is about; each has a case of its own."""
    notes: Texts = UNSET


class Goal(Item, frozen=True, kw_only=True, tag="goal"):
    """What the family and the helpers want to reach."""

    natural_key = ("title",)
    required = ("title",)

    title: Text = UNSET
    description: Text = UNSET
    area: Code = UNSET
    part_of: ItemRef = UNSET
    target_on: Day = UNSET
    status: (
        Annotated[Literal["proposed", "active", "reached", "partly_reached", "not_reached", "dropped"], FACT]
        | UnsetType
    ) = UNSET
    attainment: Text = UNSET


class Measure(Item, frozen=True, kw_only=True, tag="measure"):
    """Something done for the child (tiltak), with one who is responsible and a date for its evaluation."""

    natural_key = ("title", "started_on")
    required = ("title",)

    title: Text = UNSET
    description: Text = UNSET
    goals: ItemRefs = UNSET
    area: Code = UNSET
    arena: Code = UNSET
    responsible: Name = UNSET
    responsible_service: Annotated[Service, FACT] | UnsetType = UNSET
    status: Annotated[Literal["proposed", "decided", "started", "evaluated", "ended", "dropped"], FACT] | UnsetType = (
        UNSET
    )
    decided_on: Day = UNSET
    started_on: Day = UNSET
    ended_on: Day = UNSET
    evaluate_by: Day = UNSET
    extent: Text = UNSET
    effect: Text = UNSET
    tried_before: Flag = UNSET
    risk_factors: Annotated[list[Factor], LONG] | UnsetType = UNSET
    protective_factors: Annotated[list[Factor], LONG] | UnsetType = UNSET
    level: Annotated[Level, FACT] | UnsetType = UNSET


class Meeting(Item, frozen=True, kw_only=True, tag="meeting"):
    """A meeting of the family and the helpers; the log stands for minutes."""

    natural_key = ("held_at", "meeting_type")
    required = ("held_at",)

    meeting_type: Code = UNSET
    held_at: Instant = UNSET
    ends_at: Instant = UNSET
    place: Place = UNSET
    agenda: Text = UNSET
    summary: Text = UNSET
    decisions: Texts = UNSET
    participants: Annotated[list[str], _meta("identity", max_length=100)] | UnsetType = UNSET
    involvement: Annotated[list[Involvement], FACT] | UnsetType = UNSET
    next_on: Day = UNSET
    status: Annotated[Literal["planned", "held", "cancelled"], FACT] | UnsetType = UNSET


class Evaluation(Item, frozen=True, kw_only=True, tag="evaluation"):
    """What came of a measure or a goal: before, during or after."""

    natural_key = ("evaluated_on", "of")
    required = ("evaluated_on",)

    of: ItemRefs = UNSET
    phase: Annotated[Literal["before", "during", "after"], FACT] | UnsetType = UNSET
    evaluated_on: Day = UNSET
    outcome: Annotated[Literal["better", "unchanged", "worse", "reached", "unclear"], FACT] | UnsetType = UNSET
    text: Text = UNSET
    next_step: Code = UNSET


class ChildVoice(Item, frozen=True, kw_only=True, tag="child_voice"):
    """The child's own view, and who asked."""

    natural_key = ("heard_on",)
    required = ("heard_on",)

    heard_on: Day = UNSET
    text: Text = UNSET
    talked_with: Name = UNSET
    how: Code = UNSET
    about_decision: Code = UNSET


class BrightMoment(Item, frozen=True, kw_only=True, tag="bright_moment"):
    """Something good that was seen (lysglimt)."""

    natural_key = ("seen_on",)
    required = ("seen_on",)

    seen_on: Day = UNSET
    text: Text = UNSET
    arena: Code = UNSET


class Assignment(Item, frozen=True, kw_only=True, tag="assignment"):
    """Who coordinates (one at a time of each role: ``gateway.core.baton``), or who helps."""

    natural_key = ("role", "service", "holder_name")
    required = ("role",)

    role: Annotated[Literal["relay_holder", "plan_coordinator", "child_coordinator", "helper"], FACT] | UnsetType = (
        UNSET
    )
    holder: PersonRef = UNSET
    holder_name: Name = UNSET
    service: Annotated[Service, FACT] | UnsetType = UNSET
    unit: Place = UNSET
    state: (
        Annotated[Literal["claimed", "offered", "accepted", "declined", "withdrawn", "expired", "ended"], FACT]
        | UnsetType
    ) = UNSET
    """``claimed``: a system says so, and no person has confirmed it."""
    offered_on: Day = UNSET
    since: Day = UNSET
    until: Day = UNSET
    basis: Code = UNSET
    family_wish: Text = UNSET
    trained: Flag = UNSET


class Consent(Item, frozen=True, kw_only=True, tag="consent"):
    """One giver's declaration: to whom, from whom, for what, how long. Refusals are kept as carefully as consents."""

    natural_key = ("by", "purpose", "valid_from")
    required = ("by", "purpose", "decision")

    decision: Annotated[Literal["given", "refused"], FACT] | UnsetType = UNSET
    by: PersonRef = UNSET
    capacity: Code = UNSET
    purpose: Annotated[Purpose, FACT] | UnsetType = UNSET
    services: Annotated[list[Service], FACT] | UnsetType = UNSET
    units: Codes = UNSET
    from_services: Annotated[list[Service], FACT] | UnsetType = UNSET
    categories: Codes = UNSET
    excluded: Annotated[list[Exclusion], FACT] | UnsetType = UNSET
    level_from: Count = UNSET
    level_to: Count = UNSET
    given: Instant = UNSET
    valid_from: Day = UNSET
    valid_to: Day = UNSET
    withdrawn: Instant = UNSET
    form: Annotated[Literal["written", "oral", "electronic"], FACT] | UnsetType = UNSET
    form_version: Code = UNSET
    language: Code = UNSET
    interpreter: Flag = UNSET
    information_given: Text = UNSET
    evidence_ref: Code = UNSET
    evidence_hash: Code = UNSET
    recorded_by: Code = UNSET
    supersedes: ItemRef = UNSET


class Plan(Item, frozen=True, kw_only=True, tag="plan"):
    """An individuell plan: one for each person, led by a coordinator."""

    natural_key = ("opened_on",)
    required = ("status",)

    status: Annotated[Literal["offered", "active", "declined", "closed"], FACT] | UnsetType = UNSET
    opened_on: Day = UNSET
    closed_on: Day = UNSET
    revise_by: Day = UNSET
    goals_text: Text = UNSET
    resources: Text = UNSET
    needs: Text = UNSET
    responsible_for_progress: Name = UNSET
    contributions: Texts = UNSET
    measures: ItemRefs = UNSET
    cooperation: Text = UNSET
    consents: ItemRefs = UNSET
    replaces: CaseRef = UNSET


class SafetyPlan(Item, frozen=True, kw_only=True, tag="safety_plan"):
    """A school's or kindergarten's duty plan for a safe environment; owned there, never taken over by a helper."""

    natural_key = ("made_on",)
    required = ("made_on",)

    made_on: Day = UNSET
    problem: Text = UNSET
    measures: Texts = UNSET
    when: Text = UNSET
    responsible: Name = UNSET
    evaluate_by: Day = UNSET
    status: Annotated[Literal["active", "evaluated", "closed"], FACT] | UnsetType = UNSET


class WonderNote(Item, frozen=True, kw_only=True, tag="wonder_note"):
    """An employee's own note before there is a shared concern. It never travels."""

    synced = False
    required = ("noted_on",)

    noted_on: Day = UNSET
    context: Text = UNSET
    observation: Text = UNSET
    duration: Text = UNSET
    frequency: Code = UNSET
    resources: Text = UNSET


class ReportedPerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A child or guardian in a report to child welfare, and whether they were told."""

    person: PersonRef = UNSET
    name: Name = UNSET
    number: Name = UNSET
    address: Place = UNSET
    unborn: Flag = UNSET
    informed: Flag = UNSET
    not_informed_reason: Text = UNSET


class ChildWelfareReport(Item, frozen=True, kw_only=True, tag="child_welfare_report"):
    """A statutory report (bekymringsmelding) to barnevernet, filed by a named employee.

    Carries what version 2 of the national report asks for.
    """

    natural_key = ("filed_on", "reporter_name")
    required = ("filed_on", "duty", "ground")

    filed_on: Day = UNSET
    duty: Code = UNSET
    ground: Annotated[Literal["a", "b", "c", "d", "e"], FACT] | UnsetType = UNSET
    filed_by: Annotated[Service, FACT] | UnsetType = UNSET
    municipality_number: Code = UNSET
    municipality_name: Code = UNSET
    district_number: Code = UNSET
    district_name: Code = UNSET
    reporter_name: Name = UNSET
    reporter_role: Code = UNSET
    reporter_phone: Place = UNSET
    reporter_email: Place = UNSET
    reporter_organisation: Place = UNSET
    reporter_address: Place = UNSET
    children: Annotated[list[ReportedPerson], _meta("identity", max_length=20)] | UnsetType = UNSET
    guardians: Annotated[list[ReportedPerson], _meta("identity", max_length=4)] | UnsetType = UNSET
    report: Text = UNSET
    history: Text = UNSET
    interpreter_needs: Text = UNSET
    other_agencies: Text = UNSET
    other_views: Text = UNSET
    status: Annotated[Literal["filed", "sent", "delivered", "confirmed", "failed"], FACT] | UnsetType = UNSET


class UserExperience(Item, frozen=True, kw_only=True, tag="user_experience"):
    """What the family thought of the help, asked for after the meeting types that the model names."""

    natural_key = ("asked_on", "meeting_type")
    required = ("asked_on",)

    asked_on: Day = UNSET
    meeting_type: Code = UNSET
    answered_by: Annotated[Literal["child", "guardian"], FACT] | UnsetType = UNSET
    scores: Annotated[dict[str, Annotated[int, Meta(ge=0, le=10)]], FACT] | UnsetType = UNSET
    comment: Text = UNSET


class Participant(Item, frozen=True, kw_only=True, tag="participant"):
    """A person or service that takes part in a case. That a service takes part is itself confidential."""

    natural_key = ("service", "name")
    required = ("role",)

    role: (
        Annotated[Literal["relay_holder", "actor", "guardian", "subject", "coordinator", "helper"], FACT] | UnsetType
    ) = UNSET
    person: PersonRef = UNSET
    name: Name = UNSET
    service: Annotated[Service, FACT] | UnsetType = UNSET
    unit: Place = UNSET
    email: Place = UNSET
    phone: Place = UNSET
    task: Code = UNSET
    since: Day = UNSET
    until: Day = UNSET
    may_write: Flag = UNSET
