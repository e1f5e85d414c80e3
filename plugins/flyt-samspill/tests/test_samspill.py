"""A plan begun in Samspill: the form, what is refused, and the whole story through the engine."""

from pathlib import Path

import msgspec
import pytest
from gateway_flyt_samspill.adapter import FlytSamspill
from gateway_flyt_samspill.form import Options, form_of, staff_of
from gateway_flyt_samspill.kit import CHILD, LEAD, SamspillBench, authoriser_of, options
from gateway_flyt_samspill.standin import ORGANISATION, StandIn

from gateway.core.release import Release
from gateway.run import acts, settling
from gateway.sdk import Refused
from gateway.sdk.testing import AdapterContract, Watch, watched_context
from tests.run.test_crossing import Place
from tests.run.toys import MOTHER

OPTIONS = msgspec.convert(options(), Options)
STAFF = {"Liv Koord": LEAD, "Kari Nes": LEAD}


class TestSamspill(AdapterContract):
    @pytest.fixture
    def bench(self):
        return SamspillBench()


def part(kind, ident, **fields):
    return Release(system="samspill", kind=kind, id=ident, case="c", fields=fields, changed=tuple(fields))


PEOPLE = (
    part("person", "child", given_name="Nora", family_name="Berg", number=CHILD, role="subject"),
    part("person", "mother", given_name="Ingrid", family_name="Berg", number=MOTHER, role="guardian"),
    part("assignment", "held", role="plan_coordinator", holder_name="Liv Koord"),
    part("participant", "kari", role="actor", service="school", name="Kari Nes"),
    part("participant", "nobody", role="actor", service="school", name="Uten Nummer"),
    part("participant", "bup", role="actor", service="bup", name="Kari Nes"),
    part("plan", "plan", status="active", needs="hemmelig"),
)


def whole(*parts):
    return msgspec.structs.replace(part("case", "c", subject="child"), parts=parts)


def test_the_form_holds_who_and_nothing_of_what():
    form = form_of(whole(*PEOPLE), OPTIONS, STAFF)
    assert form == {
        "organizationNumber": ORGANISATION,
        "planType": "ip",
        "mainPerson": {"name": "Nora Berg", "identityNumber": CHILD},
        "planLead": {"name": "Liv Koord", "identityNumber": LEAD},
        "participants": [
            {"name": "Ingrid Berg", "identityNumber": MOTHER, "role": "foresatt"},
            {"name": "Kari Nes", "identityNumber": LEAD, "role": "fagperson"},
        ],
    }


@pytest.mark.parametrize(
    ("parts", "staff", "code", "path"),
    [
        ((), STAFF, "samspill.main_person", "$.subject.name"),
        ((part("person", "child", given_name="Nora"), *PEOPLE[1:]), STAFF, "samspill.main_person", "$.subject.number"),
        (PEOPLE[:2], STAFF, "samspill.lead", "$.holder_name"),
        (PEOPLE, {}, "samspill.lead", "$.holder_name.number"),
    ],
)
def test_without_a_number_for_child_and_lead_no_form_is_made_and_no_value_is_told(parts, staff, code, path):
    with pytest.raises(Refused) as told:
        form_of(whole(*parts), OPTIONS, staff)
    assert (told.value.code, told.value.path) == (code, path)


def test_staff_are_known_by_a_file_of_names_and_numbers():
    assert staff_of(f"Liv Koord;{LEAD}\n\nKari Nes; {LEAD}\n") == STAFF
    with pytest.raises(Refused):
        staff_of("Liv Koord, 123")


@pytest.mark.parametrize(
    ("change", "told"),
    [({}, None), ({"plan_type": "annet"}, "samspill.plan_type"), ({"roles": {"school": "x"}}, "samspill.roles"),
     ({"client": "feil"}, "auth.invalid_client"), ({"client": None}, "samspill.auth")],
)  # fmt: skip
def test_health_looks_whether_the_municipality_has_what_the_settings_name(change, told):
    change = dict(change)
    with StandIn() as standin:
        client, watch = change.pop("client", "bti"), Watch()
        authoriser = authoriser_of(standin.url, watch, client=client) if client is not None else None
        context = watched_context(standin.url, watch, options={**options(), **change}, authoriser=authoriser)
        adapter = FlytSamspill(context)
        assert adapter.health() == told
        adapter.close()
        let_go(watch)


def let_go(watch):
    for close in watch.closing:
        close()


class Town(Place):
    """The log's town, with Samspill as the plan's product."""

    def __init__(self, folder, standin):
        super().__init__(folder)
        (Path(folder) / "staff.csv").write_text(f"Liv Koord;{LEAD}\n", encoding="utf-8")
        watch = Watch()
        context = watched_context(
            standin.url, watch, options={**options(), "staff": "staff.csv"}, folder=str(folder),
            authoriser=authoriser_of(standin.url, watch),
        )  # fmt: skip
        adapters = {**self.world.adapters, "plan": FlytSamspill(context)}
        self.world = msgspec.structs.replace(self.world, adapters=adapters)
        self.adapter, self.watch = adapters["plan"], watch
        self.log.put("person", "p2", {"given_name": "Ingrid"}, case="c1")
        self.round()


@pytest.fixture
def standin():
    with StandIn() as made:
        yield made


@pytest.fixture
def town(tmp_path, standin):
    made = Town(tmp_path, standin)
    yield made
    made.adapter.close()
    let_go(made.watch)
    made.close()


def test_a_plan_is_begun_once_and_people_look_and_close(town, standin):
    town.yes()
    town.round()
    assert standin.plans == {}, "a consent alone begins nothing"
    town.begin()
    town.round(3)
    [form] = standin.plans.values()
    assert form["planLead"]["name"] == "Liv Koord"
    assert [one["role"] for one in form["participants"]] == ["foresatt"]
    assert "lesetime" not in str(form)
    assert {task["kind"] for task in settling.open_tasks(town.world)} == {"look", "close_log"}
    town.log.put("measure", "m1", {"effect": "leser mer"}, case="c1")
    town.round(2)
    assert len(standin.plans) == 1
    [task] = town.tasks("close_log")
    settling.resolve(town.world, task["id"], "closed", by="kari")
    assert town.file.case().fields["status"] == "replaced_by_plan"


def test_a_lost_answer_is_a_question_to_a_person_and_never_a_second_plan(town, standin):
    town.yes()
    town.begin()
    standin.troubles.order({"faults": [{"what": "lost", "on": "write"}]})
    town.round(4)
    assert len(standin.plans) == 1
    [task] = town.tasks("uncertain")
    assert task["answers"] == ["arrived", "lost"]


def test_what_cannot_be_taken_back_there_is_asked_of_a_person(town, standin):
    consent = town.yes()
    town.begin()
    town.round(2)
    acts.withdraw_consent(town.world, town.case, by="kari", giver=town.person(), consent=consent)
    town.round(2)
    assert len(standin.plans) == 1
    assert town.tasks("retraction")
