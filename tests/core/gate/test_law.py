"""The law as data: what the files say, what is in force when, and who has read it."""

from datetime import date

import pytest
from msgspec.structs import replace
from scenes import judge, permitted

from gateway.core.law import NAMED, LawFault, parse
from gateway.core.law.generated.current import CURRENT
from gateway.core.rules import RULES, deciders, verdict
from gateway.core.rules.sharing import HEALTH_SERVICES
from gateway.run import law as files
from gateway.run.rulebook import rules_page


def test_what_is_written_out_is_what_the_files_say():
    assert files.as_python(files.read()) == files.WRITTEN.read_text("utf-8"), "run python -m gateway.run.law"
    assert files.read() == CURRENT


def test_the_page_of_rules_is_what_the_rules_say(root):
    page = root / "docs" / "reference" / "rules.md"
    assert page.read_text("utf-8").rstrip("\n") == rules_page().rstrip("\n"), "run make docs"


def test_every_norm_that_a_rule_names_has_a_basis():
    asked = {norm for norms in deciders.NORMS.values() for norm in norms} | set(deciders.RELEASE.values())
    asked |= set(verdict.PROCESSING.values()) | {"RELEASE_CONSENT", "HEALTH_RELEASE", "HEALTH_TEAM", "SAME_BODY"}
    asked |= {"SCHOOL_MOVE", "SCHOOL_PROCESSING", "CHILD_WELFARE_TASK", "ANONYMOUS"}
    assert asked | NAMED == {basis.norm for basis in CURRENT.bases}
    assert {"gp"} <= HEALTH_SERVICES


@pytest.mark.parametrize(("norm", "on", "code", "carries"), [
    ("HEALTH_TEAM", "2026-06-30", "HEALTH_TEAM", True),
    ("HEALTH_TEAM", "2026-07-01", "HEALTH_TEAM_2026", False),
    ("HEALTH_RELEASE", "2026-07-01", "HEALTH_RELEASE", True),
    ("SAME_BODY", "2026-11-21", "SAME_BODY", True),
    ("COOP_PROCESSING", "2024-07-31", None, False),
    ("COOP_PROCESSING", "2024-08-01", "COOP_PROCESSING", True),
    ("COOP_PROCESSING", "2027-04-01", "COOP_PROCESSING", True),
    ("COOP_PROCESSING", "2027-04-02", "COOP_PROCESSING", False),
    ("NONE_SUCH", "2026-11-21", None, False),
])  # fmt: skip
def test_a_norm_is_carried_by_what_is_in_force_and_read(norm, on, code, carries):
    found = CURRENT.norm(norm, date.fromisoformat(on))
    assert (found.basis.code if found.basis else None, found.carries) == (code, carries)


def test_a_lawyer_verifies_a_basis_with_one_line():
    read = CURRENT.verify("HEALTH_TEAM_2026", on=date(2026, 9, 1), by="a lawyer")
    late = permitted("B6") | {"at": "2026-10-01T12:00:00+02:00"}
    assert judge(late).effect == "hold"
    decision = judge(late, replace(RULES, law=read))
    assert (decision.effect, decision.secrecy_basis) == ("permit", "HEALTH_TEAM_2026")
    with pytest.raises(KeyError):
        CURRENT.verify("NONE_SUCH", on=date(2026, 9, 1), by="a lawyer")


GOOD = "bases: []\n"
DUTIES = "triggers: {}\nduties: []\n"
BASIS = "bases:\n" + 2 * "  - {code: A, norm: A, act: a, section: s, source: x, text: {nb: a, nn: b, en: c}}\n"


@pytest.mark.parametrize(("bases", "duties", "code", "path"), [
    (GOOD, "duties: []\n", "law.file", "$"), (": [", DUTIES, "law.file", "$"), ("bases: 7\n", DUTIES, "law.value", "$.bases"),
    (BASIS, DUTIES, "law.double_code", "$[1].code"), ("bases: [{code: 1}]\n", DUTIES, "law.value", "$.bases[0].code"),
])  # fmt: skip
def test_a_law_file_that_is_wrong_says_where(bases, duties, code, path):
    with pytest.raises(LawFault) as raised:
        parse(bases, duties)
    assert (code, path) in raised.value.faults


def test_no_section_number_stands_in_the_rules(root):
    for path in (root / "gateway" / "core" / "rules").rglob("*.py"):
        assert "§" not in path.read_text("utf-8"), path.name


def test_every_duty_says_whose_to_whom_and_on_what():
    for duty in CURRENT.duties:
        assert duty.filers
        assert duty.receivers
        assert set(duty.grounds.values()) <= set(CURRENT.triggers)
    kindergarten = CURRENT.duty("BHG_46", date(2026, 6, 15))
    school = CURRENT.duty("OPPL_24_3", date(2026, 6, 15))
    assert "d" not in kindergarten.grounds
    assert school.grounds["b"] == school.grounds["c"]
