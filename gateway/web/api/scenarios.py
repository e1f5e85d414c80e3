"""The form of a scenario and of its answer, for the description alone: ``gateway.core.scenario`` reads and judges it.

A test holds the two together. What is left out, or null, is a fact that nobody knows.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from gateway.core.model.codes import (
    Care,
    Domain,
    ItemKind,
    Protection,
    Purpose,
    Responsibility,
    Sector,
    Service,
)

Text = Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType | None
Flag = bool | UnsetType | None
Day = Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")] | UnsetType | None
Time = (
    Annotated[str, Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
                                r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$")]
    | UnsetType
    | None
)  # fmt: skip


class _Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a scenario's objects share: no other keys."""


class PolicyForm(_Form, frozen=True, kw_only=True):
    """What the law leaves to the municipality."""

    self_consent_age: Literal[15, 16] | UnsetType | None = UNSET
    both_guardians: Flag = UNSET


class MunicipalityForm(_Form, frozen=True, kw_only=True):
    """The municipality."""

    model: Text = UNSET
    policy: PolicyForm | UnsetType | None = UNSET


class SomeoneForm(_Form, frozen=True, kw_only=True):
    """Somebody in the case."""

    id: Text = UNSET
    birth_date: Day = UNSET
    protection: Protection | UnsetType | None = UNSET


class SubjectForm(SomeoneForm, frozen=True, kw_only=True):
    """The child."""

    has_capacity: Flag = UNSET
    pregnant: Flag = UNSET


class GuardianForm(_Form, frozen=True, kw_only=True):
    """Who answers for the child, and how."""

    person: Text = UNSET
    responsibility: Responsibility | UnsetType | None = UNSET
    resident: Flag = UNSET


class ExclusionForm(_Form, frozen=True, kw_only=True):
    """What a consent leaves out: exactly one of these."""

    service: Service | UnsetType = UNSET
    unit: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    category: ItemKind | UnsetType = UNSET
    kind: ItemKind | UnsetType = UNSET
    person: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET


class ConsentForm(_Form, frozen=True, kw_only=True, rename={"valid_from": "from", "valid_to": "to"}):
    """A yes: whose, to what, from when and until when."""

    id: Text = UNSET
    by: Text = UNSET
    purpose: Purpose | UnsetType | None = UNSET
    services: list[Service] | UnsetType | None = UNSET
    from_services: list[Service] | UnsetType | None = UNSET
    units: list[Annotated[str, Meta(min_length=1, max_length=500)]] | UnsetType | None = UNSET
    categories: list[ItemKind] | UnsetType | None = UNSET
    excluded: list[ExclusionForm] | UnsetType | None = UNSET
    given: Time = UNSET
    valid_from: Day = UNSET
    valid_to: Day = UNSET
    withdrawn: Time = UNSET


class RefusalForm(_Form, frozen=True, kw_only=True):
    """A no: whose, when, to what."""

    by: Text = UNSET
    at: Time = UNSET
    purpose: Purpose | UnsetType | None = UNSET


class BlockForm(_Form, frozen=True, kw_only=True, rename={"valid_from": "from", "valid_to": "to"}):
    """A service that is shut out."""

    service: Service | UnsetType | None = UNSET
    valid_from: Day = UNSET
    valid_to: Day = UNSET


class ItemForm(_Form, frozen=True, kw_only=True):
    """What is asked about: a record and its fields."""

    kind: ItemKind | UnsetType | None = UNSET
    domain: Domain | UnsetType | None = UNSET
    category: ItemKind | UnsetType | None = UNSET
    about: list[Annotated[str, Meta(min_length=1, max_length=500)]] | UnsetType | None = UNSET
    withheld_from_parents: Flag = UNSET
    fields: list[Annotated[str, Meta(min_length=1, max_length=500)]] | UnsetType | None = UNSET


class SenderForm(_Form, frozen=True, kw_only=True):
    """Who gives."""

    service: Service | UnsetType | None = UNSET
    unit: Text = UNSET
    body: Text = UNSET
    sector: Sector | UnsetType | None = UNSET


class ReceiverForm(SenderForm, frozen=True, kw_only=True):
    """Who gets."""

    person: Text = UNSET


class NeedForm(_Form, frozen=True, kw_only=True):
    """A named employee's judgement that it is necessary."""

    by: Text = UNSET
    at: Time = UNSET
    reason: Text = UNSET


class DutyForm(_Form, frozen=True, kw_only=True):
    """The duty that somebody claims: its code stands in the rules, its ground is a letter of the section."""

    code: Text = UNSET
    ground: Literal["a", "b", "c", "d", "e"] | UnsetType | None = UNSET
    filed_by: Service | UnsetType | None = UNSET


class ScenarioForm(_Form, frozen=True, kw_only=True):
    """The facts of one decision."""

    at: Time = UNSET
    municipality: MunicipalityForm | UnsetType | None = UNSET
    subject: SubjectForm | UnsetType | None = UNSET
    people: list[SomeoneForm] | UnsetType | None = UNSET
    guardians: list[GuardianForm] | UnsetType | None = UNSET
    care: Care | UnsetType | None = UNSET
    consents: list[ConsentForm] | UnsetType | None = UNSET
    refusals: list[RefusalForm] | UnsetType | None = UNSET
    blocks: list[BlockForm] | UnsetType | None = UNSET
    item: ItemForm | UnsetType | None = UNSET
    sender: SenderForm | UnsetType | None = UNSET
    receiver: ReceiverForm | UnsetType | None = UNSET
    purpose: Purpose | UnsetType | None = UNSET
    need: NeedForm | UnsetType | None = UNSET
    duty: DutyForm | UnsetType | None = UNSET


class Words(Struct, frozen=True, kw_only=True):
    """A decision in words."""

    nb: str
    nn: str
    en: str


class DecisionForm(Struct, frozen=True, kw_only=True):
    """The gate's word, with all that it rests on and all that it asks for."""

    effect: Literal["permit", "partial", "deny", "hold"]
    fields: dict[str, Literal["permit", "deny", "hold"]]
    rules: list[str]
    secrecy_basis: str | None
    processing_basis: str | None
    must_consent: list[str]
    missing: list[str]
    inform: list[str]
    heard: list[str]
    obligations: list[str]
    task: str | None
    explanation: Words


Scenarios = ScenarioForm | list[ScenarioForm]
Decisions = DecisionForm | list[DecisionForm]
