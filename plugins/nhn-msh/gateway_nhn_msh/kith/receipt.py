"""Application receipts as XML, and back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gateway.sdk import Fault
from gateway.sdk.xmlio import parse
from gateway_nhn_msh.kith.elements import In, Out
from gateway_nhn_msh.kith.values import AppRec, Coded, Original, Party, Unit

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACES: Mapping[str, str] = {
    "1.0": "http://www.kith.no/xmlstds/apprec/2004-11-21",
    "1.1": "http://www.kith.no/xmlstds/apprec/2012-02-15",
}
MIG: Mapping[str, str] = {"1.0": "1.0 2004-11-21", "1.1": "v1.1 2012-02-15"}
"""The version that a receipt names, beside its namespace."""

_TYPE = Coded(code="APPREC", name="Applikasjonskvittering")


def write(receipt: AppRec) -> bytes:
    """The receipt in UTF-8. Raises ``Fault`` ``kith.value`` for a character that XML cannot carry."""
    from lxml import etree  # noqa: PLC0415

    space = NAMESPACES[receipt.version]
    inner: Any = {None: space}  # the stubs know no default namespace
    root = etree.Element(f"{{{space}}}AppRec", nsmap=inner)
    out = Out(root, space)
    out.coded("MsgType", _TYPE)
    out.text("MIGversion", MIG[receipt.version])
    out.text("SoftwareName", receipt.software)
    out.text("SoftwareVersion", receipt.software_version)
    out.moment("GenDate", receipt.generated)
    out.text("Id", receipt.id)
    _party(out.child("Sender"), receipt.sender)
    _party(out.child("Receiver"), receipt.receiver)
    out.coded("Status", receipt.status)
    for error in receipt.errors:
        out.coded("Error", error)
    original = out.child("OriginalMsgId")
    original.coded("MsgType", receipt.original.function)
    original.moment("IssueDate", receipt.original.issued)
    original.text("Id", receipt.original.id)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _party(out: Out, told: Party) -> None:
    out.coded("Role", told.role)
    place = out.child("HCP").child("Inst")
    _unit(place, told)
    for name, units in (("Dept", told.units), ("HCPerson", told.people)):
        for one in units:
            _unit(place.child(name), one)


def _unit(out: Out, told: Party | Unit) -> None:
    out.text("Name", told.name or None)
    out.text("Id", told.id or None)
    out.coded("TypeId", told.id_type)


def read(data: bytes) -> AppRec:
    """What a receipt says. Raises ``Fault`` with a code of this package."""
    return from_root(parse(data))


def from_root(root: "_Element") -> AppRec:
    """What a receipt with this root says. Raises ``Fault``."""
    version = next((name for name, space in NAMESPACES.items() if root.tag == f"{{{space}}}AppRec"), None)
    if version is None:
        raise Fault("kith.root", "$")
    told = In(root, NAMESPACES[version], "$.AppRec")
    if told.required("MIGversion") != MIG[version]:
        raise Fault("kith.version", "$.AppRec.MIGversion")
    original = told.need("OriginalMsgId")
    return AppRec(
        version=version,  # type: ignore[arg-type] # one of the two it is
        id=told.required("Id"),
        generated=told.moment("GenDate"),
        sender=_read_party(told.need("Sender")),
        receiver=_read_party(told.need("Receiver")),
        status=told.code("Status"),
        errors=tuple(found for one in told.all("Error") if (found := one.as_code()) is not None),
        original=Original(
            id=original.required("Id"), function=original.code("MsgType"), issued=original.moment("IssueDate")
        ),
        software=told.text("SoftwareName"),
        software_version=told.text("SoftwareVersion"),
    )


def _read_party(told: In) -> Party:
    """An institution, or a professional alone, who is then taken for one."""
    place = told.need("HCP")
    found = place.maybe("Inst") or place.need("HCProf")
    return Party(
        name=found.text("Name") or "",
        id=found.text("Id") or "",
        id_type=found.coded("TypeId"),
        role=told.coded("Role"),
        units=tuple(_read_unit(one) for one in found.all("Dept")),
        people=tuple(_read_unit(one) for one in found.all("HCPerson")),
    )


def _read_unit(told: In) -> Unit:
    return Unit(name=told.text("Name") or "", id=told.text("Id") or "", id_type=told.coded("TypeId"))
