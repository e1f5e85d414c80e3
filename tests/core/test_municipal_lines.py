"""The municipal models line by line: each thing that a municipality's text names is carried, or said not to be ours.

The list of lines lies outside the repository. Each is known here by its source and a few of its words, with a check of
what carries it; those that are not ours stand in ``docs/reference/municipal-models.md`` with the reason.
"""

import os
import re
from datetime import date
from pathlib import Path

import pytest

from gateway.core import deadlines
from gateway.core.baton import faults
from gateway.core.casefile import CaseFile, Entry
from gateway.core.keep import ORDER
from gateway.core.model import KINDS, Origin
from gateway.core.model.codes import DOMAIN_OF_SERVICE, ITEM_KINDS, SERVICES
from gateway.core.statistics import FIGURES, measure
from gateway.core.turns import Baton, Turn
from gateway.run.mapfiles import load_terms
from gateway.run.watching import _surveys

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("BTI_DOMAIN", ROOT.parent / "shared" / "domain")) / "municipal-models.md"
PAGE = ROOT / "docs" / "reference" / "municipal-models.md"
ROW = re.compile(r"^\| (Klepp|Rett hjelp tidlig|Bedre sammen|Modum|Alta) \| (.+?) \| .+ \|$", re.MULTILINE)
FILES = {"Klepp": "klepp", "Rett hjelp tidlig": "rett-hjelp-tidlig", "Bedre sammen": "bedre-sammen", "Modum": "modum", "Alta": "alta"}  # fmt: skip


def fields(kind, *names):
    """The canonical kind holds these fields."""
    return set(names) <= set(KINDS[kind].__struct_fields__)


def services(terms):
    return {one.service for one in terms.services} | {one.service for one in terms.external}


def names(terms, section):
    return {
        name.lower() for one in getattr(terms, section) for name in (one.code, one.title.nb, one.title.nn, *one.aliases)
    }


def meant(terms, section, *wanted):
    told = names(terms, section)
    return all(any(one in name for name in told) for one in wanted)


def words(terms, kind, *wanted):
    told = terms.words[kind]
    return {word for form in told.values() for word in form} >= set(wanted)


def entry(kind, **told):
    origin = Origin(service="school", domain="education", unit="s1", body="k", system="a")
    return Entry(kind=kind, fields=told, origin=origin, category=kind)


def marks(*items):
    case = entry("case", subject="p", status="active", opened_on="2026-01-01")
    file = CaseFile(id="c", items={"c": case} | {str(at): one for at, one in enumerate(items)})
    return {one.population: one.cells for one in measure(file, today=date(2026, 11, 21), year=2026)}


def lead_times(_):
    told = entry("concern", found_on="2026-01-01", raised_on="2026-02-01", first_measure_on="2026-02-03")
    return marks(told)["concerns"] == {"found_to_raised": "within_90", "raised_to_measure": "within_14"}


def breaks(_):
    held = entry("assignment", role="relay_holder", state="accepted", unit="s1")
    met = entry("meeting", held_at="2026-01-10T10:00:00Z")
    late = entry("measure", title="t", status="started", started_on="2026-01-01")
    return [marks(*one)["cases"]["follow_up"] for one in ((held, met), (met,), (held, met, late))] == [
        "kept",
        "break",
        "break",
    ]


def one_holder(_):
    held = Turn(item="a", state="accepted", person="kari")
    return faults(Baton(turns=(held, held))) == ("two_holders",) and faults(Baton(turns=(held,))) == ()


def stays_with_its_owner(terms):
    helping = {one.service for one in terms.services if one.service_class == "helping"}
    plan = terms.safety_plan
    return plan is not None and plan.helpers_may_take_over is False and not helping & set(plan.owners)


def own_secrecies(terms):
    (house,) = terms.houses
    told = {one.code: tuple(one.secrecy) for one in terms.services if one.code in house.services}
    return set(told) == set(house.services) and len(set(told.values())) > 2


def process(terms):
    return bool(terms.steps) and bool(terms.deadlines) and bool(deadlines.DEFAULTS)


def evaluated(_):
    status = str(KINDS["measure"].__annotations__["status"])
    return all(word in status for word in ("decided", "started", "evaluated"))


def across(_):
    return fields("participant", "service", "role") and fields("measure", "responsible_service") and "unit" in ORDER


def levels(terms):
    return [one.rank for one in terms.levels] == [0, 1, 2, 3]


def organisation(terms):
    return [one.level for one in terms.organisation_levels] == ["individual", "service", "municipality"]


def trained(terms):
    return fields("assignment", "trained") and terms.policy.training_required in {True, False}


def forms(terms):
    return bool(terms.guides) and fields("consent", "form_version")


LINES = {
    ("Klepp", "gravide"): lambda t: {"pregnant", "unborn"} <= set(t.subjects) and fields("case", "subject_role", "due_date"),
    ("Klepp", "uro"): lambda t: words(t, "concern", "bekymring", "uro"),
    ("Klepp", "vanskar tidlegare"): lead_times,
    ("Klepp", "samordna"): across,
    ("Klepp", "Foreldreinvolvering"): lambda _: fields("concern", "involvement") and fields("meeting", "involvement"),
    ("Klepp", "eige initiativ"): lambda t: t.citizens_may_raise and fields("concern", "raised_by", "siblings"),
    ("Klepp", "helsestasjon, barnevern, PPT"): lambda t: {"health_station", "child_welfare", "ppt"} <= services(t),
    ("Klepp", "ikkje overta"): stays_with_its_owner,
    ("Klepp", "drifta og koordinera"): one_holder,
    ("Klepp", "grunnmodell"): lambda t: t.model == "klepp" and bool(t.guides),
    ("Klepp", "fire ulike"): levels,
    ("Klepp", "aktørar"): lambda t: any(one.services_from for one in t.levels),
    ("Klepp", "oppskrifta"): process,
    ("Klepp", "hjelpetiltak"): evaluated,
    ("Klepp", "mal for"): lambda t: meant(t, "guides", "møte") and fields("meeting", "agenda", "participants", "next_on"),
    ("Rett hjelp tidlig", "samhandlingsmodell"): process,
    ("Rett hjelp tidlig", "egenskaper ved barnet"): lambda t: set(t.causes) == {"home", "child", "environment", "leisure"},
    ("Rett hjelp tidlig", "faktorer"): lambda _: fields("measure", "risk_factors", "protective_factors"),
    ("Rett hjelp tidlig", "basistjenester"): lambda t: {one.service_class for one in t.services} == {"basic", "helping"},
    ("Rett hjelp tidlig", "SLT"): lambda t: {"slt", "ppt", "child_welfare", "family_team"} <= services(t),
    ("Rett hjelp tidlig", "framdriften"): breaks,
    ("Rett hjelp tidlig", "målrettet"): lambda _: "goal" in ITEM_KINDS and {"level", "follow_up"} <= set(FIGURES),
    ("Rett hjelp tidlig", "elektronisk"): lambda _: (ROOT / "docs" / "reference" / "bti-exchange.md").exists(),
    ("Rett hjelp tidlig", "9A"): lambda t: bool(t.safety_plan.cites and t.safety_plan.now) and "safety_plan" in ITEM_KINDS,
    ("Rett hjelp tidlig", "tiltaksteam"): lambda t: meant(t, "teams", "tiltaksteam") and any(one.team for one in t.levels),
    ("Rett hjelp tidlig", "Nivå 0"): levels,
    ("Rett hjelp tidlig", "koordinere"): one_holder,
    ("Rett hjelp tidlig", "handlingsveileder"): lambda t: meant(t, "guides", "handlingsveileder") and fields("case", "guide"),
    ("Rett hjelp tidlig", "samtaler"): lambda _: fields("child_voice", "text", "talked_with", "how"),
    ("Rett hjelp tidlig", "Kompetanse"): trained,
    ("Bedre sammen", "resultat av"): lambda t: "Bedre sammen" in t.brand.nb,
    ("Bedre sammen", "ungdom"): lambda t: meant(t, "services", "ungdom"),
    ("Bedre sammen", "familien"): lambda _: {"guardian", "subject"} <= SERVICES,
    ("Bedre sammen", "supplement"): stays_with_its_owner,
    ("Bedre sammen", "virksomhetene"): lambda _: fields("unit", "unit_type", "service", "part_of", "body"),
    ("Modum", "Individ nivå"): organisation,
    ("Modum", "Brukermedvirkning"): lambda _: fields("child_voice", "about_decision") and fields("concern", "involvement"),
    ("Modum", "Undervisnings"): lambda t: len(t.agencies) == 3,
    ("Modum", "Familiens hus"): own_secrecies,
    ("Modum", "Barnehager"): lambda t: any(one.service == "kindergarten" and "private" in one.sectors for one in t.services),
    ("Modum", "møtearenaer"): lambda t: bool(t.meeting_types),
    ("Modum", "IP koordinerer"): lambda _: "plan" in ITEM_KINDS and DOMAIN_OF_SERVICE["coordinating_unit"] == "health",
    ("Modum", "stafettpinneholder"): lambda t: words(t, "holder", "stafettpinneholder"),
    ("Modum", "Utvidet"): lambda t: meant(t, "meeting_types", "utvidet") and meant(t, "teams", "ressursteam"),
    ("Modum", "brukererfaringer"): lambda _: _surveys("modum", None) and "asked" in FIGURES,
    ("Modum", "samles og bearbeides"): lambda t: t.policy.small_cell >= 3 and FIGURES["experience"].population == "answers",
    ("Modum", "Evaluering"): lambda t: t.phases == ["before", "during", "after"] and fields("evaluation", "phase"),
    ("Modum", "Samarbeidsforum"): lambda t: meant(t, "report_receivers", "samarbeidsforum"),
    ("Modum", "samarbeidsavtaler"): lambda t: {"bup", "family_counselling", "crisis_centre"} <= {one.service for one in t.external},
    ("Modum", "Kvalitetssikring"): lambda _: fields("case", "prevention_tier"),
    ("Alta", "uro eller"): lambda t: words(t, "concern", "bekymring", "uro"),
    ("Alta", "organisasjonsnivå"): organisation,
    ("Alta", "rett tid"): lead_times,
    ("Alta", "svikt"): breaks,
    ("Alta", "tverrfaglige"): across,
    ("Alta", "planer"): lambda t: bool(t.guides) and bool(t.meeting_types),
    ("Alta", "kompetanse"): trained,
    ("Alta", "Skjema"): forms,
}  # fmt: skip
"""By source and a few words of the line, what must hold of the municipality's terms and the canonical model."""


def told():
    """The lines of the list: source and quoted words."""
    if not SHARED.exists():
        pytest.skip(f"the list of lines is not here: {SHARED.name}")
    return ROW.findall(SHARED.read_text("utf-8"))


def not_ours():
    """Lines that the page says are not ours: source and words, each with its reason."""
    section = PAGE.read_text("utf-8").partition("## Not ours\n")[2].partition("\n## ")[0]
    return [(source, words.strip(), why) for source, words, why in re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE) if source in FILES]  # fmt: skip


def fitting(source, line):
    carried = [key for key in LINES if key[0] == source and key[1] in line]
    return carried + [(source, words) for from_, words, _ in not_ours() if from_ == source and words in line]


@pytest.mark.parametrize("key", LINES, ids="-".join)
def test_what_a_line_names_is_carried(key):
    assert LINES[key](load_terms(FILES[key[0]]))


def test_every_line_has_a_check_or_a_reason():
    lines = told()
    assert len(lines) > 50
    assert [line for line in lines if not fitting(*line)] == []


def test_every_check_and_every_reason_is_for_one_line():
    lines = told()
    ours = [*LINES, *((source, words) for source, words, _ in not_ours())]
    hits = {key: [line for line in lines if line[0] == key[0] and key[1] in line[1]] for key in ours}
    assert {key: found for key, found in hits.items() if len(found) != 1} == {}


def test_what_is_not_ours_has_a_reason():
    assert not_ours()
    assert all(len(why.split()) > 4 for *_, why in not_ours())


def test_a_line_that_neither_carries_is_found():
    assert fitting("Klepp", "“noko heilt anna”") == []


def test_a_check_that_does_not_hold_is_found():
    assert not LINES["Modum", "Undervisnings"](load_terms("alta"))
