import hashlib
import tracemalloc
from collections import Counter, deque
from datetime import date
from itertools import islice

import msgspec
import pytest

from gateway.core.identity import check_number
from gateway.core.model import REFS, check
from gateway.core.model.parts import Origin
from gateway.run.synthetic import TODAY, cases, municipality, pupils, units
from gateway.run.synthetic.names import NAMINGS
from gateway.run.synthetic.people import CHECK_WEIGHTS, PROTECTIONS, SITUATIONS, check_digits
from gateway.run.synthetic.phrases import BOKMAL, NYNORSK

MANY = 3_000


@pytest.fixture(scope="module")
def town():
    return list(cases(children=MANY, seed=7))


def records(each):
    yield from (each["case"], *each["items"], *each["people"], *each["relations"])
    if each["enrolment"] is not None:
        yield each["enrolment"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    def digest(seed):
        sha = hashlib.sha256()
        for line in municipality(children=200, seed=seed):
            sha.update(line)
        return sha.hexdigest()

    assert digest(1) == digest(1) != digest(2)


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    assert list(cases(children=30, seed=4)) == list(islice(cases(children=60, seed=4), 30))


def test_every_record_fits_the_model_in_canonical_writing(town):
    for each in town:
        for record in records(each):
            assert check(record["kind"], record["fields"]) == record["fields"]
        for item in (each["case"], *each["items"]):
            assert set(item) == {"kind", "id", "case", "category", "about", "origin", "fields"}
            msgspec.convert(item["origin"], Origin)
    for unit in units():
        assert check("unit", unit["fields"]) == unit["fields"]


def test_every_number_is_synthetic_valid_its_owners_own_and_fits_the_birth_date(town):
    owner = {}
    for each in town:
        for person in each["people"]:
            number, born = person["fields"]["number"], date.fromisoformat(person["fields"]["birth_date"])
            assert owner.setdefault(number, person["id"]) == person["id"]
            assert number[:6] == f"{born.day:02d}{born.month + 80:02d}{born.year % 100:02d}"
            assert check_digits(number[:9]) == number[9:]
            assert check_number(number, numbers="synthetic") is None
            assert check_number(number, numbers="production") is not None
            for weights in CHECK_WEIGHTS:
                assert sum(w * int(d) for w, d in zip((*weights, 1), number, strict=False)) % 11 == 0
    assert len(owner) == len({person["id"] for each in town for person in each["people"]})


def test_every_reference_inside_a_case_is_to_something_in_it(town):
    for each in town:
        known = {record["id"] for record in records(each)}
        assert {person for item in each["items"] for person in item["about"]} <= known
        for record in records(each):
            for name in REFS[record["kind"]]:
                value = record["fields"].get(name, [])
                assert set([value] if isinstance(value, str) else value) <= known, (record["kind"], name)


def test_every_unit_that_is_named_is_in_the_tree(town):
    tree = {unit["id"] for unit in units()}
    assert {item["origin"][name] for each in town for item in each["items"] for name in ("unit", "body")} <= tree
    assert {unit["fields"][name] for unit in units() for name in ("part_of", "body") if name in unit["fields"]} <= tree
    private = [unit for unit in units() if unit["fields"].get("service") == "kindergarten"]
    assert {"private", "public"} == {unit["fields"]["sector"] for unit in private}


def test_shares_are_about_what_is_stated(town):
    assert 3_500 < sum(len(msgspec.json.encode(each)) for each in town) / MANY < 5_000
    levels = Counter(each["case"]["fields"]["level"]["rank"] for each in town)
    assert set(levels) == {0, 1, 2, 3}
    ties = Counter(tuple(sorted(tie["fields"]["responsibility"] for tie in each["relations"])) for each in town)
    assert 0.8 < ties[("joint", "joint")] / MANY < 0.92
    assert {(), ("sole",), ("none", "sole"), ("deprived", "deprived"), ("verge",), ("unknown", "unknown")} <= set(ties)
    protected = sum(person["fields"]["protection"] != "none" for each in town for person in each["people"][:1])
    assert 0.01 < protected / MANY < 0.035
    assert sum(share for _, share in SITUATIONS) == pytest.approx(1)
    assert sum(share for _, share in PROTECTIONS) == pytest.approx(1)
    assert sum(naming.share for naming in NAMINGS) == pytest.approx(1)
    kinds = Counter(item["kind"] for each in town for item in each["items"])
    assert set(kinds) == {
        "concern", "goal", "measure", "meeting", "evaluation", "child_voice", "bright_moment", "assignment", "consent"
    }  # fmt: skip


def test_consents_come_in_every_state(town):
    consents = [item["fields"] for each in town for item in each["items"] if item["kind"] == "consent"]
    today = TODAY.isoformat()
    assert any(consent["decision"] == "refused" for consent in consents)
    assert any("withdrawn" in consent for consent in consents)
    assert any(today < consent.get("valid_to", "") < "2027-01-20" for consent in consents)
    assert any(consent.get("valid_to", today) < today for consent in consents)
    by = [
        (len(each["relations"]), sum(item["kind"] == "consent" for item in each["items"]))
        for each in town
        if each["case"]["fields"]["level"]["rank"] > 0
    ]
    assert (2, 1) in by
    assert (2, 2) in by


def test_nothing_is_dated_after_the_municipalitys_day_but_what_is_planned(town):
    for each in town:
        for item in each["items"]:
            for name in ("raised_on", "decided_on", "started_on", "heard_on", "seen_on", "evaluated_on", "since"):
                assert item["fields"].get(name, "") <= TODAY.isoformat()


def test_protected_people_have_no_address_and_a_level_zero_case_has_no_consent(town):
    for each in town:
        for person in each["people"]:
            if person["fields"]["protection"] in ("confidential", "strict", "strict_abroad"):
                assert "address" not in person["fields"]
        if each["case"]["fields"]["level"]["rank"] == 0:
            assert not [item for item in each["items"] if item["kind"] == "consent"]


def test_both_written_forms_have_the_same_sentences_to_choose_from():
    for name in BOKMAL.__struct_fields__:
        assert len(getattr(BOKMAL, name)) == len(getattr(NYNORSK, name)), name


def test_the_school_list_holds_the_children_with_a_case_among_others_and_no_number_twice():
    rows = list(pupils(children=60, seed=3, classmates=4))
    with_case = [row for row in rows if row["case"]]
    known = {each["case"]["fields"]["subject"] for each in cases(children=60, seed=3)}
    assert {row["person"]["id"] for row in with_case} <= known
    assert len(rows) == 5 * len(with_case)
    numbers = [one["fields"]["number"] for row in rows for one in (row["person"],)]
    assert len(set(numbers)) == len(numbers)
    for row in rows:
        assert check("enrolment", row["enrolment"]["fields"])
        assert row["guardians"]


def test_memory_is_flat_and_over_two_thousand_children_come_in_a_second(cost):
    for _ in cases(children=200, seed=1):
        pass
    assert cost(lambda: deque(cases(children=2_000, seed=1), maxlen=0), below=1) < 1

    def peak(children):
        tracemalloc.start()
        for _ in cases(children=children, seed=1):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(1_500) < peak(150) + 150 * 1_350  # bytes a child: much less than the least that could be kept of one
