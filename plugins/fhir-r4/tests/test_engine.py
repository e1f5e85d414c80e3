"""A record and a register together: a minor's case is made, and the gate decides on who answers for the child."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fhir_bench import ACT, CHILD, FNR, MOTHER, consent, goal, nurse, patient, plan, task, team
from gateway_fhir_r4.standin import StandIn

from gateway.cli import root

FATHER = "21868348221"
SETTINGS = """
[people.kari]
role = "privacy"
[units.hs-1]
service = "health_station"
body = "klepp-kommune"
[units.ke]
service = "coordinating_unit"
body = "klepp-kommune"
[units.skole-1]
service = "school"
body = "klepp-kommune"
[systems.register]
adapter = "persontjenesten"
unit = "ke"
url = "{register}"
secret = "env:BTI_TEST_TOKEN"
asserts = ["relation", "protection"]
[systems.skole]
adapter = "manual"
unit = "skole-1"
url = "http://127.0.0.1:9"
[systems.journal]
adapter = "fhir-r4"
unit = "hs-1"
url = "{record}"
secret = "env:BTI_TEST_TOKEN"
asserts = ["consent"]
[systems.journal.options.services]
"Organization/school" = "school"
"Organization/health" = "health_station"
[systems.journal.options.purposes]
"{act}|COC" = "bti"
"""
FAMILY: list[dict[str, Any]] = [
    {"number": CHILD, "given": "Ada", "family": "Lund", "born": "2014-03-14", "mother": MOTHER, "father": FATHER,
     "responsible": [{"by": MOTHER}, {"by": FATHER}]},
    {"number": MOTHER, "given": "Marit", "family": "Lund", "born": "1984-09-02"},
    {"number": FATHER, "given": "Per", "family": "Vik", "born": "1983-06-21"},
]  # fmt: skip


def bti(folder: Path, *words: str, token: str = "") -> Any:
    call = ["--config", str(folder / "gateway.toml"), "--json", "--as", "kari", *words]
    done = CliRunner().invoke(root.bti, call, env={"BTI_TEST_TOKEN": token})
    assert done.exit_code in {0, 1}, done.output
    return json.loads(done.stdout)


def relative(name: str, number: str) -> dict[str, Any]:
    return {
        "resourceType": "RelatedPerson",
        "id": name,
        "patient": {"reference": "Patient/p1"},
        "identifier": [{"system": FNR, "value": number}],
    }


@pytest.mark.parametrize(("givers", "effect"), [(["m1"], "deny"), (["m1", "f1"], "permit")])
def test_a_goal_reaches_the_school_only_when_both_whom_the_register_names_have_consented(
    tmp_path, givers, effect
) -> None:
    register_of = pytest.importorskip(
        "gateway_persontjenesten.standin", reason="the register's plugin is not installed"
    )
    folder = tmp_path / "klepp"
    assert CliRunner().invoke(root.bti, ["init", str(folder)]).exit_code == 0
    consents = [consent(id=f"s-{one}", performer=[{"reference": f"RelatedPerson/{one}"}]) for one in givers]
    people = [relative("m1", MOTHER), relative("f1", FATHER)]
    record = [nurse(), patient(), *people, plan(), team(), goal(), task(), *consents]
    with register_of.StandIn(FAMILY) as register, StandIn(record) as server:
        settings = (folder / "gateway.toml").read_text(encoding="utf-8").split("[people.")[0]
        more = SETTINGS.format(register=register.url, record=server.url, act=ACT)
        (folder / "gateway.toml").write_text(settings + more, encoding="utf-8")
        told = bti(folder, "sync", token=register_of.TOKEN)
        assert (told["quarantined"], told["fetched"]["register"]) == (0, 3 if len(givers) == 2 else 2)
        records = explained(folder)
    (decided,) = [one["receivers"]["skole"] for one in records if one["kind"] == "goal"]
    assert decided["effect"] == effect
    assert decided["rules"] == ["C14"]


def explained(folder: Path) -> list[dict[str, Any]]:
    """The life of the store's one case."""
    with closing(sqlite3.connect(folder / "bti.db")) as store:
        ((case,),) = store.execute("SELECT id FROM cases").fetchall()
    records: list[dict[str, Any]] = bti(folder, "explain", case, "--receiver", "skole")["records"]
    return records
