"""A transaction: every call in one place. Each takes and gives batches; none costs a statement a record."""

from sqlalchemy import text

from gateway.store.case_units import CaseUnits
from gateway.store.cases import Cases
from gateway.store.due import Marks
from gateway.store.flows import Flows
from gateway.store.inbox import Inbox
from gateway.store.lanes import Lanes
from gateway.store.links import Links
from gateway.store.log import Log
from gateway.store.looks import Looks
from gateway.store.notices import Notices
from gateway.store.orders import Orders
from gateway.store.people import People
from gateway.store.scope import among, parts
from gateway.store.sessions import Sessions
from gateway.store.tasks import Tasks

_META = text("SELECT value FROM meta WHERE name = :name")
_REMEMBER = text(
    "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
)
_MARKED = text("SELECT name, value FROM meta WHERE substr(name, 1, :length) = :prefix ORDER BY name")
_FORGET_META = text("DELETE FROM meta WHERE name = :name AND value = :value")
_ALONE = among(
    "SELECT person FROM person_cases WHERE case_id IN :cases AND NOT EXISTS (SELECT 1 FROM person_cases o"
    " WHERE o.person = person_cases.person AND o.case_id NOT IN :others)",
    "cases", "others",
)  # fmt: skip
_FORGET_NUMBERS = among("DELETE FROM numbers WHERE person IN :people", "people")
_FORGET_LINKS = among("DELETE FROM links WHERE case_id = '' AND item IN :people", "people")
"""A system's own id of a person may be linked to the person alone, in no case."""
_FORGET = [
    among(f"DELETE FROM {table} WHERE {column} IN :cases", "cases")
    for table, column in (
        ("cases", "id"), ("history", "case_id"), ("links", "case_id"), ("due", "case_id"), ("quarantine", "case_id"),
        ("tasks", "case_id"), ("events", "case_id"), ("person_cases", "case_id"), ("looks", "case_id"),
        ("case_units", "case_id"),
    )
]  # fmt: skip
"""The case's own row first: on PostgreSQL that waits for whoever is saving it, so that the rest sees what they kept."""

_INTAKE = {
    table: (
        text(f"SELECT {key} AS id, {column} AS body, {version} AS version FROM {table} WHERE {where} ORDER BY {key}"),
        text(f"UPDATE {table} SET {column} = :body WHERE {key} = :id"),
        column,
    )
    for table, key, column, version, where in (
        ("quarantine", "id", "body", "1", "case_id IS NULL"),
        ("tasks", "id", "body", "1", "case_id IS NULL"),
        ("lanes", "system", "cursor", "cursor_at", "cursor IS NOT NULL"),
    )
}
"""What stands under the intake key."""


class Tx(
    Cases, CaseUnits, Looks, Links, People, Marks, Lanes, Tasks, Inbox, Notices, Flows, Orders, Sessions, Log
):  # fmt: skip
    """One open transaction; ``Store.write`` and ``Store.read`` make it. See the classes it is made of."""

    def remembered(self, name: str) -> str | None:
        """A fact about the store itself."""
        value = self.run(_META, {"name": name}).scalar()
        return None if value is None else str(value)

    def remember(self, name: str, value: str) -> None:
        """Keep a fact about the store itself."""
        self.run(_REMEMBER, {"name": name, "value": value})

    def marked(self, prefix: str) -> dict[str, str]:
        """The kept facts whose names begin so, by the rest of the name."""
        found = self.run(_MARKED, {"prefix": prefix, "length": len(prefix)})
        return {str(row.name).removeprefix(prefix): str(row.value) for row in found}

    def forget(self, name: str, value: str) -> None:
        """Keep a fact no more, unless it has become another since it was read."""
        self.run(_FORGET_META, {"name": name, "value": value})

    def forget_cases(self, cases: list[str]) -> None:
        """Remove every row of cases whose keys are destroyed, and the numbers of people in no other case.

        Disclosures and audit entries stay: they hold no content, and they prove what was done.
        """
        for part in parts(cases):
            people = [row.person for row in self.run(_ALONE, {"cases": part, "others": part})]
            for statement in _FORGET:
                self.run(statement, {"cases": part})
            for some in parts(people):
                self.run(_FORGET_NUMBERS, {"people": some})
                self.run(_FORGET_LINKS, {"people": some})

    def reseal(self) -> None:
        """Seal what belongs to no case under the current intake key."""
        for table, (select, update, column) in _INTAKE.items():
            rows = [(row.id, row.body, self.seal.place(table, column, row.id, row.version)) for row in self.run(select)]
            renewed = [
                {"id": key, "body": self.seal.close_intake(nonce, self.seal.open_intake(body, place), place)}
                for nonce, (key, body, place) in zip(self.seal.nonces(len(rows)), rows, strict=True)
            ]
            if renewed:
                self.run_each(update, renewed)
