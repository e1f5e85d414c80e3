"""Scenario 36: who received what, when and on what basis, without what the law keeps back, and saying on what ground."""

import msgspec

from gateway.run.access import access
from tests.scenarios.municipality import MOTHER, municipality

TWO = {"skole": "school", "helse": "health_station"}


def test_scenario_36_the_family_is_told_who_got_what_and_the_exceptions_by_act_and_section(tmp_path):
    with municipality(tmp_path / "m", TWO) as town:
        town.family()
        town.log()
        town.concern(summary="Er ofte borte.")
        town.concern("helse", "h1", summary="Fortalt i fortrolighet.")
        town.sync(3)
        report = access(town.world, town.person(town.child), by="ida", asker=town.person(MOTHER))
        assert report["answer"] == "report"
        letter = msgspec.json.encode(report["document"]).decode()
        for word in ("borte", "fortrolighet", town.child, MOTHER):
            assert word not in letter, "the letter says who got what, and holds none of it"
        assert "§" in letter, "the grounds for keeping back stand there by act and section"
        languages = {language: access(town.world, town.person(town.child), by="ida", asker=town.person(MOTHER),
                                      language=language)["document"] for language in ("nb", "nn", "en")}  # fmt: skip
        assert len({msgspec.json.encode(one) for one in languages.values()}) == 3
        with town.world.store.read() as tx:
            assert tx.disclosures(cases=[town.file.id])
