"""The law as dated data: legal bases, and the duties that override consent.

A *norm* is what the rules ask for (``SAME_BODY``); a *basis* is an act's section that carries it between two dates.
While acts are exchanged a norm has several bases. A basis that nobody has verified, or not for a year, holds what it
would have permitted until a person has looked; duties are excepted, since they must never wait for us.

``parse`` reads the two files of this folder; ``CURRENT`` is what they say, written out as Python beside them.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from gateway.core import ages

NAMED = frozenset({"ARCHIVE_SHIELDING", "ARCHIVE_KEEPS"})
"""Norms that no rule of the gate asks for: they are named to whoever receives, or asks."""


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sentence in bokmål, nynorsk and English."""

    nb: str
    nn: str
    en: str


class Basis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One section of an act that carries a norm. ``valid_from`` ``None``: adopted, and no day is set yet."""

    code: str
    norm: str
    act: str
    section: str
    text: Words
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    last_verified: date | None = None
    verified_by: str | None = None

    def in_force(self, on: date) -> bool:
        """Whether the section is law on a day."""
        return (
            self.valid_from is not None
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )  # fmt: skip

    def verified(self, on: date) -> bool:
        """Whether somebody has read it, no longer than a year before a day."""
        passed = None if self.last_verified is None else ages.age(self.last_verified, on)
        return self.last_verified is not None and (passed is None or passed < 1 or _same_day(self.last_verified, on))


class Obligation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duty to tell: whose it is (``filers``), to whom (``receivers``), on which of the act's own ``grounds``.

    ``grounds`` maps the letter to a trigger in ``triggers``; where an act merges two of them, both letters name the
    merged one. ``rule`` is the row of the table that carries it; ``needs`` names facts that it asks for beside.
    """

    code: str
    rule: Literal["B3", "B4", "B5"]
    act: str
    section: str
    text: Words
    source: str
    filers: tuple[str, ...]
    receivers: tuple[str, ...]
    grounds: dict[str, str] = {}
    needs: tuple[Literal["need", "pregnant"], ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    last_verified: date | None = None
    verified_by: str | None = None

    def in_force(self, on: date) -> bool:
        """Whether the section is law on a day. A duty is not asked when it was last verified."""
        return (
            self.valid_from is not None
            and self.valid_from <= on
            and (self.valid_to is None or on <= self.valid_to)
        )  # fmt: skip


class Lookup(Struct, frozen=True, kw_only=True):
    """What carries a norm on a day: the basis in force, if any, and whether it may carry (it is verified)."""

    basis: Basis | None
    carries: bool


class Law(Struct, frozen=True, kw_only=True, dict=True):
    """All bases and duties, with the triggers that the duties' grounds name."""

    bases: tuple[Basis, ...]
    duties: tuple[Obligation, ...]
    triggers: dict[str, Words] = {}

    @cached_property
    def _by_norm(self) -> dict[str, list[Basis]]:
        found: dict[str, list[Basis]] = {}
        for basis in self.bases:
            found.setdefault(basis.norm, []).append(basis)
        return found

    @cached_property
    def _looked_up(self) -> dict[tuple[str, date], Lookup]:
        return {}

    def norm(self, name: str, on: date) -> Lookup:
        """What carries a norm on a day. A verified basis goes before one that is not; then the later one."""
        found = self._looked_up.get((name, on))
        if found is None:
            in_force = [basis for basis in self._by_norm.get(name, ()) if basis.in_force(on)]
            in_force.sort(key=lambda basis: (basis.verified(on), basis.valid_from or date.min), reverse=True)
            best = in_force[0] if in_force else None
            found = Lookup(basis=best, carries=best is not None and best.verified(on))
            if len(self._looked_up) > 5_000:
                self._looked_up.clear()
            self._looked_up[name, on] = found
        return found

    def duty(self, code: str, on: date) -> Obligation | None:
        """The duty of a code, when it is law on a day."""
        return next((duty for duty in self.duties if duty.code == code and duty.in_force(on)), None)

    def codes(self) -> frozenset[str]:
        """The codes of all bases and duties."""
        return frozenset([one.code for one in self.bases] + [one.code for one in self.duties])

    def verify(self, code: str, *, on: date, by: str) -> "Law":
        """The law with one basis or duty read and found right by somebody on a day.

        What somebody has read later than that stays. Raises ``KeyError`` for an unknown code.
        """
        if code not in self.codes():
            raise KeyError(code)

        def read(one: Any) -> Any:
            known = one.last_verified is not None and one.last_verified > on
            return one if one.code != code or known else replace(one, last_verified=on, verified_by=by)

        return replace(self, bases=tuple(map(read, self.bases)), duties=tuple(map(read, self.duties)))


class LawFault(Exception):
    """A law file that cannot be read: stable codes with their paths, all of them."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{code} at {path}" for code, path in self.faults))


def parse(bases: str, duties: str) -> Law:
    """The law of the two files' texts. Raises ``LawFault`` with every fault of the first file that has one."""
    import yaml  # noqa: PLC0415 - only who reads the files pays for the parser

    try:
        told = yaml.safe_load(duties)
        law = msgspec.convert(
            {"bases": yaml.safe_load(bases)["bases"], "duties": told["duties"], "triggers": told["triggers"]}, Law
        )
    except msgspec.ValidationError as error:
        raise LawFault([("law.value", str(error).rpartition(" - at `")[2].rstrip("`"))]) from None
    except (yaml.YAMLError, KeyError, TypeError):
        raise LawFault([("law.file", "$")]) from None
    faults = [*_doubles(law), *_unnamed(law)]
    if faults:
        raise LawFault(faults)
    return law


def _doubles(law: Law) -> list[tuple[str, str]]:
    seen: set[str] = set()
    faults = []
    codes = [basis.code for basis in law.bases] + [duty.code for duty in law.duties]
    for place, code in enumerate(codes):
        if code in seen:
            faults.append(("law.double_code", f"$[{place}].code"))
        seen.add(code)
    return faults


def _unnamed(law: Law) -> list[tuple[str, str]]:
    return [
        ("law.unknown_trigger", f"$.duties[{place}].grounds.{letter}")
        for place, duty in enumerate(law.duties)
        for letter, trigger in duty.grounds.items()
        if trigger not in law.triggers
    ]


def _same_day(verified: date, on: date) -> bool:
    return (verified.month, verified.day) == (on.month, on.day) and on.year - verified.year == 1
