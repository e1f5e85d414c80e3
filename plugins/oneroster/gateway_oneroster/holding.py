"""All rows of a school owner together, what a change in them touches, and the roster that they make."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from gateway.sdk import Fault, Raw
from gateway.sdk.roster import Group, Member, Org, Roster, broken, state_of, touched
from gateway_oneroster.options import Reading
from gateway_oneroster.rows import KINDS, BirthRow, ClassRow, EnrolmentRow, OrgRow, Row, UserRow

MOST_FAULTS = 500
"""Refused parts of one reading that are told one by one: when nearly all is wrong, one is as good as thousands."""


class Rows(Struct, kw_only=True):
    """The rows by collection and id, and the parts that were refused."""

    orgs: dict[str, OrgRow] = field(default_factory=dict)
    classes: dict[str, ClassRow] = field(default_factory=dict)
    users: dict[str, UserRow] = field(default_factory=dict)
    enrollments: dict[str, EnrolmentRow] = field(default_factory=dict)
    demographics: dict[str, BirthRow] = field(default_factory=dict)
    faults: list[Raw] = field(default_factory=list)

    def table(self, name: str) -> dict[str, Any]:
        """A collection by its name."""
        return getattr(self, name)  # type: ignore[no-any-return]

    def refuse(self, name: str, native: str, fault: Fault) -> None:
        """Note a part that could not be read, with its code and place and nothing of its content."""
        if len(self.faults) < MOST_FAULTS:
            inside = fault.path.startswith("$")
            path = fault.path.replace("$", f"$.{name}[]", 1) if inside else f"{name}:{fault.path}"
            self.faults.append(broken(KINDS[name], f"{name}-{native}", fault.code, path))

    def put(self, name: str, rows: Mapping[str, Row]) -> None:
        """Take over rows of a collection."""
        self.table(name).update(rows)

    def with_changes(self, changed: "Rows") -> "Rows":
        """A copy with what has changed in it; the parts that were refused are those of the change."""
        return Rows(
            orgs=self.orgs | changed.orgs,
            classes=self.classes | changed.classes,
            users=self.users | changed.users,
            enrollments=self.enrollments | changed.enrollments,
            demographics=self.demographics | changed.demographics,
            faults=changed.faults,
        )

    def news(self, held: "Rows") -> "Rows":
        """Only what is otherwise than it is held: a round hears again what was modified shortly before the last."""
        fresh = Rows(faults=self.faults)
        for name in KINDS:
            before = held.table(name)
            fresh.put(name, {key: row for key, row in self.table(name).items() if before.get(key) != row})
        return fresh

    @property
    def counts(self) -> tuple[int, int]:
        """How many pupils and how many places of pupils there are."""
        pupils = sum(one.kind == "pupil" and not one.gone for one in self.users.values())
        return pupils, sum(not one.gone for one in self.enrollments.values())


def roster_of(rows: Rows, *, options: Reading, today: date | None, whole: bool = True) -> Roster:
    """The roster that the rows make, with the parts of them that are refused.

    Codes: ``oneroster.user_unknown``, ``oneroster.class_unknown`` for a place that leads nowhere, ``roster.period``.
    """
    roster = Roster(whole=whole, faults=list(rows.faults))
    for org in rows.orgs.values():
        if not org.gone:
            service = options.org_types.get(org.type)
            kind = "school" if service is not None else "owner" if org.type == "district" else "other"
            roster.orgs[org.id] = Org(
                name=org.name,
                kind=kind,  # type: ignore[arg-type]
                number=org.number,
                parent=org.parent,
                service=service or "school",
            )
    for group in rows.classes.values():
        if not group.gone and group.kind is not None:
            roster.groups[group.id] = _group(group)
    _people(rows, roster, today=today)
    for one in rows.enrollments.values():
        if not one.gone:
            _enrol(one, rows, roster, options=options, today=today)
    return roster


def _group(row: ClassRow) -> Group:
    if row.kind == "sfo":
        return Group(name=row.title, school=row.school, service="sfo")
    return Group(name=row.title, school=row.school, type=row.kind)


def _people(rows: Rows, roster: Roster, *, today: date | None) -> None:
    for user in rows.users.values():
        if user.gone:
            if user.kind == "pupil":
                roster.left.add(user.id)
            continue
        if user.kind is None:
            continue
        fields = dict(user.fields)
        if user.kind == "pupil":
            born = rows.demographics.get(user.id)
            if born is not None and born.born is not None and not born.gone:
                fields["birth_date"] = born.born
            roster.pupils[user.id] = None
        roster.people[user.id] = fields
    for user in rows.users.values():
        if user.gone or user.kind is None:
            continue
        for org, since, until in user.places:
            if org in roster.orgs and roster.orgs[org].kind == "school":
                _add(roster, Member(id=f"{org}|{user.id}", person=user.id, group=org, role="pupil", since=since,
                                    until=until), today=today)  # fmt: skip
        for other in user.agents:
            child, adult = (user.id, other) if user.kind == "pupil" else (other, user.id)
            named = rows.users.get(adult)
            if named is not None and named.kind == "guardian" and not named.gone:
                roster.guardians.setdefault(child, {})[adult] = None
    for child, adults in roster.guardians.items():
        roster.guardians[child] = dict.fromkeys(sorted(adults))


def _enrol(one: EnrolmentRow, rows: Rows, roster: Roster, *, options: Reading, today: date | None) -> None:
    group = rows.classes.get(one.group)
    if group is None:
        _refuse(roster, one, "oneroster.class_unknown")
        return
    if one.group not in roster.groups:
        return  # lessons, or a class that is gone
    member = Member(id=one.id, person=one.user, group=one.group, role="pupil", since=one.since, until=one.until)
    if one.role == "student":
        user = rows.users.get(one.user)
        if user is None:
            _refuse(roster, one, "oneroster.user_unknown")
            return
        if user.gone:
            return
        roster.pupils.setdefault(one.user)
        roster.people.setdefault(one.user, {})
        _add(roster, member, today=today)
    elif one.role == "teacher" and one.user in roster.people and _is_contact(group, one, options):
        _add(roster, Member(id=one.id, person=one.user, group=one.group, role="contact_teacher", since=one.since,
                            until=one.until), today=today)  # fmt: skip


def _is_contact(group: ClassRow, one: EnrolmentRow, options: Reading) -> bool:
    if group.kind == "contact":
        return True
    return group.kind == "basic" and (options.homeroom == "all" or (options.homeroom == "primary" and one.primary))


def _add(roster: Roster, member: Member, *, today: date | None) -> None:
    try:
        status = state_of(since=member.since, until=member.until, today=today)
    except Fault as fault:
        if len(roster.faults) < MOST_FAULTS:
            roster.faults.append(broken("enrolment", member.id, fault.code, "$.enrollments[]"))
        return
    roster.members[member.id] = Member(
        id=member.id, person=member.person, group=member.group, role=member.role, since=member.since,
        until=member.until, status=status,
    )  # fmt: skip


def _refuse(roster: Roster, one: EnrolmentRow, code: str) -> None:
    if len(roster.faults) < MOST_FAULTS:
        roster.faults.append(broken("enrolment", one.id, code, "$.enrollments[]"))


def touched_by(changed: Rows, before: Roster, after: Roster) -> Iterable[str]:
    """The pupils whose records the changed rows change, as it was before or as it is now."""
    people = {*changed.users, *changed.demographics, *(one.user for one in changed.enrollments.values())}
    people |= {agent for one in changed.users.values() for agent in one.agents}
    groups = {*changed.orgs, *changed.classes}
    groups |= {one.group for one in changed.enrollments.values() if one.role != "student"}
    ends = {one.person for key in changed.enrollments if (one := before.members.get(key)) is not None}
    lead = {one.group for key in changed.enrollments if (one := before.members.get(key)) and one.role != "pupil"}
    found = touched(before, people=people | ends, groups=groups | lead)
    return sorted(found | touched(after, people=people | ends, groups=groups | lead))
