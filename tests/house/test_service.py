"""The examples of a service: units that systemd takes and that may do little, and a container that is not root."""

import re
import shutil
import subprocess

import pytest
from source import ROOT

from gateway.cli.root import COMMANDS

FOLDER = ROOT / "examples" / "service"
UNITS = sorted(path.name for path in FOLDER.glob("*.service"))
EXPOSED = 1.5
"""What systemd-analyze may say of a unit at most, of ten."""

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs the program systemd-analyze")


def units_in(folder, change=lambda text: text):
    """The units with a program that is there, as systemd-analyze wants it."""
    for path in FOLDER.iterdir():
        if path.suffix in {".service", ".timer"}:
            text = path.read_text("utf-8").replace("/opt/bti/.venv/bin/bti", "/bin/true")
            (folder / path.name).write_text(change(text))
    return sorted(str(path) for path in folder.iterdir())


def verified(folder, change=lambda text: text):
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units_in(folder, change)],
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, [line for line in ran.stderr.splitlines() if "bti" in line]


@needs_systemd
def test_systemd_takes_the_units_and_a_planted_fault_is_found(tmp_path):
    for name in ("right", "wrong"):
        (tmp_path / name).mkdir()
    assert verified(tmp_path / "right") == (0, [])
    assert verified(tmp_path / "wrong", lambda text: text.replace("ProtectHome=yes", "ProtectHomes=yes"))[1]


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_may_do_little(unit):
    ran = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(FOLDER / unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    told = re.search(r"Overall exposure level for \S+: ([0-9.]+)", ran.stdout)
    if told is None:
        pytest.skip("this systemd-analyze does not look at files")
    assert float(told.group(1)) <= EXPOSED


def hardened(text):
    """The part of a unit that says what it may not."""
    return set(
        re.findall(
            r"^(?:Protect|Private|Restrict|System|Capability|Ambient|NoNew|Lock|Remove|Device|Limit)\w*=.*$",
            text,
            re.MULTILINE,
        )
    )


def test_every_unit_is_as_closed_as_the_first_and_runs_a_command_that_there_is():
    first = hardened((FOLDER / "bti.service").read_text("utf-8"))
    assert len(first) > 20
    for name in UNITS:
        text = (FOLDER / name).read_text("utf-8")
        assert hardened(text) == first, name
        assert "User=bti\n" in text
        for command in re.findall(r"^ExecStart=/opt/bti/\.venv/bin/bti (.+)$", text, re.MULTILINE):
            table = COMMANDS
            for word in command.split():
                if not word.startswith("--"):
                    table = table[word]
            assert isinstance(table, str), command
    assert all((FOLDER / f"{path.stem}.service").is_file() for path in FOLDER.glob("*.timer"))


def instructions(text):
    """The lines of a container file as (instruction, rest)."""
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]


def faults(text):
    """What is wrong with a container file."""
    told = instructions(text)
    by = {name: [rest for one, rest in told if one == name] for name, _ in told}
    last = [name for name, _ in told]
    found = []
    for image in by.get("FROM", []):
        name = image.split()[0]
        if not re.fullmatch(r"[a-z0-9-]+:[0-9]+\.[0-9]+\.[0-9]+-[a-z0-9-]+", name):
            found.append(f"{name} is not pinned, or names a host")
    users = by.get("USER", [])
    if not users or not re.fullmatch(r"[1-9][0-9]{3,}:[1-9][0-9]{3,}", users[-1]):
        found.append("root, or a user by name")
    if "USER" not in last or last.index("ENTRYPOINT") < last.index("USER"):
        found.append("the user comes after the entry")
    if not by.get("HEALTHCHECK") or "/health" not in by["HEALTHCHECK"][-1]:
        found.append("no health check")
    if any(
        "pip install" in run and "--require-hashes" not in run and "--no-deps" not in run for run in by.get("RUN", [])
    ):
        found.append("something is installed without a hash")
    found += [
        f"{name} in a line of its shell"
        for name in ("ENTRYPOINT", "CMD")
        if not by.get(name, ["["])[-1].startswith("[")
    ]
    found += ["ADD" for _ in by.get("ADD", [])]
    found += [
        "a secret in the image"
        for rest in (*by.get("ENV", []), *by.get("ARG", []))
        if re.search("(?i)token|secret|password", rest)
    ]
    found += ["all of the folder is copied" for rest in by.get("COPY", []) if rest.split()[0] == "."]
    return found


@pytest.mark.parametrize("change", [
    ("USER 10001:10001", "USER root"), ("USER 10001:10001\n", ""), ("python:3.13.5-slim-bookworm", "python:latest"), ("python:3.13.5", "registry.example/python:3.13.5"),
    ("/health", "/"), ("--require-hashes ", ""), ('ENTRYPOINT ["bti"]', "ENTRYPOINT bti"), ("STOPSIGNAL", "ENV TOKEN=x\nSTOPSIGNAL"), ("COPY gateway ./gateway", "COPY . ."),
])  # fmt: skip
def test_a_fault_planted_in_the_container_file_is_found(change):
    text = (FOLDER / "Containerfile").read_text("utf-8")
    assert change[0] in text
    assert faults(text.replace(*change))


def test_the_container_is_not_root_pinned_and_looked_after():
    assert faults((FOLDER / "Containerfile").read_text("utf-8")) == []


def test_the_container_copies_what_there_is():
    for name, rest in instructions((FOLDER / "Containerfile").read_text("utf-8")):
        if name == "COPY" and not rest.startswith("--from"):
            assert all((ROOT / source).exists() for source in rest.split()[:-1]), rest
