"""References: to a resource of the same server, to another server's, or by an identifier alone."""

from msgspec import Struct

from gateway.sdk import Fault
from gateway_fhir_r4.element import Element
from gateway_fhir_r4.rules import Rules

FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR = "urn:oid:2.16.578.1.12.4.1.4.2"
FHN = "urn:oid:2.16.578.1.12.4.1.4.3"
ENH = "urn:oid:2.16.578.1.12.4.1.4.101"
HER = "urn:oid:2.16.578.1.12.4.1.2"
NUMBER_TYPES = {FNR: "fnr", DNR: "dnr", FHN: "fhn"}
"""Identifier systems of no-basis-Patient, and what we call the numbers."""


class Ref(Struct, frozen=True, kw_only=True):
    """What a reference points to: the resource's type and id where told, an identifier, and the words shown."""

    id: str | None
    type: str | None
    number: tuple[str, str] | None = None
    display: str | None = None


def ref(holder: Element | None, rules: Rules, owner: str = "") -> Ref | None:
    """The reference in an element, or ``None``. ``owner`` is the id of the resource, for what it contains.

    A reference by identifier alone (no-basis-RelatedPerson) is known by ``system|value``.
    """
    if holder is None:
        return None
    display = holder.text("display")
    written = holder.text("reference")
    if written is not None:
        return _written(written, display, rules, owner, holder)
    identifier = holder.one("identifier")
    if identifier is not None and identifier.has("value"):
        system, value = identifier.text("system") or "", identifier.text("value") or ""
        number = (value, NUMBER_TYPES[system]) if system in NUMBER_TYPES else None
        return Ref(id=f"{system}|{value}", type=holder.text("type"), number=number, display=display)
    return Ref(id=None, type=None, display=display) if display is not None else None


def _written(written: str, display: str | None, rules: Rules, owner: str, holder: Element) -> Ref:
    if len(written) > 190:
        raise Fault("fhir.shape", holder.at("reference"))
    if written.startswith("#"):
        return Ref(id=f"{owner}{written}", type=None, display=display)
    base = rules.base.rstrip("/")
    local = written.removeprefix(f"{base}/") if base else written
    local = local.split("/_history/")[0]
    segments = local.split("/")
    kind = segments[-2] if len(segments) > 1 else None
    return Ref(id=local, type=kind, display=display)


def must(holder: Element, name: str, rules: Rules, kind: str | None = None) -> str:
    """The id that a required reference points to.

    Raises ``fhir.missing``, and ``fhir.reference`` where it points to another type of resource than ``kind``.
    """
    found = ref(holder.one(name), rules)
    if found is None or found.id is None:
        raise Fault("fhir.missing", holder.at(name))
    if kind is not None and found.type not in {None, kind}:
        raise Fault("fhir.reference", holder.at(name))
    return found.id
