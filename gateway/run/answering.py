"""A register's answer about a child is whole: what it leaves out of who answers for the child is known no more."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gateway.core.answers import unsaid
from gateway.core.keep import Taken
from gateway.run.naming import main_of
from gateway.sdk import Reading

if TYPE_CHECKING:
    from gateway.run.held import Held
    from gateway.run.placing import Placing


def left_out(placing: "Placing", held: "Held", told: Sequence[Reading], taken: Taken) -> None:
    """Make unknown what the answers of this page leave out for the children of a case, in place."""
    for raw in held.raws:
        mine = [one for one in told if held.whose[id(one)] is raw]
        main = main_of(raw, mine) if mine else None
        child = placing.persons.get(main.id) if main is not None and main.kind == "person" else None
        if child is None:
            continue
        relations = {taken.created[key] for one in mine if (key := (one.kind, one.id)) in taken.created}
        story = unsaid(held.file, placing.system.name, child, relations)
        taken.history.extend(story)
        taken.changed = taken.changed or bool(story)
