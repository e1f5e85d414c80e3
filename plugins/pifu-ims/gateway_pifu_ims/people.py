"""What is read of a person or a group, element by element."""

from typing import Any

from gateway_pifu_ims import shape
from gateway_pifu_ims.options import Options
from gateway_pifu_ims.shape import text


def number_of(element: Any) -> str | None:
    """The person number; of other numbers and names none is read."""
    for userid in element.iterfind(shape.path("userid")):
        if userid.get("useridtype") == "personNIN":
            return text(userid)
    return None


def unit_name(element: Any) -> str | None:
    """What a group is called: its usual name where it has several (P3.13.2), else the short one."""
    for name in element.iterfind(shape.path("extension", "pifu_name")):
        if name.get("type") == "name" and (found := text(name, "pifu_value")):
            return found
    return text(element, "description", "short")


def contact(element: Any, options: Options) -> dict[str, dict[str, str]]:
    """Contact details by role: none but those that the settings name."""
    found: dict[str, dict[str, str]] = {}
    for role in sorted({one.partition(".")[0] for one in options.contact}):
        told = _contact(element, role=role, options=options)
        found[role] = {name: value for name, value in told.items() if value is not None}
    return found


def _contact(element: Any, *, role: str, options: Options) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    if f"{role}.phone" in options.contact:
        found["phone"] = _phone(element)
    if f"{role}.email" in options.contact:
        found["email"] = text(element, "email")
    if f"{role}.address" in options.contact:
        address = element.find(shape.path("adr"))
        if address is not None:
            lines = [text(address, "extadd"), *(text(one) for one in address.iterfind(shape.path("street")))]
            pobox = text(address, "pobox")
            lines += [f"Postboks {pobox}"] if pobox else []
            found["address"] = ", ".join(line for line in lines if line) or None
            found["postal_code"] = text(address, "pcode")
            found["city"] = text(address, "locality")
            found["country"] = text(address, "country")
    return found


def _phone(element: Any) -> str | None:
    """The mobile of highest priority, else the voice telephone (2.9.1: 3 and 1)."""
    found = {one.get("teltype"): text(one) for one in reversed(element.findall(shape.path("tel")))}
    return found.get("3") or found.get("1")
