"""The real ``bti`` in a real folder: killed, stopped, starved of disk, locked out, called twice at once.

The vendors are simulators with ground truth: what counts is what they hold, and how often each key had an effect.
"""

import contextlib
import ctypes
import json
import os
import random
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from sqlalchemy import text

from gateway.run import acts
from gateway.run.life import sync
from gateway.run.settling import open_tasks, resolve
from gateway.run.standing import HANGS, Pulse
from gateway.run.telling import status
from tests.run.township import Township

STEPS = ("fetched", "kept", "acknowledged", "decided", "begun", "sent", "proved", "ended")

KILLED = textwrap.dedent(
    """
    import os, signal, sys
    import msgspec
    from pathlib import Path
    from gateway.run.life import sync
    from gateway.run.opening import open_world
    from gateway.run.plugins import load_plugins
    from gateway.run.settings import load_settings

    left = int(sys.argv[3])

    def step(name):
        global left
        left -= name == sys.argv[2]
        if name == sys.argv[2] and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = load_settings(Path(sys.argv[1]))
    world = open_world(settings, load_plugins(only=settings.adapters()))
    sync(msgspec.structs.replace(world, step=step))
    """
)
"""A round that kills its own process where it is told to."""


@pytest.fixture
def town(tmp_path):
    made = Township(tmp_path, cases=3)
    open_flows(made)
    yield made
    made.close()


def open_flows(town):
    world = town.world()
    for source, target in (("skole", "helse"), ("helse", "skole")):
        acts.set_flow(world, source, target, "approved", by="liv")
    shut(world)


def shut(world):
    for adapter in world.adapters.values():
        adapter.close()
    world.store.close()


def rounds(town, times=3):
    """Rounds in this process, as the next runs of cron would be; the last one's counts."""
    world = town.world()
    for _ in range(times):
        tally = sync(world)
    told = status(world)
    shut(world)
    return tally, told


def arrived(town, count=3):
    assert sorted(one["summary"] for one in town.held()) == sorted(f"uro {at}" for at in range(count))
    assert len(town.held("case")) == len(town.held("person")) == count
    assert town.doubles() == town.doubles("skole") == []


@pytest.mark.parametrize("step", STEPS)
def test_a_process_killed_at_a_step_is_taken_up_by_the_next(step, town):
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(town.settings), step, "1"], capture_output=True, check=False, timeout=60
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    world = town.world()
    with world.store.write() as tx:  # as if the waits of the next hours were over
        tx.run(text("UPDATE due SET not_before = since"))
    shut(world)
    _, told = rounds(town)
    arrived(town)
    assert told["due"] == 0
    assert all(one["uncertain"] == 0 for one in told["systems"])


def test_processes_killed_at_any_moment_lose_nothing_and_double_nothing(town):
    chance = random.Random(7)
    for at in range(3, 9):
        town.tell(at)
        town.skole.edit("concern", f"k{at - 3}", {"fields": {"summary": f"uro {at - 3}"}})
        began = subprocess.Popen(town.command("sync"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 1.8))
        began.kill()
        began.wait()
    rounds(town)
    arrived(town, 9)


def test_two_syncs_at_once_never_do_the_same_work_twice(town):
    for at in range(3, 40):
        town.tell(at)
    both = [subprocess.Popen(town.command("sync"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    told = [one.communicate(timeout=60) for one in both]
    assert [one.returncode for one in both] == [0, 0, 0], told
    assert sum(json.loads(out)["delivered"].get("helse", 0) for out, _ in told) == 160
    arrived(town, 40)


def test_a_service_tells_its_manager_and_writes_one_json_object_a_line(town, tmp_path):
    place = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(place)
        manager.settimeout(60)
        env = {**os.environ, "NOTIFY_SOCKET": place, "WATCHDOG_USEC": "400000"}
        with subprocess.Popen(
            town.command("run"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
        ) as service:
            told = [manager.recv(999).decode() for _ in range(2)]
            service.send_signal(signal.SIGTERM)
            out, err = service.communicate(timeout=60)
        manager.settimeout(0.2)
        with contextlib.suppress(TimeoutError):
            while True:
                told.append(manager.recv(999).decode())
    assert service.returncode == 0, err
    assert told[0].startswith("READY=1")
    assert "WATCHDOG=1" in told
    assert "STOPPING=1" in told
    lines = [json.loads(line) for line in err.splitlines()]
    assert [line["event"] for line in lines if line["event"] in {"begun", "ended"}] == ["begun", "ended"]
    assert {"time", "level", "event"} <= set(lines[0])
    assert json.loads(out)["stopped"] == {}


def test_the_signs_of_life_end_when_nothing_happens_any_more():
    now = [0.0]
    pulse = Pulse(threading.Event(), ticks=lambda: now[0])
    now[0] = HANGS - 1
    assert pulse.alive()
    now[0] = HANGS
    assert not pulse.alive()
    pulse.wait(0)
    assert pulse.alive()
    now[0] += HANGS + 1
    pulse.begin(None)
    assert pulse.alive()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_stops_cleanly_on_a_signal(number, town):
    began = subprocess.Popen(town.command("run"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = []
    for line in began.stderr:
        said.append(line)
        if json.loads(line)["event"] == "round":
            break
    began.send_signal(number)
    out, err = began.communicate(timeout=60)
    assert began.returncode == 0, "".join(said) + err
    assert json.loads(out)["delivered"]["helse"] == 12
    assert "Traceback" not in err
    arrived(town)


def test_run_stops_within_the_round_when_a_vendor_is_slow(town):
    town.skole.fault("slow", on="read", times=0, seconds=1.0)
    began = subprocess.Popen(town.command("run"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not town.skole.requests and began.poll() is None:
        time.sleep(0.05)
    began.send_signal(signal.SIGTERM)
    _, err = began.communicate(timeout=60)
    assert began.returncode == 0, err
    rounds = [line for line in err.splitlines() if json.loads(line)["event"] == "round"]
    assert len(rounds) == 1, "the round under way, and no other"


def test_a_full_disk_leaves_with_the_cause_and_the_next_round_goes_on(town):
    for at in range(3, 60):
        town.tell(at, summary="lang tekst " * 400)
    begun = town.bti("status")[0]
    assert begun == 0
    largest = max(path.stat().st_size for path in town.folder.rglob("*") if path.is_file())

    def few():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + 20_000, largest + 20_000))

    code, told, said = town.bti("sync", preexec_fn=few)
    assert code == 3
    assert told["errors"][0]["code"] in {"store.full", "store.io"}
    assert "lang tekst" not in json.dumps(told) + said
    assert "Traceback" not in said
    assert town.skole.acknowledged == []
    rounds(town)
    assert len(town.held()) == 60
    assert town.doubles() == []


def test_a_database_that_another_program_holds_is_told_and_the_next_round_goes_on(town):
    other = sqlite3.connect(town.folder / "bti.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    code, told, said = town.bti("sync")
    other.close()
    assert (code, told["errors"][0]["code"]) == (3, "store.locked")
    assert "Traceback" not in said
    assert town.skole.acknowledged == []
    rounds(town)
    arrived(town)


def test_a_database_that_may_not_be_written_is_told(town):
    def bound():
        """The superuser, too, is held to what a file allows: two capabilities less for what is run next."""
        if os.geteuid() == 0:
            for capability in (1, 2):
                ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)

    for name in ("bti.db", "vault/bti-vault.db"):
        (town.folder / name).chmod(0o400)
        code, told, said = town.bti("sync", preexec_fn=bound)
        (town.folder / name).chmod(0o600)
        if code == 0 and os.geteuid() == 0:
            pytest.skip("needs to be held to file permissions: the superuser of this machine cannot be")
        assert (code, told["errors"][0]["code"]) == (2, "store.readonly")
        assert "Traceback" not in said
        assert town.skole.acknowledged == []
    rounds(town)
    arrived(town)


BROKEN = {
    "bad-import": "raise RuntimeError('hemmelig 4711')",
    "bad-version": "GATEWAY_API = '9.0'",
    "bad-none": "x = 1",
    "bad-hook": (
        "from gateway.sdk import hookimpl\nGATEWAY_API = '1.0'\n@hookimpl\ndef gateway_adaptors():\n    return []"
    ),
    "bad-raise": (
        "from gateway.sdk import hookimpl\nGATEWAY_API = '1.0'\n@hookimpl\ndef gateway_adapters():\n"
        "    print('hemmelig 4711')\n    raise RuntimeError('hemmelig 4711')"
    ),
    "bad-make": (
        "from gateway.sdk import Adapter, Capabilities, hookimpl\nGATEWAY_API = '1.0'\n"
        "class Bad(Adapter):\n    name = 'bad-make'\n    capabilities = Capabilities(reads={'concern'})\n"
        "    def __init__(self, context):\n        raise RuntimeError('hemmelig 4711')\n"
        "@hookimpl\ndef gateway_adapters():\n    return [Bad]"
    ),
    "bad-fetch": (
        "from gateway.sdk import Adapter, Capabilities, hookimpl\nGATEWAY_API = '1.0'\n"
        "class Bad(Adapter):\n    name = 'bad-fetch'\n    capabilities = Capabilities(reads={'concern'})\n"
        "    def fetch(self, cursor):\n        raise RuntimeError('hemmelig 4711')\n"
        "@hookimpl\ndef gateway_adapters():\n    return [Bad]"
    ),
}


def test_broken_plugins_are_shown_and_everything_else_runs(town):
    place = town.folder / "plugins"
    for name, source in BROKEN.items():
        module = name.replace("-", "_")
        folder = place / f"{module}-1.0.dist-info"
        folder.mkdir(parents=True)
        (place / f"{module}.py").write_text(source)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text(f"[gateway]\n{name} = {module}\n")
    with town.settings.open("a") as file:
        for name in ("bad-make", "bad-fetch"):
            file.write(f'[systems.{name}]\nadapter = "{name}"\nunit = "skole-1"\n')
    env = {"PYTHONPATH": str(place)}
    codes = {
        "bad-import": "plugin.import", "bad-version": "plugin.api", "bad-none": "plugin.api", "bad-hook": "plugin.hook",
        "bad-raise": "plugin.raises", "bad-make": "plugin.raises",
    }  # fmt: skip
    code, told, said = town.bti("check", "--offline", env=env)
    spoken = json.dumps(told) + said
    shown = {one["where"].split(" ")[0]: one["code"] for one in [*told.get("warnings", ()), *told.get("errors", ())]}
    assert {name: shown.get(name) for name in codes if name != "bad-make"} == {
        name: expected for name, expected in codes.items() if name != "bad-make"
    }
    assert code in {1, 2}
    code, told, said = town.bti("sync", env=env)
    spoken += json.dumps(told) + said
    assert told["stopped"] == {"bad-make": "plugin.raises", "bad-fetch": "adapter.fetch_failed"}
    assert code == 1
    arrived(town)
    code, told, said = town.bti("status", env=env)
    spoken += json.dumps(told) + said
    systems = {one["system"]: one for one in told["systems"]}
    assert systems["bad-make"]["broken"] == "plugin.raises"
    assert systems["bad-fetch"]["last_error"] == "adapter.fetch_failed"
    assert code == 1
    assert "hemmelig" not in spoken
    assert "Traceback" not in spoken


def test_settings_and_mappings_that_are_wrong_are_told_all_at_once_and_change_nothing(town):
    written = town.settings.read_text()
    (town.folder / "wrong.yaml").write_text("kinds: [\n")
    town.settings.write_text(
        written.replace('model = "klepp"', 'model = "atlantis"')
        .replace('municipality = "1120"', "municipality = 1120")
        .replace('role = "leader"\nunit = "skole-1"', 'role = "queen"\nunit = "skole-9"')
        .replace('schedule = "* * * * *"\n[systems.helse]', 'schedule = "often"\nspeed = 9\n[systems.helse]')
        .replace('body = "kommunen"\n[units.hs-1]', "[units.hs-1]")
    )
    before = {path: path.read_bytes() for path in town.folder.rglob("*") if path.is_file()}
    code, told, said = town.bti("sync")
    assert code == 2
    assert len({one["where"] for one in told["errors"]}) >= 5
    assert all("gateway.toml" in one["where"] for one in told["errors"])
    assert "Traceback" not in said
    assert {path: path.read_bytes() for path in town.folder.rglob("*") if path.is_file()} == before
    assert town.skole.requests == []


VENDOR = {
    "down": ({"what": "down"}, 3, "unreachable", "http."),
    "429": ({"what": "status", "status": 429}, 3, "unreachable", "http.429"),
    "429 and says when": ({"what": "status", "status": 429, "retry_after": 3600}, 3, "unreachable", "http.429"),
    "500": ({"what": "status", "status": 500}, 3, "unreachable", "http.500"),
    "503": ({"what": "status", "status": 503}, 3, "unreachable", "http.503"),
    "half an answer": ({"what": "truncated"}, 3, "unreachable", "http.broken"),
    "a page to log in": ({"what": "content_type"}, 1, "stopped", "http.content_type"),
    "broken JSON": ({"what": "malformed"}, 1, "stopped", "json."),
    "too much": ({"what": "oversized", "size": 20_000_000}, 1, "stopped", "http.oversized"),
    "an expired token": ({"what": "expired_token"}, 1, "stopped", "http.401"),
    "a redirect elsewhere": ({"what": "redirect"}, 1, "stopped", "http.elsewhere"),
    "a redirect to the machine itself": (
        {"what": "redirect", "to": "http://169.254.169.254/latest"}, 1, "stopped", "http.elsewhere",
    ),
    "404": ({"what": "status", "status": 404}, 1, "stopped", "http.404"),
}  # fmt: skip


@pytest.mark.parametrize("what", VENDOR)
def test_a_vendor_that_answers_a_read_with(what, town):
    fault, code, where, told = VENDOR[what]
    town.skole.fault(**{"times": 0, "on": "read", **fault})
    world = town.world()
    tally = sync(world)
    assert tally.status() == code
    assert getattr(tally, where)["skole"].startswith(told)
    assert town.skole.acknowledged == []
    assert len(town.skole.requests) <= 4, "tried again within limits"
    shown = {one["system"]: one["last_error"] for one in status(world)["systems"]}
    assert shown["skole"].startswith(told)
    assert shown["helse"] is None
    town.skole.heal()
    sync(world)
    shut(world)
    arrived(town)


WRITES = {
    "down": {"what": "down"},
    "503": {"what": "status", "status": 503},
    "429": {"what": "status", "status": 429},
    "half an answer": {"what": "truncated"},
    "no answer": {"what": "lost"},
    "a page to log in": {"what": "content_type"},
    "broken JSON": {"what": "malformed"},
    "an expired token": {"what": "expired_token"},
    "a redirect elsewhere": {"what": "redirect"},
}


@pytest.mark.parametrize("what", WRITES)
@pytest.mark.parametrize("times", [1, 4])
def test_a_vendor_that_answers_a_write_with(what, times, town):
    town.helse.fault(**{"times": times, "on": "write", **WRITES[what]})
    world = town.world()
    for _ in range(2):
        sync(world)
    town.helse.heal()
    for _ in range(3):
        for task in open_tasks(world):
            if task["kind"] == "refused":
                resolve(world, task["id"], "again", by="kari")
        with world.store.write() as tx:
            tx.run(text("UPDATE due SET not_before = since"))
        sync(world)
    shut(world)
    arrived(town)


def test_a_cron_that_comes_while_another_round_hangs_says_so(town):
    """The second waits for the lane, and when that takes too long it says so and leaves the lane alone."""
    world = town.world()
    held, go = threading.Event(), threading.Event()

    def hold():
        with world.store.lane("skole"):
            held.set()
            go.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    tally = sync(world, wait=0.2)
    go.set()
    thread.join()
    assert tally.stopped == {"skole": "lane.busy"}
    assert tally.status() == 1
    sync(world)
    shut(world)
    arrived(town)
