"""A kept family as readings: its persons, and the relations of the one it is about."""

from typing import Any

from gateway.sdk import Fault, Reading
from gateway_persontjenesten.people import person
from gateway_persontjenesten.relations import Holder, relations, stranger
from gateway_persontjenesten.shape import Entry, identity, sequence


def readings(body: Any) -> list[Reading]:
    """Persons first, then relations; pure. Raises ``Fault`` with the path of what has the wrong shape.

    A raw family is whole: a relation that it does not hold, the register does not state.
    """
    child, others = _documents(body)
    told, strangers = relations(child, others, "$.person")
    answering = {relation["person"] for relation in told}
    me = identity(child, "$.person")
    found = [_person(child, "$.person", guardian=False)]
    for at, other in enumerate(others):
        where = f"$.others[{at}]"
        if identity(other, where) != me:
            found.append(_person(other, where, guardian=identity(other, where) in answering))
    found.extend(_stranger(me, one) for one in strangers)
    version = str(sequence(child, "$.person"))
    found.extend(
        Reading(
            kind="relation",
            id=f"{me}:{relation['person']}",
            fields=relation,
            about=[me, relation["person"]],
            version=version,
        )
        for relation in told
    )
    return found


def _documents(body: Any) -> tuple[Entry, list[Entry]]:
    if not isinstance(body, dict) or not isinstance(body.get("person"), dict):
        raise Fault("persontjenesten.shape", "$.person")
    others = body.get("others", [])
    if not isinstance(others, list) or not all(isinstance(other, dict) for other in others):
        raise Fault("persontjenesten.shape", "$.others")
    return body["person"], others


def _person(document: Entry, path: str, *, guardian: bool) -> Reading:
    fields = person(document, path)
    if guardian:
        fields["role"] = "guardian"
    return Reading(kind="person", id=identity(document, path), fields=fields, version=str(sequence(document, path)))


def _stranger(child: str, holder: Holder) -> Reading:
    """One whom the register names without describing: protection unknown, so the gate denies until it is known."""
    fields: dict[str, Any] = {"role": "guardian", **holder.told}
    if holder.number is not None:
        fields["number"] = holder.number
    return Reading(kind="person", id=stranger(child, holder), fields=fields)
