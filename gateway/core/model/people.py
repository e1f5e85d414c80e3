"""People, what a register says of them, and the tree of bodies, agencies and units."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from gateway.core.model.codes import Protection, Responsibility, Sector, Service
from gateway.core.model.facets import BirthDay, Code, Codes, Day, Flag, ItemRef, Name, PersonRef, Place, _meta
from gateway.core.model.records import FACT, Item


class Person(Item, frozen=True, kw_only=True, tag="person"):
    """The child, a guardian, an employee: whoever has a name in a case."""

    required = ()
    natural_key = ("number",)

    number: Name = UNSET
    """A fødselsnummer, D-number or other national identifier; leaves the gateway only where a receiver needs it."""
    number_type: Code = UNSET
    """``fnr``, ``dnr``, ``fhn`` (felles hjelpenummer), ``duf``, ``hpr``, or a local series of a system's own."""
    former_numbers: (
        Annotated[list[Annotated[str, Meta(max_length=40)]], _meta("identity", max_length=20)] | UnsetType
    ) = UNSET
    """Numbers that the register has replaced (a D-number became a fødselsnummer): the same person is known by them."""
    given_name: Name = UNSET
    family_name: Name = UNSET
    birth_date: BirthDay = UNSET
    deceased: Flag = UNSET
    role: Annotated[Literal["subject", "guardian", "sibling", "employee", "other"], FACT] | UnsetType = UNSET
    protection: Annotated[Protection, FACT] | UnsetType = UNSET
    has_capacity: Flag = UNSET
    pregnant: Flag = UNSET
    care: Annotated[Literal["none", "care_order", "emergency", "moving_ban"], FACT] | UnsetType = UNSET
    language: Code = UNSET
    needs_interpreter: Flag = UNSET
    address: Place = UNSET
    postal_code: Place = UNSET
    city: Place = UNSET
    country: Place = UNSET
    phone: Place = UNSET
    email: Place = UNSET
    school_unit: Place = UNSET
    general_practitioner: Place = UNSET


class Relation(Item, frozen=True, kw_only=True, tag="relation"):
    """Parental responsibility, residence or guardianship as a register states it.

    barnelova §§ 30, 35, 36; vergemålsloven § 16. A school's list of ``foresatte`` is not this.
    """

    natural_key = ("person", "child")
    required = ("person", "child", "responsibility")

    person: PersonRef = UNSET
    child: PersonRef = UNSET
    relation: (
        Annotated[Literal["mother", "father", "co_mother", "foster_parent", "verge", "other"], FACT] | UnsetType
    ) = UNSET
    responsibility: Annotated[Responsibility, FACT] | UnsetType = UNSET
    resident: Flag = UNSET
    shared_residence: Flag = UNSET
    since: Day = UNSET
    until: Day = UNSET
    source: Code = UNSET


class Unit(Item, frozen=True, kw_only=True, tag="unit"):
    """A node of the tree: a legal body, an agency in it, a house of services, or the service's own unit."""

    natural_key = ("organisation_number",)
    required = ("name",)

    name: Place = UNSET
    unit_type: Annotated[Literal["body", "agency", "house", "unit", "team"], FACT] | UnsetType = UNSET
    part_of: ItemRef = UNSET
    body: ItemRef = UNSET
    service: Annotated[Service, FACT] | UnsetType = UNSET
    service_class: Annotated[Literal["basic", "helping"], FACT] | UnsetType = UNSET
    sector: Annotated[Sector, FACT] | UnsetType = UNSET
    organisation_number: Place = UNSET
    her_id: Place = UNSET
    address: Place = UNSET
    phone: Place = UNSET
    email: Place = UNSET
    secrecy: Codes = UNSET
    """The secrecy regimes that hold inside; a house of services under one roof has several."""


class Agreement(Item, frozen=True, kw_only=True, tag="agreement"):
    """A cooperation agreement between bodies (BUP, family counselling, a crisis centre), with its dates."""

    natural_key = ("parties", "valid_from")
    required = ("parties", "valid_from")

    parties: Annotated[list[Annotated[str, Meta(max_length=200)]], _meta("fact", max_length=50)] | UnsetType = UNSET
    title: Code = UNSET
    purpose: Code = UNSET
    valid_from: Day = UNSET
    valid_to: Day = UNSET


class Enrolment(Item, frozen=True, kw_only=True, tag="enrolment"):
    """A child's place in a school or kindergarten, its group, and who the contact teacher is."""

    natural_key = ("person", "unit", "group")
    required = ("person", "unit")

    person: PersonRef = UNSET
    unit: Place = UNSET
    unit_name: Place = UNSET
    group: Place = UNSET
    group_type: Annotated[Literal["basic", "teaching", "contact", "department"], FACT] | UnsetType = UNSET
    role: Annotated[Literal["pupil", "contact_teacher", "teacher", "leader", "staff"], FACT] | UnsetType = UNSET
    grade: Code = UNSET
    since: Day = UNSET
    until: Day = UNSET
    status: Annotated[Literal["active", "ended", "planned"], FACT] | UnsetType = UNSET
