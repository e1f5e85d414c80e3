"""What has changed, in a process that does not know what there was: only the pupils whom it is about are asked for.

A record names a pupil whole, so a change is not enough to tell it. All there is about the pupils who are touched is
asked for by their ids, some rows each; where that would be more than it saves, or the service does not answer such
questions, all is read instead.
"""

from collections.abc import Iterable
from typing import Any

from gateway_oneroster.holding import Rows
from gateway_oneroster.options import Options
from gateway_oneroster.rows import ClassRow, EnrolmentRow, UserRow
from gateway_oneroster.walking import Walker

FEW = 40
"""Changed rows, and pupils whom they touch, up to which pieces are asked for. Beyond it, reading all is as quick."""


class _All(Exception):
    """All must be read."""


def pieces(walker: Walker, options: Options, changed: Rows) -> tuple[Rows, list[str]] | None:
    """The rows about the pupils whom a change touches, and who they are; ``None`` where all must be read.

    An org or a class that changed is of too many. Raises ``AdapterError``.
    """
    rows = sum(len(changed.table(name)) for name in walker.collections)
    if changed.orgs or changed.classes or changed.faults or rows > FEW:
        return None
    try:
        pupils = _pupils(walker, changed)
        return _about(walker, options, changed, pupils), sorted(pupils)
    except _All:
        return None


def _some(walker: Walker, name: str, field: str, values: Iterable[str]) -> dict[str, Any]:
    found = walker.some(name, field, values)
    if found is None:
        raise _All
    return found


def _pupils(walker: Walker, changed: Rows) -> set[str]:
    """Whom the changed rows are about. A row that does not say it leads nowhere."""
    pupils, teachers, classes = set(changed.demographics), set[str](), set[str]()
    for user in changed.users.values():
        if user.kind == "pupil":
            pupils.add(user.id)
        elif user.kind == "guardian" and user.agents and not user.gone:
            pupils.update(user.agents)
        elif user.kind == "teacher":
            teachers.add(user.id)
        elif user.kind is not None or user.gone:
            raise _All
    for one in changed.enrollments.values():
        if not (one.user and one.group):
            raise _All
        if one.role == "student":
            pupils.add(one.user)
        else:
            classes.add(one.group)
    classes |= {one.group for one in _some(walker, "enrollments", "user.sourcedId", teachers).values()}
    taught: dict[str, ClassRow] = _some(walker, "classes", "sourcedId", classes)
    groups = {one.id for one in taught.values() if one.kind is not None}
    members: dict[str, EnrolmentRow] = _some(walker, "enrollments", "class.sourcedId", groups)
    pupils |= {one.user for one in members.values() if one.role == "student"}
    if len(pupils) > FEW:
        raise _All
    return pupils


def _about(walker: Walker, options: Options, changed: Rows, pupils: set[str]) -> Rows:
    """All there is about some pupils: they, their places, classes with their teachers, guardians on either side."""
    orgs = walker.whole("orgs")
    if orgs is None:
        raise _All
    users: dict[str, UserRow] = {one.id: one for one in changed.users.values() if one.id in pupils}
    users |= _some(walker, "users", "sourcedId", pupils)
    own: dict[str, EnrolmentRow] = _some(walker, "enrollments", "user.sourcedId", pupils)
    classes: dict[str, ClassRow] = _some(walker, "classes", "sourcedId", {one.group for one in own.values()})
    groups = {one.id for one in classes.values() if one.kind is not None and not one.gone}
    beside: dict[str, EnrolmentRow] = _some(walker, "enrollments", "class.sourcedId", groups)
    teaching = {key: one for key, one in beside.items() if one.role != "student"}
    others = {one.user for one in teaching.values()} | {agent for one in users.values() for agent in one.agents}
    users |= _some(walker, "users", "agents.sourcedId", pupils) | _some(walker, "users", "sourcedId", others)
    born = _some(walker, "demographics", "sourcedId", pupils) if options.birth_dates else {}
    return Rows(orgs=orgs, classes=classes, users=users, enrollments=own | teaching, demographics=born)  # type: ignore[arg-type]
