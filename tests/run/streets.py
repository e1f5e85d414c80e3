"""A street of families, each with a log at the school (``a``) that the health station (``b``) gets: for stories of many."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from gateway.core import casefile
from gateway.core.identity import synthetic_number
from gateway.run import acts
from gateway.run.life import sync
from tests.run.toys import Clock, Vendor, able, approve, make_world


def family(at: int) -> tuple[str, str]:
    """The numbers of a child and of the mother, different for each family."""
    return synthetic_number(date(2014, 1 + at % 12, 1 + at % 28), at), synthetic_number(date(1985, 1, 1 + at % 28), at)


def register_of(count: int) -> dict[str, dict[str, Any]]:
    """What the register says of them: each mother alone has parental responsibility."""
    told: dict[str, dict[str, Any]] = {}
    for at in range(count):
        child, mother = family(at)
        told[child] = {"birth_date": date(2014, 1 + at % 12, 1 + at % 28).isoformat(), "parents": {mother: "sole"}}
        told[mother] = {"birth_date": date(1985, 1, 1 + at % 28).isoformat()}
    return told


def tell(vendor: Vendor, at: int, *, consent: bool = True) -> None:
    """The vendor has one family's log, with a concern and the mother's consent."""
    child, mother = family(at)
    case = f"c{at}"
    vendor.put("person", f"p{at}", {"number": child, "role": "subject", "given_name": f"Barn {at}"}, case=case)
    vendor.put("person", f"m{at}", {"number": mother, "role": "guardian"}, case=case)
    vendor.put("case", case, {"subject": f"p{at}", "status": "active", "opened_on": "2026-01-10"}, case=case)
    vendor.put("concern", f"k{at}", {"raised_on": "2026-02-01", "summary": f"uro {at}"}, case=case)
    if consent:
        vendor.put(
            "consent", f"s{at}",
            {"decision": "given", "by": f"m{at}", "purpose": "bti", "services": ["school", "health_station"],
             "valid_from": "2026-01-01", "valid_to": "2027-12-31", "given": "2026-01-01T10:00:00+01:00"},
            case=case, about=[f"p{at}"],
        )  # fmt: skip


class Street:
    """The street at work, on a virtual clock."""

    def __init__(self, folder: Path, *, families: int, consent: bool = True, **more: Any) -> None:
        self.a, self.b = Vendor("a"), Vendor("b")
        self.clock: Clock = more.pop("clock", None) or Clock()
        self.families = families
        can = more.pop("can_b", None) or able()
        self.world = make_world(
            folder,
            vendors={"a": ("school", self.a, able()), "b": ("health_station", self.b, can)},
            register=register_of(families),
            asserts={"a": ("consent",)},
            clock=self.clock,
            **more,
        )
        approve(self.world)
        for at in range(families):
            tell(self.a, at, consent=consent)

    def sync(self, times: int = 1) -> Any:
        for _ in range(times):
            tally = sync(self.world)
            self.clock.forward(hours=1)
        return tally

    def cases(self) -> dict[int, str]:
        """The case of each family, by the family's place in the street."""
        with self.world.store.read() as tx:
            files = [casefile.decode(body) for _, body in tx.load_cases(tx.case_ids()).values()]
        numbers = {family(at)[0]: at for at in range(self.families)}
        found = {}
        for file in files:
            subject = file.items[file.case().fields["subject"]]  # type: ignore[union-attr]
            found[numbers[subject.fields["number"]]] = file.id
        return found

    def withdraw(self, which: Iterable[int]) -> None:
        """These mothers take back their consent."""
        cases = self.cases()
        for at in which:
            case = cases[at]
            with self.world.store.read() as tx:
                file = casefile.decode(tx.load_cases([case])[case][1])
            mother = next(item for item, entry in file.of_kind("person") if entry.fields.get("number") == family(at)[1])
            acts.withdraw_consent(self.world, case, by="kari", giver=mother)
