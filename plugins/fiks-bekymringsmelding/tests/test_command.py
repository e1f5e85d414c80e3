"""A named employee's report from the command line: filed, sent, followed, confirmed, and on paper when Fiks is away."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from fiks_desk import Office
from gateway_fiks_bekymringsmelding.kit import options
from gateway_fiks_bekymringsmelding.standin import SECRET, StandIn

from gateway.cli import root

SETTINGS = """
[people.kari]
role = "coordinator"
unit = "skolen"
[people.nils]
role = "coordinator"
unit = "barnehagen"
[units.skolen]
service = "school"
body = "kommunen"
[units.barnehagen]
service = "kindergarten"
body = "kommunen"
[units.barnevernet]
service = "child_welfare"
body = "kommunen"
[systems.barnevern]
adapter = "fiks-bekymringsmelding"
unit = "barnevernet"
url = "{url}"
secret = "file:keys/fiks.password"
[systems.barnevern.secrets]
signer = "file:keys/virksomhet.pem"
[systems.barnevern.options]
organisation = "{organisation}"
integration = "{integration}"
municipality = "1120"
municipality_name = "Klepp"
[systems.barnevern.options.contact]
organisation = "Klepp kommune"
phone = "51 42 98 00"
email = "post@klepp.kommune.no"
"""
REPORT = """
duty = "OPPL_24_3"
ground = "a"
protection = "none"
reporter_role = "Kontaktlærer"
reporter_phone = "51 78 90 00"
reporter_email = "kari@skule.example"
reporter_organisation = "Skolen"
reporter_address = "Skulevegen 1, 4352 Kleppe"
report = "Barnet har flere blåmerker."
[[children]]
name = "Nora Berg"
number = "06821099739"
informed = false
not_informed_reason = "Ung"
"""


@pytest.fixture
def fiks():
    with StandIn(clock=lambda: datetime.now(UTC)) as standin:
        yield standin


@pytest.fixture
def bti(tmp_path, fiks):
    folder = tmp_path / "m"
    assert CliRunner().invoke(root.bti, ["init", str(folder)]).exit_code == 0
    given = options()
    settings = folder / "gateway.toml"
    told = SETTINGS.format(url=fiks.url, organisation=given["organisation"], integration=given["integration"])
    settings.write_text(settings.read_text("utf-8").split("[people.")[0] + told, "utf-8")
    for name, text in (("fiks.password", SECRET), ("virksomhet.pem", fiks.signer())):
        (folder / "keys" / name).write_text(text)
        (folder / "keys" / name).chmod(0o600)
    (tmp_path / "report.toml").write_text(REPORT, "utf-8")

    def run(*words, who="kari", status=0):
        done = CliRunner().invoke(root.bti, ["--config", str(settings), "--json", "--as", who, *map(str, words)])
        assert done.exit_code == status, done.output
        return json.loads(done.stdout) if done.stdout.strip() else None

    return run


def test_a_report_is_filed_sent_followed_and_confirmed_by_its_own_unit(bti, fiks, tmp_path):
    filed = bti("report", "file", tmp_path / "report.toml")
    assert filed["status"] == "sent"
    again = bti("report", "file", tmp_path / "report.toml")
    assert (again["report"], again["before"], len(fiks.taken)) == (filed["report"], True, 1)
    office = Office(fiks)
    assert office.work() == ["taken"]
    [saved] = office.shelf.values()
    assert saved.form["melding"]["melding"] == "Barnet har flere blåmerker."
    for _ in range(2):  # it is asked after in one round, and noted in the report in the next
        bti("sync")
    [listed] = bti("report", "list")["reports"]
    assert (listed["report"], listed["status"], listed["systems"]) == (filed["report"], "delivered", ["barnevern"])
    assert "blåmerker" not in json.dumps(listed, ensure_ascii=False)
    assert bti("report", "list", who="nils")["reports"] == []
    bti("report", "confirm", filed["report"], who="nils", status=2)
    bti("report", "confirm", filed["report"])
    assert bti("report", "list")["reports"][0]["status"] == "confirmed"


def test_when_fiks_is_away_the_report_is_kept_once_and_can_be_printed(bti, fiks, tmp_path):
    fiks.troubles.order({"faults": [{"what": "down", "times": 50}]})
    filed = bti("report", "file", tmp_path / "report.toml", status=3)
    assert filed["status"] == "waits"
    bti("report", "print", filed["report"], tmp_path / "melding.pdf")
    assert (tmp_path / "melding.pdf").read_bytes().startswith(b"%PDF-")
    assert [one["status"] for one in bti("report", "list")["reports"]] == ["sent"], "who prints it sends it"
    assert bti("report", "list", who="nils")["reports"] == []
    assert fiks.taken == {}
