"""``bti adapter simulate`` for adapters that bring a stand-in instead of a declaration."""

import contextlib
import json
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from gateway.sdk import Unreachable
from gateway.sdk.http import HttpClient


@contextlib.contextmanager
def simulated(name, *more):
    if not entry_points(group="gateway", name=name):
        pytest.skip(f"no plugin brings the adapter {name} here")
    call = [sys.executable, "-m", "gateway.cli", "adapter", "simulate", name, *more]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as running:
        url = running.stdout.readline().strip()
        client = HttpClient(url=url.removesuffix("/fhir"), attempts=1)
        try:
            yield client
        finally:
            client.close()
            running.terminate()
            running.stdout.close()


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("fhir-r4", "/fhir/Patient"),
        ("persontjenesten", "/api/legal-basis/event"),
        ("nhn-msh", "/Messages"),
        ("oneroster", "/ims/oneroster/rostering/v1p2/users"),
    ],
)
def test_a_stand_in_is_served_with_synthetic_records_and_plays_the_faults_of_a_file(name, asked, tmp_path):
    (tmp_path / "faults.json").write_text(json.dumps({"faults": [{"what": "down"}]}))
    with simulated(name, "--seed", "4", "--faults", str(tmp_path / "faults.json")) as client:
        with pytest.raises(Unreachable):
            client.request("GET", asked)
        state = client.request("GET", "/_sim/state").json()
        assert len(state.get("people") or state.get("resources") or state.get("inbox")) >= 10
        client.request("POST", "/_sim/faults", json={"faults": [{"what": "status", "status": 429}]}, accept=(204,))
        with pytest.raises(Unreachable, match=r"http\.429"):
            client.request("GET", asked)


@pytest.mark.parametrize(
    "module",
    [
        "gateway_fhir_r4.standin",
        "gateway_persontjenesten.standin",
        "gateway_nhn_msh.standin",
        "gateway_nhn_registers.standin",
        "gateway_oneroster.standin",
    ],
)
def test_the_same_seed_gives_the_same_people_and_another_seed_gives_others(module):
    standin = pytest.importorskip(module, reason="the plugin is not installed")
    assert list(standin.simulated(3)) == list(standin.simulated(3))
    assert list(standin.simulated(3)) != list(standin.simulated(4))
