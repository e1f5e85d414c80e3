"""What a server says that it can do (its CapabilityStatement), so that nothing else is asked of it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

READING = frozenset({"read", "search-type"})


class Offer(Struct, frozen=True, kw_only=True):
    """What is offered for one resource type (FHIR R4, CapabilityStatement.rest.resource)."""

    interactions: frozenset[str] = frozenset()
    conditional_create: bool = False
    update_create: bool = False
    versioned: bool = False
    """``If-Match`` is honoured (``versioning`` is ``versioned-update``)."""
    versions: bool = False
    """Versions are counted at all."""

    @property
    def creates(self) -> bool:
        """Whether a resource of this type can be made."""
        return "create" in self.interactions or (self.update_create and "update" in self.interactions)

    @property
    def deletes(self) -> bool:
        """Whether one can be deleted."""
        return "delete" in self.interactions


class Able(Struct, frozen=True, kw_only=True):
    """What a server offers. ``types`` is empty where it does not list them: then all that R4 has counts as offered."""

    version: str = ""
    types: Mapping[str, Offer] = {}
    interactions: frozenset[str] = frozenset()

    @property
    def transactions(self) -> bool:
        """Whether a Bundle is taken whole or not at all."""
        return "transaction" in self.interactions

    @property
    def batches(self) -> bool:
        """Whether a Bundle is taken at all, each entry for itself."""
        return "batch" in self.interactions

    def of(self, kind: str) -> Offer:
        """What is offered for a type."""
        if not self.types:
            return EVERYTHING
        return self.types.get(kind, Offer())

    def lists(self, kind: str) -> bool:
        """Whether the type can be read at all; one that is offered without interactions listed counts as readable."""
        if not self.types:
            return True
        found = self.types.get(kind)
        return found is not None and (not found.interactions or bool(READING & found.interactions))

    def keeps_history(self, kind: str) -> bool:
        """Whether the versions of a whole type can be asked for."""
        found = self.of(kind)
        return not found.interactions or "history-type" in found.interactions

    def lacking(self, kinds: Iterable[str]) -> list[str]:
        """Those of the types that cannot be both made and changed."""
        return [kind for kind in kinds if not (self.of(kind).creates and "update" in self.of(kind).interactions)]


EVERYTHING = Offer(
    interactions=frozenset({"read", "search-type", "create", "update", "delete", "history-type"}),
    conditional_create=True,
    versioned=True,
    versions=True,
)
"""A server that does not list its types is taken at its word when it refuses."""


def able_of(statement: Mapping[str, Any]) -> Able:
    """The statement as far as it is understood; what has another shape than R4 says is taken as not offered."""
    version = statement.get("fhirVersion")
    modes = [one for one in _objects(statement.get("rest")) if one.get("mode") == "server"]
    types = {
        str(one["type"]): _offer(one)
        for mode in modes
        for one in _objects(mode.get("resource"))
        if isinstance(one.get("type"), str)
    }
    whole = {code for mode in modes for code in _codes(mode.get("interaction"))}
    return Able(version=version if isinstance(version, str) else "", types=types, interactions=frozenset(whole))


def _offer(told: Mapping[str, Any]) -> Offer:
    versioning = told.get("versioning")
    return Offer(
        interactions=frozenset(_codes(told.get("interaction"))),
        conditional_create=told.get("conditionalCreate") is True,
        update_create=told.get("updateCreate") is True,
        versioned=versioning == "versioned-update",
        versions=versioning != "no-version",
    )


def _codes(value: Any) -> Collection[str]:
    return [one["code"] for one in _objects(value) if isinstance(one.get("code"), str)]


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
