"""Every file of the hostile corpora through every door: no crash, nothing dear, no socket, no foreign file, no echo."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = Path(__file__).with_name("probe_doors.py")
SECONDS, MEGABYTES = 2.0, 256
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="this system does not tell a process's peak memory"
)


def probed(corpus: Path, step: int, plant: str = "none"):
    shown = subprocess.run(
        [sys.executable, str(PROBE), str(corpus), str(step), plant], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr[-2000:]
    return json.loads(shown.stdout)


def wrong(seen) -> list[str]:
    """What a door did that no door may do."""
    found = [f"{code.split()[0].lower()} by {door}" for door, code, _ in seen["bad"]]
    found += ["a foreign file opened"] * bool(seen["opened"]) + ["a socket used"] * bool(seen["sockets"])
    found += ["too slow"] * (seen["slowest"][0] > SECONDS) + ["too much memory"] * (seen["megabytes"] > MEGABYTES)
    return found


def test_doors_with_planted_bugs_are_noticed_each_for_its_own(tmp_path):
    (tmp_path / "a.xml").write_text("<s3cr3t/>")
    noticed = wrong(probed(tmp_path, 1, "all"))
    assert sorted(noticed) == ["a foreign file opened", "a socket used", "crash by crash", "echo by echo", "too slow"]


def judged(seen, files: int) -> None:
    assert seen["files"] >= files
    assert wrong(seen) == [], seen["bad"]
    for door, codes in seen["counts"].items():
        assert sum(codes.values()) == seen["files"], door
    assert {code for codes in seen["counts"].values() for code in codes} > {
        "ok",
        "xml.doctype",
        "json.malformed",
        "csv.quote",
    }
    # Nothing in the corpora is an archive or a spreadsheet, and nothing is taken for one.
    assert "ok" not in {**seen["counts"]["archive"], **seen["counts"]["sheet"]}


def test_every_thirtieth_file_of_the_corpora_goes_through_every_door_and_does_no_harm(shared_data):
    judged(probed(shared_data / "hostile", 30), 130)


@pytest.mark.campaign
def test_every_file_of_the_corpora_goes_through_every_door_and_does_no_harm(shared_data):
    judged(probed(shared_data / "hostile", 1), 4_000)
