"""The municipality's numbers from a real store, and the question to families that some of them rest on."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import msgspec
import pytest

from gateway.core.casefile import CaseFile, Entry, encode
from gateway.core.model import Origin
from gateway.core.statistics import FIGURES
from gateway.run import settling
from gateway.run import statistics as numbers
from gateway.run.mapfiles import load_terms
from gateway.run.settings import Unit
from gateway.run.settings_web import WebSettings
from gateway.run.statistics import PRINTS, as_csv, statistics
from tests.run.test_life import Town

UNITS = {
    "skole-1": Unit(service="school", body="k", name="skole-1", part_of="oppvekst", title="Vardheia skule"),
    "skole-2": Unit(service="school", body="k", name="skole-2", part_of="oppvekst"),
    "oppvekst": Unit(service="school", body="k", name="oppvekst"),
    "hs-1": Unit(service="health_station", body="k", name="hs-1"),
}


def told_of(unit, at):
    """One log with what the figures look at."""
    origin = Origin(service=UNITS[unit].service, domain="education", unit=unit, body="k", system="a")

    def entry(kind, **fields):
        return Entry(kind=kind, fields=fields, origin=origin, category=kind)

    level = {"code": str(at % 3 + 1), "rank": at % 3 + 1}
    late = at % 2
    return {
        "case": entry("case", subject="child", status="active", opened_on="2026-11-01", level=level),
        "holder": entry("assignment", role="relay_holder", state="accepted" if at % 2 else "ended", unit=unit),
        "concern": entry(
            "concern", raised_on="2026-02-01", found_on="2026-01-20", status="settled",
            first_measure_on="2026-02-05" if late else "2026-08-01",
        ),
        "meeting": entry("meeting", held_at="2026-11-15T10:00:00+01:00", meeting_type="ressursteam"),
        **({"answer": entry("user_experience", asked_on="2026-11-16", meeting_type="ressursteam", scores={"heard": 2 + at % 8})}
           if late else {}),
    }  # fmt: skip


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path, consent=False)
    settings = msgspec.structs.replace(made.world.settings, model="modum", units={**made.world.settings.units, **UNITS})
    made.world = msgspec.structs.replace(made.world, settings=settings)
    yield made
    made.world.store.close()


def fill(world, **numbers):
    with world.store.write() as tx:
        for unit, n in numbers.items():
            for at in range(n):
                case = f"{unit}-{at:03}".replace("_", "-")
                items = told_of(unit.replace("_", "-"), at)
                items[case] = items.pop("case")
                tx.save_cases([(case, 0, encode(CaseFile(id=case, items=items)))])


def rows(told, figure):
    [found] = [one for one in told["figures"] if one["code"] == figure]
    return {(row["level"], row["code"]): row["counts"] for row in found["rows"]}


def test_every_figure_is_told_for_the_municipality_its_agencies_and_services(town):
    fill(town.world, skole_1=36, skole_2=30, hs_1=24)
    told = statistics(town.world, by="kari", year=2026)
    assert rows(told, "cases") == {
        ("municipality", "1120"): {"count": 90}, ("agency", "oppvekst"): {"count": 65},
        ("service", "skole-1"): {"count": 35}, ("service", "skole-2"): {"count": 30}, ("service", "hs-1"): {"count": 25},
    }  # fmt: skip
    assert rows(told, "level")["service", "skole-1"] == {"0+1": 10, "2": 10, "3": 10}
    assert rows(told, "holder")["municipality", "1120"] == {"held": 45, "nobody": 45}
    assert rows(told, "raised_to_measure")["service", "hs-1"] == {"within_14+within_90": 10, "later+none": 10}
    assert rows(told, "asked")["municipality", "1120"] == {"asked": 45, "not_asked": 45}
    assert sum(rows(told, "experience")["municipality", "1120"].values()) == 45
    assert (told["rules"], told["basis"], told["limit"]) == (["B10"], "ANONYMOUS", 5)
    assert {one["code"] for one in told["figures"]} >= set(FIGURES)
    assert [row["title"] for row in told["figures"][0]["rows"] if row["code"] == "skole-1"] == ["Vardheia skule"]


def test_a_small_service_is_told_nowhere_and_no_row_beside_it_tells_it(town):
    fill(town.world, skole_1=36, skole_2=3, hs_1=24)
    told = statistics(town.world, by="kari", year=2026)
    assert rows(told, "cases") == {
        ("municipality", "1120"): {"count": 65}, ("agency", "oppvekst"): {"count": 40}, ("service", "hs-1"): {"count": 25},
    }  # fmt: skip
    assert "skole-2" not in str(told)


def test_another_year_has_its_own_concerns_and_the_same_logs(town):
    fill(town.world, skole_1=36, hs_1=24)
    told = statistics(town.world, by="kari", year=2025)
    assert rows(told, "cases")
    assert rows(told, "concerns") == {}


def counts(told):
    return {
        (one["code"], row["level"], row["code"], cell): n
        for one in told["figures"]
        for row in one["rows"]
        for cell, n in row["counts"].items()
    }


def test_what_came_within_the_month_does_not_show_in_it_whichever_year_is_asked_about(town):
    fill(town.world, skole_1=37, hs_1=24)
    first = statistics(town.world, by="kari", year=2026)
    fill_more(town.world, "skole-1", 40)
    town.clock.forward(days=2)
    again = statistics(town.world, by="ola", year=2026)
    assert (again["figures"], again["counted_at"]) == (first["figures"], first["counted_at"])
    other = statistics(town.world, by="ola", year=2025)
    assert rows(other, "cases") == rows(first, "cases"), "logs are counted once, for whatever year one asks"
    town.clock.forward(days=8)  # December
    later = statistics(town.world, by="kari", year=2026)
    assert later["month"] != first["month"]
    old, new = counts(first), counts(later)
    assert rows(later, "cases")["service", "skole-1"] == {"count": 75}
    assert {abs(new[key] - old[key]) % first["limit"] for key in old.keys() & new.keys()} == {0}
    with town.world.store.read() as tx:
        assert {name[:7] for name in tx.marked(PRINTS)} == {"2026-12"}, "what is over is not kept"


def test_a_stricter_limit_holds_at_once_and_a_looser_one_with_the_next_month(town):
    fill(town.world, skole_1=36, hs_1=24)
    assert statistics(town.world, by="kari")["limit"] == 5
    kept = small_cell(town, 8)
    assert kept["limit"] == 8
    assert {n % 8 for n in counts(kept).values()} == {0}
    assert small_cell(town, 3)["limit"] == 8
    town.clock.forward(days=30)
    assert small_cell(town, 3)["limit"] == 3


def small_cell(town, limit):
    with pytest.MonkeyPatch.context() as patched:
        terms = load_terms("modum", folder=None)
        stricter = msgspec.structs.replace(terms, policy=msgspec.structs.replace(terms.policy, small_cell=limit))
        patched.setattr(numbers, "load_terms", lambda *_, **__: stricter)
        return statistics(town.world, by="kari")


def fill_more(world, unit, n):
    with world.store.write() as tx:
        for at in range(n):
            case = f"{unit}-more-{at:03}"
            items = told_of(unit, at)
            items[case] = items.pop("case")
            tx.save_cases([(case, 0, encode(CaseFile(id=case, items=items)))])


def test_who_asked_for_numbers_stands_in_the_log(town):
    with town.world.store.read() as tx:
        before = tx.tree()[0]
    statistics(town.world, by="kari")
    with town.world.store.read() as tx:
        assert tx.tree()[0] == before + 1


def test_without_a_verified_basis_no_number_leaves(town):
    fill(town.world, skole_1=36)
    town.clock.forward(days=365)
    assert town.clock().date() > date(2027, 4, 1)
    told = statistics(town.world, by="kari", year=2026)
    assert all(not one["rows"] for one in told["figures"])
    assert told["task"] == "verify_legal_basis"


def test_the_counts_are_the_same_as_csv(town):
    fill(town.world, skole_1=36, hs_1=24)
    told = statistics(town.world, by="kari", year=2026)
    lines = list(csv.DictReader(io.StringIO(as_csv(told))))
    assert {"figure": "cases", "level": "municipality", "place": "1120", "cell": "count", "count": "60"} in lines
    assert len(lines) == sum(len(row["counts"]) for one in told["figures"] for row in one["rows"])


@pytest.mark.parametrize(("meeting_type", "asked"), [("ressursteam", True), ("samtale", False)])
def test_after_a_meeting_that_the_model_names_the_family_is_to_be_asked(town, meeting_type, asked):
    town.a.put("meeting", "m1", {"held_at": "2026-11-20T10:00:00+01:00", "meeting_type": meeting_type}, case="c1")
    town.sync()
    town.clock.forward(days=2)
    town.sync()  # Monday

    def due():
        return [
            one["code"]
            for task in town.tasks() if task["kind"] == "follow_up"
            for one in settling.show(town.world, task["id"])["about"]["deadlines"]
        ]  # fmt: skip

    assert ("ask_the_family" in due()) is asked
    if asked:
        town.a.put(
            "user_experience",
            "u1",
            {"asked_on": "2026-11-22", "meeting_type": meeting_type, "scores": {"heard": 8}},
            case="c1",
        )
        town.sync(2)
        assert "ask_the_family" not in due(), "it is settled by itself when they have been asked"


def test_a_meeting_that_is_planned_asks_nobody_yet(town):
    town.a.put("meeting", "m1", {"held_at": "2026-12-20T10:00:00+01:00", "meeting_type": "ressursteam"}, case="c1")
    town.sync()
    assert not [task for task in town.tasks() if "ask_the_family" in str(settling.show(town.world, task["id"]))]


@pytest.fixture
def served(town):
    """A town with a web, whose rounds count a month."""
    settings = msgspec.structs.replace(town.world.settings, web=WebSettings())
    town.world = msgspec.structs.replace(town.world, settings=settings)
    return town


def test_the_first_round_of_a_month_counts_all_years_so_that_whoever_looks_waits_for_no_count(served, monkeypatch):
    fill(served.world, skole_1=36, hs_1=24)
    served.sync()
    monkeypatch.setattr(numbers, "_marks", None)  # whoever counted now would fail
    told = {year: statistics(served.world, by="kari", year=year) for year in (2024, 2026, None)}
    assert rows(told[2026], "concerns")
    assert told[None]["figures"] == told[2026]["figures"]
    assert rows(told[2024], "cases") == rows(told[2026], "cases")
    assert {one["code"] for one in told[2024]["figures"]} == {one["code"] for one in told[2026]["figures"]}
    assert not any(rows(told[2024], name) for name in ("concerns", "meetings", "answers"))


def test_each_year_is_told_as_if_it_had_been_counted_alone(town):
    fill(town.world, skole_1=36, hs_1=24)
    marks = list(numbers._marks(town.world, date(2026, 11, 21)))
    limit = statistics(town.world, by="kari", year=2026)["limit"]
    assert {one.year for one in marks} == {None, 2026}
    with town.world.store.read() as tx:
        kept = {name: msgspec.json.decode(value) for name, value in tx.marked(PRINTS).items()}
    assert kept["2026-11/cases"]["years"] == [2026]
    assert {one["population"] for one in kept["2026-11/cases"]["figures"]} == {"cases"}
    assert {one["population"] for one in kept["2026-11/2026"]["figures"]} == {"concerns", "meetings", "answers"}
    assert all(one["limit"] == limit for one in kept.values())


def test_while_there_is_no_case_nothing_is_kept_that_would_hide_the_first_ones_for_a_month(served, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(numbers, "measure", lambda *_, **__: iter(()))
        with served.world.store.write() as tx:
            tx.forget_cases(tx.case_ids())
        assert not counts(statistics(served.world, by="kari"))
    fill(served.world, skole_1=36)
    assert rows(statistics(served.world, by="kari"), "cases")


def test_those_who_ask_at_once_wait_for_one_count(town, monkeypatch):
    fill(town.world, skole_1=36)
    counted, real = [], numbers._marks
    monkeypatch.setattr(numbers, "_marks", lambda *told: counted.append(told) or real(*told))
    with ThreadPoolExecutor(max_workers=4) as pool:
        told = list(pool.map(lambda _: statistics(town.world, by="kari")["figures"], range(4)))
    assert len(counted) == 1
    assert all(one == told[0] for one in told)


def test_what_an_earlier_release_kept_of_a_month_is_told_again(town):
    fill(town.world, skole_1=36)
    first = statistics(town.world, by="kari", year=2026)
    with town.world.store.write() as tx:
        for name, value in tx.marked(PRINTS).items():
            kept = msgspec.json.decode(value)
            del kept["years"]
            tx.remember(f"{PRINTS}{name}", msgspec.json.encode(kept).decode())
    fill_more(town.world, "skole-1", 40)
    assert statistics(town.world, by="kari", year=2026)["figures"] == first["figures"]
    assert rows(statistics(town.world, by="kari", year=2025), "cases") == rows(first, "cases")
    assert statistics(town.world, by="kari", year=2026)["figures"] == first["figures"]
