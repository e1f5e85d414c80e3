"""Match and merge: which case and which person a reading belongs to, and what it changes there.

A person is known by a number or by the vendor's own id, never by a name. A case is known by the vendor's own id; a log
that a second system already has about the same child is adopted when there is exactly one. On doubt a person decides.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from gateway.core import casefile
from gateway.core.casefile import CaseFile
from gateway.core.keep import Taken, take_in
from gateway.core.model import Fault
from gateway.core.places import left_out_places
from gateway.run.answering import left_out
from gateway.run.closing import CLOSING, closed
from gateway.run.held import Held, Unplaced
from gateway.run.naming import (
    becomes_another,
    first,
    fits,
    is_several,
    main_of,
    named_beside,
    numbers_of,
    persons_in,
    whom,
)
from gateway.run.recognising import match_persons
from gateway.run.settings import System
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk import Raw, Reading
from gateway.store import Restriction, Tx

OPEN = frozenset({"draft", "consent_pending", "active", "suspended", "closing", None})
"""States of a case that a second system's log can be adopted into."""


class Placing(Struct, kw_only=True):
    """The work on one page."""

    world: World
    system: System
    tx: Tx
    now: datetime
    tally: Tally
    held: dict[str, Held] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    """The vendor's id of a person to ours."""
    cases: dict[str, str] = field(default_factory=dict)
    """The vendor's id of a case to ours."""
    numbers: dict[str, str] = field(default_factory=dict)
    known_cases: dict[str, list[str]] = field(default_factory=dict)
    known_people: set[str] = field(default_factory=set)
    """Whom we knew before this page."""
    links: dict[tuple[str, str], Any] = field(default_factory=dict)
    """Links of the page's records, and then of the cases and persons that they name."""
    asked: frozenset[tuple[str, str]] = frozenset()
    """What the given links were looked up for."""
    new_numbers: list[tuple[str, str]] = field(default_factory=list)
    new_links: list[tuple[str, str, str, str, bytes]] = field(default_factory=list)
    restrictions: list[Restriction] = field(default_factory=list)

    def take(self, readings: list[tuple[Raw, list[Reading]]], prints: dict[tuple[str, str], bytes]) -> list[Unplaced]:
        """Place and merge everything that was read; what could not be placed is returned."""
        if not readings:
            return []
        flat = [one for _, each in readings for one in each]
        self._look_up(flat)
        unplaced: list[Unplaced] = []
        homes: dict[int, list[str]] = {}
        waiting = sorted(readings, key=lambda pair: first(pair[1]))
        match_persons(self, flat)
        self._look_for_cases(flat)
        self.load([case for one in flat for case in self._cases_told(one)])
        for at, (raw, each) in enumerate(waiting):
            if not each:
                continue  # it says nothing about anybody, a message service's receipt say
            try:
                homes[at] = self._home(raw, each)
            except Fault as fault:
                unplaced.append(Unplaced(raw, fault.code, fault.path))
        for case in list(self.held):
            unplaced.extend(self._merge(case))
        left = {(one.raw.kind, one.raw.id) for one in unplaced}
        for at, cases in homes.items():
            raw, each = waiting[at]
            if (raw.kind, raw.id) not in left and cases:
                self._link(raw, each, cases, prints.get((raw.kind, raw.id), b""))
            elif cases and self._item_of(raw, each, cases[0]) in self.held[cases[0]].file.items:
                self._link(raw, each, cases, b"")  # a part waits, so it is read again
        return unplaced

    # looking up

    def _look_up(self, flat: list[Reading]) -> None:
        wanted: dict[tuple[str, str], None] = {}
        for one in flat:
            if one.case is not None:
                wanted["case", one.case] = None
            for native in persons_in(one):
                wanted["person", native] = None
        self.links |= self.tx.find_links(self.system.name, [key for key in wanted if key not in self.asked])
        for (kind, native), link in self.links.items():
            if kind == "case":
                self.cases[native] = link.case
            elif kind == "person":
                self.persons[native] = link.item
        numbers = [number for one in flat if one.kind == "person" for number in numbers_of(one)]
        self.numbers = dict(self.tx.find_people(numbers)) if numbers else {}
        self.known_people = {*self.persons.values(), *self.numbers.values()}

    def _look_for_cases(self, flat: list[Reading]) -> None:
        """The cases of everyone whom a new case is about, and of those whom no case was named for, in one look."""
        people = {
            person
            for one in flat
            if (one.kind == "case" and one.id not in self.cases) or one.case is None
            for native in whom(one)
            if (person := self.persons.get(native)) is not None
        }
        self.known_cases = self.tx.cases_of(sorted(people)) if people else {}

    def _cases_told(self, one: Reading) -> list[str]:
        case = self.cases.get(one.case) if one.case is not None else None
        return [case] if case else []

    def load(self, ids: list[str]) -> None:
        """Take case files into work that are not there yet; erased ones stay away."""
        missing = [case for case in dict.fromkeys(ids) if case not in self.held]
        if not missing:
            return
        for case, (version, body) in self.tx.load_cases(missing).items():
            file = casefile.decode(body)
            index = {
                (entry.kind, peer.native): item
                for item, peer in file.peers.get(self.system.name, {}).items()
                if peer.native is not None and (entry := file.items.get(item)) is not None
            }
            self.held[case] = Held(file=file, version=version, index=index)

    # placing

    def _home(self, raw: Raw, each: list[Reading]) -> list[str]:
        """The case or cases that a record belongs to. Raises ``Fault`` where that cannot be told."""
        bound = next((one for one in each if one.case is not None), None)
        if bound is None and each and each[0].deleted:
            link = self.links.get((each[0].kind, each[0].id)) or self.links.get((raw.kind, raw.id))  # theirs or ours
            cases = [link.case] if link is not None and link.case else []
            self.load(cases)
        elif bound is None:
            if is_several(each, self.numbers):
                raise Fault("match.person_ambiguous", "$.former_numbers")
            return self._tell_by_person(raw, each)
        elif bound.case in self.cases:
            cases = [self.cases[bound.case]]
        else:
            cases = [self._new_home(bound.case or "", each)]
        files = [held.file for case in cases if (held := self.held.get(case)) is not None]
        if becomes_another(each, self.persons, self.numbers, files):
            raise Fault("match.person_ambiguous", "$.number")
        if is_several(each, self.numbers):
            raise Fault("match.person_ambiguous", "$.former_numbers")
        self._leave(raw, each, cases)
        for case in cases:
            if case in self.held:
                self.held[case].hear(raw, each)
        return [case for case in cases if case in self.held]

    def _leave(self, raw: Raw, each: list[Reading], cases: list[str]) -> None:
        """A record that was in another case before is in that one no more."""
        link = self.links.get((raw.kind, raw.id))
        if link is None or not link.case or not cases or link.case in cases:
            return
        moved = [one for one in each if one.kind not in {"case", "person"}]
        self.load([link.case])
        held = self.held.get(link.case)
        if held is not None and moved:
            held.hear(raw, [Reading(kind=one.kind, id=one.id, fields={}, deleted=True) for one in moved])

    def _tell_by_person(self, raw: Raw, each: list[Reading]) -> list[str]:
        """What a register or school tells of a person goes to that person's cases; persons without one are let go.

        Of others that the record names, only the parents of the case's own child are told to it.
        """
        main = main_of(raw, each)
        people = [person for native in whom(main) if (person := self.persons.get(native)) is not None]
        cases = list(dict.fromkeys(case for person in people for case in self.known_cases.get(person, ())))
        self.load(cases)
        told = []
        for case in cases:
            held = self.held.get(case)
            if held is None or (entry := held.file.case()) is None:
                continue
            subject = entry.fields.get("subject")
            parents = {
                one.fields.get("person")
                for one in each
                if one.kind == "relation" and self.persons.get(str(one.fields.get("child"))) == subject
            }
            fitting = [one for one in each if fits(one, main, subject, parents, self.persons)]
            held.hear(raw, [*fitting, *left_out_places(held.file, self.system.name, main, self.persons, fitting)])
            told.append(case)
        if not told:
            self.tally.ignored += len(each)
        return told

    def _new_home(self, native: str, each: list[Reading]) -> str:
        """A case that this system tells of for the first time: another system's log of the same child, or a new one."""
        told = next((one for one in each if one.kind == "case" and one.id == native), None)
        if told is None:
            raise Fault("match.case_unknown", "$.case")
        subject = told.fields.get("subject")
        named = any(one.kind == "person" and one.id == subject for one in each) or subject in self.persons
        if subject is None or not named:
            raise Fault("match.person_unknown", "$.subject")
        person = self.persons.get(subject, "")
        self.load(list(self.known_cases.get(person, ())))
        candidates = [
            held
            for case, held in self.held.items()
            if (entry := held.file.case()) is not None
            and entry.fields.get("subject") == person
            and entry.fields.get("status") in OPEN
            and case not in held.file.peers.get(self.system.name, {})
        ]
        if len(candidates) > 1:
            raise Fault("match.case_ambiguous", "$.subject")
        if candidates:
            case = candidates[0].file.id
        else:
            case = self.world.fresh()
            self.held[case] = Held(file=CaseFile(id=case), version=0)
        self.cases[native] = case
        return case

    # merging

    def _merge(self, case: str) -> list[Unplaced]:
        held = self.held[case]
        if not held.told:
            return []
        snapshot = casefile.encode(held.file)
        try:
            taken = self._take(held, held.told)
        except Fault:
            return self._one_by_one(held, snapshot)
        self._note(held, taken)
        return self._left_over(held, taken)

    def _one_by_one(self, held: Held, snapshot: bytes) -> list[Unplaced]:
        """One record of the case is not whole: find it by taking each alone, so that the others go on."""
        held.file = casefile.decode(snapshot)
        unplaced: list[Unplaced] = []
        told = held.told
        for raw in held.raws:
            mine = [one for one in told if held.whose[id(one)] is raw]
            before = casefile.encode(held.file)
            try:
                taken = self._take(held, mine)
            except Fault as fault:
                held.file = casefile.decode(before)
                unplaced.append(Unplaced(raw, fault.code, fault.path))
                continue
            self._note(held, taken)
            unplaced.extend(self._left_over(held, taken))
        return unplaced

    def _take(self, held: Held, told: list[Reading]) -> Taken:
        taken = take_in(
            file=held.file,
            source=self.world.source(self.system),
            readings=told,
            known=lambda kind, native: self._known(held, kind, native),
            fresh=self.world.fresh,
            recorded=self.now.isoformat(),
        )
        able = self.world.adapters[self.system.name].capabilities
        # Who only answers is asked, not told: that it says otherwise is no reason to ask it again at once.
        taken.due = taken.due and bool(able.writes)
        if able.lookup:
            left_out(self, held, told, taken)
        return taken

    def _known(self, held: Held, kind: str, native: str) -> str | None:
        if kind == "person":
            return self.persons.get(native) or held.index.get((kind, native))
        if kind == "case":
            return self.cases.get(native)
        found = held.index.get((kind, native))
        if found is None and (link := self.links.get((kind, native))) is not None and link.case == held.file.id:
            return str(link.item)
        return found

    def _left_over(self, held: Held, taken: Taken) -> list[Unplaced]:
        """Records whose reading points to something that is not known yet wait, whole, until it is."""
        late = {id(held.whose[id(told)]) for told, _ in taken.waiting}
        return [Unplaced(raw, "match.ref_unknown") for raw in held.raws if id(raw) in late]

    def _note(self, held: Held, taken: Taken) -> None:
        if held.taken is None:
            held.taken = taken
        else:
            known = held.taken
            known.history += taken.history
            known.clashes += taken.clashes
            known.handed += taken.handed
            known.created |= taken.created
            known.changed |= taken.changed
            known.due |= taken.due
        held.index |= taken.created
        self.tally.ignored += taken.ignored
        for item, name, old, value, _ in taken.history:
            self.tally.created += name == "+"
            if held.file.items[item].kind in CLOSING:
                told, was = (value, {}) if name == "+" else ({name: value}, {name: old})
                self.restrictions += closed(held.file, item, told, was=was, at=self.now, source=self.system.name)

    # keeping

    def _item_of(self, raw: Raw, each: list[Reading], case: str) -> str | None:
        main = main_of(raw, each)
        return case if main.kind == "case" else self._known(self.held[case], main.kind, main.id)

    def _link(self, raw: Raw, each: list[Reading], cases: list[str], content: bytes) -> None:
        main, held = main_of(raw, each), self.held[cases[0]]
        item = self._item_of(raw, each, cases[0]) or ""
        bound = main.case is not None or main.kind == "case" or (main.kind != "person" and len(cases) == 1)
        self.new_links.append((raw.kind, raw.id, held.file.id if bound else "", item, content))
        new = named_beside(each, main, self.persons, self.links)
        self.new_links += [("person", one, "", self.persons[one], b"") for one in new]
        # Others name the case by its own id, also where the vendor's record has a word of its own for what it is.
        told = next((one for one in each if one.kind == "case"), None) if main.case is not None else None
        if told is not None and ("case", told.id) != (raw.kind, raw.id) and ("case", told.id) not in self.links:
            self.new_links.append(("case", told.id, held.file.id, held.file.id, b""))
