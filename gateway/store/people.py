"""People: person numbers as keyed HMAC, and which cases a person stands in."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text

from gateway.store.errors import Stale
from gateway.store.scope import Scope, among

_FIND = among("SELECT number, person FROM numbers WHERE number IN :numbers", "numbers")
_PUT = text("INSERT INTO numbers (number, person) VALUES (:number, :person) ON CONFLICT (number) DO NOTHING")
_CASES = among("SELECT person, case_id FROM person_cases WHERE person IN :people ORDER BY person, case_id", "people")
_PEOPLE = among("SELECT person, case_id FROM person_cases WHERE case_id IN :cases ORDER BY case_id, person", "cases")
_JOIN = text("INSERT INTO person_cases (person, case_id) VALUES (:person, :case) ON CONFLICT DO NOTHING")
_LEAVE = text("DELETE FROM person_cases WHERE person = :person AND case_id = :case")


class People(Scope):
    """The calls of a transaction about people. A person's id is ours and opaque."""

    def _number(self, number: str) -> bytes:
        """Asked for more than once in a transaction, since whoever is looked for is often put after."""
        found = self._numbers.get(number)
        if found is None:
            found = self._numbers[number] = self.seal.keys.index("person", number)
        return found

    def find_people(self, numbers: Iterable[str]) -> dict[str, str]:
        """Person ids by number; unknown numbers are absent."""
        wanted = {self._number(number): number for number in numbers}
        return {wanted[bytes(row.number)]: row.person for row in self.each(_FIND, "numbers", wanted)}

    def put_people(self, people: Sequence[tuple[str, str]]) -> None:
        """Keep (number, person id). A person whose number changed gets the new one beside the old.

        Raises ``Stale`` when a number already stands for another person, which a race with another worker explains:
        leave the transaction and read again.
        """
        if not people:
            return
        wanted = dict(people)
        new = [{"number": self._number(number), "person": person} for number, person in wanted.items()]
        if self.run_each(_PUT, new) == len(people):
            return
        found = self.find_people(wanted)
        wrong = sum(found.get(number) != person for number, person in people)
        if wrong:
            raise Stale(wrong, where="people")

    def cases_of(self, people: Iterable[str]) -> dict[str, list[str]]:
        """Case ids by person id, in order; people in no case are absent."""
        found: dict[str, list[str]] = {}
        for row in self.each(_CASES, "people", dict.fromkeys(people)):
            found.setdefault(row.person, []).append(row.case_id)
        return found

    def people_of(self, cases: Iterable[str]) -> dict[str, list[str]]:
        """Person ids by case id, in order; cases without people are absent."""
        found: dict[str, list[str]] = {}
        for row in self.each(_PEOPLE, "cases", dict.fromkeys(cases)):
            found.setdefault(row.case_id, []).append(row.person)
        return found

    def put_person_cases(self, rows: Iterable[tuple[str, str]]) -> None:
        """Keep (person, case); what stands already stays."""
        if kept := [{"person": person, "case": case} for person, case in rows]:
            self.run_each(_JOIN, kept)

    def drop_person_cases(self, rows: Iterable[tuple[str, str]]) -> None:
        """Forget (person, case), where a person was put into the wrong case."""
        if gone := [{"person": person, "case": case} for person, case in rows]:
            self.run_each(_LEAVE, gone)
