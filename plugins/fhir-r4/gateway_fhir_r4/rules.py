"""What an installation decides about its FHIR server: which plans are cases, whose word counts, what codes mean."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

PEOPLE = ("Organization", "Practitioner", "PractitionerRole", "Patient", "RelatedPerson")
CARE = ("EpisodeOfCare", "CarePlan", "CareTeam", "Goal", "Task", "Consent", "Flag")
TYPES = (*PEOPLE, *CARE)
"""The resource types that are read, in the order in which they refer to each other."""

COORDINATOR = "urn:oid:2.16.578.1.12.4.1.1.9034|8"
"""Kodeverk 9034, code 8: koordinator for individuell plan."""


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[systems.<name>.options]``. Codes are written ``system|code``.

    ``case`` says which resource makes a case, ``case_categories`` which of them (empty: all), ``plan_categories`` which
    CarePlans are individual plans. ``tag`` limits every search to resources with this ``meta.tag``, ``where`` adds
    search parameters to a type's search (``{"Goal": "category=..."}``). ``services`` maps
    an Organization (``Organization/12``) or an organisation number to a service, ``purposes`` a consent's purpose to
    ours, ``flags`` a flag's code to ``interpreter``, ``concern`` or ``protection:<level>``.
    ``feed`` is ``search``, or ``history`` where the server keeps one and deletions shall be heard from it too.
    ``writes`` names the kinds that are written; none unless it says so; ``whole`` says that a case is written in one
    transaction, and otherwise each item by itself. ``units`` maps an Organization to the unit that
    hand-overs name, ``closing_note`` is the author by which the note that closes a log is known in a CarePlan.
    """

    resources: tuple[str, ...] = TYPES
    case: Literal["care_plan", "episode"] = "care_plan"
    case_categories: tuple[str, ...] = ()
    plan_categories: tuple[str, ...] = ()
    coordinator_roles: Mapping[str, str] = field(default_factory=lambda: {COORDINATOR: "plan_coordinator"})
    handovers: Mapping[str, str] = {}
    """Codes of tasks that hand over who coordinates, each with its role (``relay_holder``, ``plan_coordinator``)."""
    services: Mapping[str, str] = {}
    purposes: Mapping[str, str] = {}
    flags: Mapping[str, str] = {}
    units: Mapping[str, str] = {}
    writes: tuple[str, ...] = ()
    whole: bool = True
    closing_note: str | None = None
    tag: str | None = None
    where: Mapping[str, str] = {}
    feed: Literal["search", "history"] = "search"
    count: int = 100
    overlap: int = 120
    base: str = ""
    """The server's own address, so that absolute references to it are known as its own."""

    def organization(self, service: str | None) -> str | None:
        """The Organization that the settings name for a service, as ``Organization/12``."""
        named = (key for key, meaning in self.services.items() if meaning == service)
        return next((key for key in named if key.startswith("Organization/")), None)

    def place(self, unit: str | None, service: str | None) -> str | None:
        """The Organization of a unit, where it reads back as just that unit and service."""
        named = (key for key, meaning in self.units.items() if meaning == unit)
        return next((key for key in named if self.services.get(key) == service), None) if unit is not None else None

    def unit_of(self, organization: str | None) -> str | None:
        """What hand-overs call an Organization: the unit of the settings, else its own id."""
        return None if organization is None else self.units.get(organization, organization)
