"""What the API takes and gives, as types: checks and description are made from them, so neither can say otherwise."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Pseudonym = Annotated[str, Meta(pattern="^[0-9a-f]{8,64}$")]
"""The id of a case, an item or a task: it says nothing and is nobody's number."""
Named = Annotated[str, Meta(pattern="^[a-z0-9æøå._-]{1,64}$")]
"""A name of the settings: a system, a unit, a kind."""
Number = Annotated[str, Meta(pattern="^[0-9]{11}$")]
Cursor = Annotated[str, Meta(pattern="^[0-9]{1,18}-[0-9a-f]{8,64}$", description="`next` of the page before")]
Limit = Annotated[int, Meta(ge=1, le=50, description="how many, at most")]
Instant = Annotated[str, Meta(pattern=r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})$",
                              description="an instant with an offset (RFC 3339)")]  # fmt: skip


class Flaw(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with what was sent, and where. Never a value."""

    code: str
    path: str


class ProblemReply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457). `code` is stable; `title` is in the language that was asked for."""

    type: str
    title: str
    status: int
    code: str
    where: str = ""
    errors: list[Flaw] = []


class Me(Struct, frozen=True, kw_only=True):
    """Who calls, as the gateway sees it."""

    name: str
    program: str
    role: str
    unit: str | None
    named: bool
    scopes: list[str]


class SystemState(Struct, frozen=True, kw_only=True):
    """A system: what is due there and how old, and what went wrong last."""

    system: str
    adapter: str
    broken: str | None
    last_success: str | None
    last_error: str | None
    error_at: str | None
    due: int
    oldest_due: str | None
    quarantined: int
    uncertain: int
    asked_back: int


class Status(Struct, frozen=True, kw_only=True):
    """What moves and what does not, in counts and codes."""

    tenant: str
    paused: bool
    due: int
    asked_back: int
    tasks: dict[str, int]
    systems: list[SystemState]


class FlowState(Struct, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}):
    """A pair of systems between which records can go, and whether they do."""

    source: str
    target: str
    state: Literal["shadow", "approved", "paused"]
    by: str | None
    at: str | None
    sending: bool


class Flows(Struct, frozen=True, kw_only=True):
    """Every flow."""

    flows: list[FlowState]


class FlowChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a flow is to be: `shadow` decides and sends nothing, `paused` stops, `approved` sends."""

    state: Literal["shadow", "approved", "paused"]


class Sending(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether every sending is stopped; intake goes on."""

    paused: bool


class TaskState(Struct, frozen=True, kw_only=True):
    """Something that waits for a person: what it is about and whose it is, without any value."""

    id: str
    kind: str
    at: str
    deadline: str
    case: str | None
    item: str | None
    system: str | None
    unit: str | None
    role: str | None
    answers: list[str]
    owner: list[str] = []
    outcome: str | None = None
    resolved_by: str | None = None


class TaskPage(Struct, frozen=True, kw_only=True):
    """Tasks, the oldest deadline first. `next` leads to the page after, where there is one."""

    tasks: list[TaskState]
    next: str | None


class Side(Struct, frozen=True, kw_only=True):
    """A field of a conflict with both values, as far as the gate lets them be seen; `withheld` says by which rules."""

    item: str
    kind: str
    field: str
    ours: Any
    theirs: Any
    system: str
    withheld: dict[str, list[str]]


class TaskWhole(TaskState, frozen=True, kw_only=True):
    """A task with what is needed to answer it."""

    about: dict[str, Any] = {}
    values: list[Side] = []
    text: str | None = None


class TaskAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the task's `answers`."""

    answer: Annotated[str, Meta(pattern="^[a-z_]{1,30}$")]


class CaseLine(Struct, frozen=True, kw_only=True):
    """A case in a list: the child's name and the level, where they may be seen."""

    case: str
    name: str
    level: Any
    status: str | None


class CasePage(Struct, frozen=True, kw_only=True):
    """Cases, in an order that says nothing. `next` leads to the page after, where there is one."""

    cases: list[CaseLine]
    next: str | None


class CaseSearch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A child's number: it stands in what is sent and never in an address."""

    number: Number


class Item(Struct, frozen=True, kw_only=True):
    """A record of a case with the fields that the caller's unit wrote, or may get."""

    id: str
    kind: str
    own: bool
    unit: str | None
    fields: dict[str, Any]


class Case(Struct, frozen=True, kw_only=True):
    """A case as a system of the caller's unit could be sent it, and who holds the baton."""

    case: str
    items: list[Item]
    baton: dict[str, Any]


class Fate(Struct, frozen=True, kw_only=True):
    """What becomes of a record towards one receiver: each field's effect, the rules and what they rest on."""

    effect: str
    fields: dict[str, str]
    rules: list[str]
    secrecy_basis: str | None
    processing_basis: str | None
    missing: list[str]
    held: list[str]
    words: dict[str, str]


class RecordLife(Struct, frozen=True, kw_only=True):
    """A record's way through the gateway, told of the fields that the caller may see."""

    item: str
    kind: str
    deleted: bool
    fields: list[str]
    life: list[dict[str, Any]]
    history: list[dict[str, Any]]
    receivers: dict[str, Fate]
    disclosed: list[dict[str, Any]]
    asked_back: list[dict[str, Any]]


class Explained(Struct, frozen=True, kw_only=True):
    """A record's life, now or at another time."""

    case: str
    at: str
    complete: bool
    settings_since: str | None
    record: RecordLife


class TasksAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which tasks: `mine` are those that a named person answers for, `later` those of them that are put off, `unit`
    those of the unit and of none.
    """

    scope: Literal["mine", "unit", "all", "later"] = "unit"
    limit: Limit = 50
    cursor: Cursor | None = None


class PageAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which page."""

    limit: Limit = 20
    cursor: Cursor | None = None


class ExplainAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which receiver, as of when, and of which field."""

    receiver: Named | None = None
    at: Instant | None = None
    field: Annotated[str, Meta(pattern="^[a-z_]{1,60}$")] | None = None
