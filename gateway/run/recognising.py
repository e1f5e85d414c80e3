"""Which person a page speaks of: by number, by the vendor's own id, or because a register names them beside a child."""

from typing import TYPE_CHECKING

from gateway.run.naming import is_several, numbers_of
from gateway.sdk import Reading

if TYPE_CHECKING:
    from gateway.run.placing import Placing


def match_persons(placing: "Placing", flat: list[Reading]) -> None:
    """Persons by number; a number that is new for a person we know by the vendor's id becomes their alias."""
    for one in flat:
        if one.kind != "person" or one.deleted or is_several([one], placing.numbers):
            continue
        number = one.fields.get("number")
        known = placing.persons.get(one.id)
        by_number = next((placing.numbers[each] for each in numbers_of(one) if each in placing.numbers), None)
        if by_number is not None and number and number not in placing.numbers:
            placing.numbers[number] = by_number
            placing.new_numbers.append((number, by_number))
        if known is None and by_number is not None:
            placing.persons[one.id] = by_number
        elif number and by_number is None and (known is not None or one.case is not None):
            person = known or placing.world.fresh()
            placing.persons[one.id] = placing.numbers[number] = person
            placing.new_numbers.append((number, person))
        elif not number and known is None and one.case is not None and one.fields.get("role") == "subject":
            placing.persons[one.id] = placing.world.fresh()  # a child who is not born has no number yet
    children = set(placing.persons)
    for one in flat:
        if one.kind == "relation" and one.fields.get("child") in children:
            _match_adult(placing, str(one.fields.get("person")), flat)
        elif one.kind == "person" and one.case is None and children.intersection(one.about or ()):
            _match_adult(placing, one.id, flat)


def _match_adult(placing: "Placing", native: str, flat: list[Reading]) -> None:
    """Whom a register or school names beside a child that we know belongs to it, also when no log named them."""
    if native in placing.persons:
        return
    person = placing.persons[native] = placing.world.fresh()
    told = next((one for one in flat if one.kind == "person" and one.id == native), None)
    number = told.fields.get("number") if told is not None else None
    if number:
        placing.numbers[number] = person
        placing.new_numbers.append((number, person))
