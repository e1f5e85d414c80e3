"""Delivering, taking back and finding again: a case is one transaction, and several cases are one Bundle."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from gateway.sdk import AdapterError, Fault, Log, Page, Raw, Receipt, Refused, Uncertain, Unreachable
from gateway_fhir_r4.compose import PLACES, Composed, Draft, There, Unit, compose, version_of, wants
from gateway_fhir_r4.looking import is_several, look_up
from gateway_fhir_r4.parts import KEY
from gateway_fhir_r4.races import settle
from gateway_fhir_r4.read import read
from gateway_fhir_r4.receipts import Outcomes, Told, renamed
from gateway_fhir_r4.rules import Rules
from gateway_fhir_r4.wire import Done, Outcome, Wire

_LEVELS = (("Patient",), ("RelatedPerson", "Practitioner"), ("CarePlan", "EpisodeOfCare"))
"""What others point to is written before them, where a server takes no transactions."""


class Writer(Struct, frozen=True, kw_only=True):
    """Writes to one server what the settings let it write."""

    wire: Wire
    rules: Rules
    log: Log

    def deliver(self, units: Sequence[Unit]) -> list[Receipt]:
        """A receipt for each unit. Raises ``Unreachable`` (nothing took effect) or ``Uncertain`` (of all of them)."""
        receipts: dict[str, Receipt] = {}
        ready: list[Unit] = []
        for unit in units:
            try:
                self._check(unit)
                ready.append(unit)
            except Refused as error:
                receipts[unit.key] = _refused(unit, error)
        whole = self.wire.able().transactions
        if len(ready) > 1 and whole:
            receipts |= self._together(ready)
        effects = bool(receipts)
        for unit in ready:
            if unit.key in receipts:
                continue
            try:
                receipts[unit.key] = self._one(unit, whole=whole)
            except Unreachable as error:
                if effects and not isinstance(error, Uncertain):
                    raise Uncertain(error.code) from None  # of all: some of them have taken effect
                raise
            effects = True
        return [receipts[unit.key] for unit in units]

    def read_back(self, key: str) -> Page:
        """What was made under a key. Raises ``AdapterError``."""
        kinds = dict.fromkeys(kind for name in self.rules.writes for kind in PLACES[name])
        for kind in kinds:
            if not self.wire.able().lists(kind):
                continue
            for found in self.wire.search(kind, {"identifier": f"{KEY}|{key}"}):
                told = _reading(found, self.rules)
                if told is not None:
                    return Page(records=[Raw(kind=told[0], id=told[1], body=found, version=version_of(found))])
        return Page()

    def _check(self, unit: Unit) -> None:
        able = self.wire.able()
        wants([unit])
        for release in unit.releases:
            if release.kind not in self.rules.writes:
                raise Refused("adapter.cannot_write", path="$.kind")
            if release.native_id is None and not any(able.of(kind).creates for kind in PLACES[release.kind]):
                raise Refused("fhir.not_offered", path=f"$.{PLACES[release.kind][0]}")

    def _together(self, units: Sequence[Unit]) -> dict[str, Receipt]:
        """Receipts of those that went in one Bundle; none where the server refused it, since one may be to blame."""
        there = look_up(self.wire, self.rules, units)
        receipts: dict[str, Receipt] = {}
        going: list[Composed] = []
        named: set[str] = set()
        for unit in units:
            try:
                made = self._composed(unit, there)
            except Refused as error:
                if not error.conflict:
                    receipts[unit.key] = _refused(unit, error)
                continue
            places = {one.native for one in made.drafts.values() if one.is_changed}
            if not places & named:  # a resource stands once in a transaction; the others go by themselves
                named |= places
                going.append(made)
        drafts = [one for made in going for one in made.drafts.values() if one.is_changed]
        try:
            outcomes = self._whole(drafts)
        except Refused:
            return receipts
        return receipts | {made.unit.key: self._receipt(made, there, outcomes) for made in going}

    def _one(self, unit: Unit, *, whole: bool) -> Receipt:
        """One unit; where somebody was there at the same time, it is looked at once more before it is a conflict."""
        for last in (False, True):
            there = look_up(self.wire, self.rules, [unit])
            try:
                made = self._composed(unit, there)
                drafts = [one for one in made.drafts.values() if one.is_changed]
                outcomes = self._whole(drafts) if whole else self._levels(drafts)
                return self._receipt(made, there, outcomes)
            except Refused as error:
                if last or not error.conflict or error.code == "fhir.changed":
                    return _refused(unit, error)
        raise AssertionError

    def _composed(self, unit: Unit, there: There) -> Composed:
        """Raises ``Refused``; with ``conflict`` where a resource is another than the one that was last read."""
        if is_several(there, unit):
            raise Refused("fhir.outcome.multiple-matches")
        made = compose(unit, self.rules, there)
        known = {release.id: release.version for release in unit.releases if release.native_id is not None}
        for draft in made.drafts.values():
            if draft.before is None or not draft.is_changed:
                continue
            wanted = {known[item] for item in draft.items if known.get(item) is not None}
            if draft.version is not None and wanted - {draft.version}:
                raise Refused("fhir.changed", conflict=True)
            if "update" not in self.wire.able().of(draft.kind).interactions:
                raise Refused("fhir.not_offered", path=f"$.{draft.kind}")
        return made

    def _whole(self, drafts: Sequence[Draft]) -> dict[str, Outcome]:
        if not drafts:
            return {}
        told = self.wire.whole(drafts)
        outcomes = {draft.native: one for draft, one in zip(drafts, told, strict=True)}
        return settle(self.wire, drafts, outcomes, self.log)

    def _levels(self, drafts: Sequence[Draft]) -> dict[str, Outcome]:
        """Level by level; what would point to something that was not written waits with it."""
        outcomes: dict[str, Outcome] = {}
        names: dict[str, str] = {}
        levels = [[one for one in drafts if one.kind in kinds] for kinds in _LEVELS]
        levels.append([one for one in drafts if not any(one.kind in kinds for kinds in _LEVELS)])
        for level in levels:
            going = []
            for draft in level:
                draft.resource = renamed(draft.resource, names)
                if _points_to(draft.resource, outcomes):
                    outcomes[draft.native] = Refused("fhir.not_yet", conflict=True)
                else:
                    going.append(draft)
            try:
                told = self.wire.apart(going) if going else []
            except AdapterError as error:
                if not outcomes or isinstance(error, Uncertain):
                    raise
                told = [error] * len(going)
            here = {draft.native: one for draft, one in zip(going, told, strict=True)}
            outcomes |= settle(self.wire, going, here, self.log)
            names |= {name: one.native for name, one in outcomes.items() if isinstance(one, Done)}
        return outcomes

    def _receipt(self, made: Composed, there: There, outcomes: Outcomes) -> Receipt:
        """What came of a unit; what was there already, though it was to be made, is read to tell what stands in it."""
        found = [
            one.native
            for draft in made.drafts.values()
            if draft.before is None and isinstance(one := outcomes.get(draft.native), Done) and not one.made
        ]
        held = self.wire.many(dict.fromkeys(found)) if found else {}
        return Told(made=made, there=there, outcomes=outcomes, held=held, rules=self.rules).receipt()


def _reading(resource: dict[str, Any], rules: Rules) -> tuple[str, str] | None:
    try:
        told = [one for one in read(resource, rules) if not one.deleted]
    except Fault:
        return None
    return (told[0].kind, told[0].id) if told else None


def _points_to(value: Any, outcomes: Outcomes) -> bool:
    """Whether a reference in it is still a placeholder: of something that was not written."""
    if isinstance(value, list):
        return any(_points_to(one, outcomes) for one in value)
    if isinstance(value, dict):
        told = value.get("reference")
        return (isinstance(told, str) and told.startswith("urn:uuid:") and told in outcomes) or any(
            _points_to(one, outcomes) for one in value.values()
        )
    return False


def _refused(unit: Unit, error: Refused) -> Receipt:
    return Receipt(key=unit.key, state="refused", code=error.code, path=error.path, conflict=error.conflict)
