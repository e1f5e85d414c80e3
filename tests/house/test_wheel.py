"""What is in a checkout reaches an installed wheel, and a plugin's wheel is found beside it."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest
from source import ROOT, tracked

DATA = {"mappings": "gateway/_data/mappings", "schemas": "gateway/_data/schemas"}


def build(project: Path, out: Path) -> Path:
    """The wheel of a project, built with what is installed: nothing is fetched."""
    out.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=project, check=True, capture_output=True,
    )  # fmt: skip
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory) -> Path:
    """A fresh environment with the wheel and every plugin's wheel; third-party packages are lent by ours."""
    home = tmp_path_factory.mktemp("installed")
    projects = sorted(path.parent for path in tracked() if path.match("plugins/*/pyproject.toml"))
    wheels = [wheel, *(build(project, home / "wheels" / project.name) for project in projects)]
    venv.create(home / "env", with_pip=False)
    site = next((home / "env").glob("lib/python*/site-packages"))
    for found in wheels:
        with ZipFile(found) as archive:
            archive.extractall(site)
    lent = [path for path in sys.path if path.endswith("site-packages")]
    (site / "lent.pth").write_text("\n".join(lent))
    return home / "env" / "bin" / "python"


def run(python: Path, *call: str) -> subprocess.CompletedProcess[str]:
    """A call that must find our packages in the installed environment, not in the checkout."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    return subprocess.run([str(python), *call], cwd="/", capture_output=True, text=True, check=False, env=env)


def test_mappings_schemas_law_and_migrations_are_in_the_wheel(wheel):
    held = set(ZipFile(wheel).namelist())
    expected = set()
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        top = name.split("/")[0]
        if top in DATA:
            expected.add(DATA[top] + name.removeprefix(top))
        elif top == "gateway":
            expected.add(name)
    assert expected - held == set()


def test_nothing_but_the_package_and_its_data_is_in_the_wheel(wheel):
    tops = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.startswith("bti_gateway-")} == {"gateway"}


def test_the_installed_program_runs_and_finds_its_data(python):
    told = run(
        python, "-c", "import gateway.run.data as d; print(d.__file__, d.shipped('mappings'), d.shipped('schemas'))"
    )
    assert told.returncode == 0, told.stderr
    assert all(part.startswith(str(python.parents[1])) for part in told.stdout.split())
    helped = run(python, "-m", "gateway.cli", "--help")
    assert helped.returncode == 0, helped.stderr
    assert "sync" in helped.stdout


def test_an_installed_plugin_is_found_beside_the_installed_program(python):
    told = run(python, "-m", "gateway.cli", "adapter", "list", "--json")
    assert told.returncode == 0, told.stdout + told.stderr
    answer = json.loads(told.stdout)
    sources = [path for path in tracked() if path.match("plugins/*/gateway_*/__init__.py")]
    projects = [path for path in sources if "def gateway_adapters(" in path.read_text("utf-8")]
    assert projects
    assert len({adapter["distribution"] for adapter in answer["adapters"]}) >= len(projects)
    assert answer["broken"] == []
