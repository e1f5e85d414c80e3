"""What came of a delivery, item by item: where it stands now, in which version, and which fields it tells."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from gateway.sdk import AdapterError, Fault, Receipt, Refused, Release, Uncertain, Unreachable
from gateway_fhir_r4.compose import Composed, There, told_of, version_of
from gateway_fhir_r4.read import read
from gateway_fhir_r4.rules import Rules
from gateway_fhir_r4.wire import Done, Outcome

Outcomes = Mapping[str, Outcome]
"""By the resource's own or placeholder id what became of it."""
_REFS = ("subject", "by", "holder", "person")


class Told(Struct, frozen=True, kw_only=True):
    """A unit and what became of its resources. ``held`` are those that were there already, as they are."""

    made: Composed
    there: There
    outcomes: Outcomes
    held: Mapping[str, dict[str, Any]]
    rules: Rules

    def receipt(self) -> Receipt:
        """The unit's receipt, with its parts'. A root that was refused while others took effect is uncertain."""
        releases = self.made.unit.releases
        each = [self._item(release) for release in releases]
        root = each[0]
        effects = [one for one, release in zip(each, releases, strict=True) if self._took(one, release)]
        if root.state == "refused" and effects:
            root = Receipt(key=root.key, state="uncertain", code=root.code)
        return replace(root, parts=tuple(each[1:]))

    def _took(self, receipt: Receipt, release: Release) -> bool:
        return receipt.state == "accepted" and self.made.sits.get(release.id) in self.outcomes

    def _item(self, release: Release) -> Receipt:
        made = self.made
        key, place, names = made.unit.key, made.sits.get(release.id), self._names()
        if place is None:
            native = release.native_id or made.natives.get(release.id)
            return Receipt(key=key, state="accepted", native_id=native, version=release.version)
        outcome = self.outcomes.get(place)
        if isinstance(outcome, AdapterError):
            return _failed(key, outcome)
        draft, native = made.drafts.get(place), names.get(place, place)
        written = renamed(draft.resource, names) if draft is not None else self.there.resources.get(place)
        resource = {**(self.held.get(native) or written or {}), "id": native.rpartition("/")[2]}
        version = outcome.version if isinstance(outcome, Done) else version_of(resource)
        item = _final(made.natives[release.id], names)
        kept = self._kept(release, item, resource, names)
        return Receipt(key=key, state="accepted", native_id=item, version=version, kept=kept)

    def _names(self) -> dict[str, str]:
        return {name: one.native for name, one in self.outcomes.items() if isinstance(one, Done)}

    def _kept(
        self, release: Release, item: str, resource: dict[str, Any], names: Mapping[str, str]
    ) -> tuple[str, ...] | None:  # fmt: skip
        """The fields that the resource tells as they were released; ``None`` for all of them."""
        sent = told_of(release)
        try:
            readings = read(resource, self.rules)
        except Fault:
            return ()
        there = next((one.fields for one in readings if one.kind == release.kind and one.id == item), {})
        kept = tuple(
            name
            for name, value in sent.items()
            if there.get(name)
            == (_final(self.made.natives.get(str(value), str(value)), names) if name in _REFS else value)
        )
        return None if len(kept) == len(sent) else kept


def _final(native: str, names: Mapping[str, str]) -> str:
    """An id with the placeholder of a resource replaced by the resource's own."""
    place, found, rest = native.partition("/") if native.startswith("urn:uuid:") else (native, "", "")
    return f"{names.get(place, place)}{found}{rest}"


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """A resource with placeholders in its references replaced."""
    if isinstance(value, list):
        return [renamed(one, names) for one in value]
    if isinstance(value, dict):
        return {
            name: names.get(one, one) if name == "reference" and isinstance(one, str) else renamed(one, names)
            for name, one in value.items()
        }
    return value


def _failed(key: str, error: AdapterError) -> Receipt:
    if isinstance(error, Refused):
        return Receipt(key=key, state="refused", code=error.code, path=error.path, conflict=error.conflict)
    if isinstance(error, Uncertain):
        return Receipt(key=key, state="uncertain", code=error.code)
    if isinstance(error, Unreachable):  # it had no effect, and the next round tries again
        return Receipt(key=key, state="refused", code=error.code, conflict=True)
    return Receipt(key=key, state="refused", code=error.code, path=error.path)
