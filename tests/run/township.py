"""A real folder with real processes: a school's log and a health station's, each a vendor's simulator on loopback.

The cases are of grown women, who consent themselves: then nobody else has to be asked, and two systems are enough.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from gateway.core.identity import synthetic_number
from gateway.run.opening import open_world
from gateway.run.plugins import load_plugins
from gateway.run.settings import load_settings
from gateway.run.workfolder import make_folder
from gateway.run.world import World
from gateway.sdk.simulator import Simulator

SETTINGS = """
tenant = "prove"
municipality = "1120"
model = "klepp"
numbers = "synthetic"
[store]
url = "{store}"
vault = "sqlite:///vault/bti-vault.db"
key_file = "keys/bti.key"
checkpoints = "audit/checkpoints.txt"
[people.liv]
role = "leader"
unit = "skole-1"
[people.eli]
role = "leader"
unit = "hs-1"
[people.kari]
role = "coordinator"
unit = "skole-1"
[people.per]
role = "privacy"
[people.ola]
role = "operator"
[units.skole-1]
service = "school"
body = "kommunen"
[units.hs-1]
service = "health_station"
body = "kommunen"
[systems.skole]
adapter = "bti-exchange"
unit = "skole-1"
url = "{skole}"
secret = "file:keys/skole.token"
asserts = ["consent", "protection"]
schedule = "* * * * *"
[systems.helse]
adapter = "bti-exchange"
unit = "hs-1"
url = "{helse}"
secret = "file:keys/helse.token"
schedule = "* * * * *"
"""


def number_of(at: int) -> str:
    """The number of one grown woman."""
    return synthetic_number(date(1980, 1 + at % 12, 1 + at % 28), at)


class Township:
    """The folder, the two vendors with their ground truth, and ``bti`` as a process."""

    def __init__(self, folder: Path, *, cases: int = 3, consent: bool = True, store: str = "sqlite:///bti.db") -> None:
        self.folder = folder / "m"
        make_folder(self.folder, model="klepp", chance=os.urandom)
        self.stack = ExitStack()
        kind = load_plugins(only={"bti-exchange"}).adapters["bti-exchange"]
        self.skole, self.helse = (Simulator(kind.resources, secret=name) for name in ("skole", "helse"))  # type: ignore[attr-defined]
        for name, simulator in (("skole", self.skole), ("helse", self.helse)):
            self.stack.enter_context(simulator)
            token = self.folder / "keys" / f"{name}.token"
            token.write_text(name)
            token.chmod(0o600)
        self.settings = self.folder / "gateway.toml"
        self.settings.write_text(SETTINGS.format(store=store, skole=self.skole.url, helse=self.helse.url))
        for at in range(cases):
            self.tell(at, consent=consent)

    def tell(self, at: int, *, consent: bool = True, summary: str = "") -> None:
        """The school's log has one woman's case, with a concern and her own consent."""
        header = {"case": f"c{at}", "about": [f"p{at}"]}
        person = {"number": number_of(at), "role": "subject", "birth_date": f"1980-{1 + at % 12:02}-{1 + at % 28:02}",
                  "protection": "none"}  # fmt: skip
        case = {"subject": f"p{at}", "status": "active", "opened_on": "2026-01-10"}
        concern = {"raised_on": "2026-02-01", "summary": summary or f"uro {at}"}
        given = {"decision": "given", "by": f"p{at}", "purpose": "bti", "services": ["health_station"],
                 "valid_from": "2026-01-01", "given": "2026-01-01T10:00:00+01:00"}  # fmt: skip
        make = self.skole.make
        make("person", {"kind": "person", "category": "person", "case": f"c{at}", "fields": person}, ident=f"p{at}")
        make("case", {"kind": "case", "category": "case", **header, "fields": case}, ident=f"c{at}")
        make("concern", {"kind": "concern", "category": "concern", **header, "fields": concern}, ident=f"k{at}")
        if consent:
            make("consent", {"kind": "consent", "category": "consent", **header, "fields": given}, ident=f"s{at}")

    def close(self) -> None:
        """Close the vendors."""
        self.stack.close()

    def command(self, *args: str) -> list[str]:
        """A ``bti`` command line of this folder."""
        return [sys.executable, "-m", "gateway.cli", *args, "--json", "--config", str(self.settings)]

    def bti(self, *args: str, env: Mapping[str, str] | None = None, **more: Any) -> tuple[int, Any, str]:
        """Run ``bti``: its status, its answer and what it said beside."""
        ran = subprocess.run(
            self.command(*args), capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}, **more,
        )  # fmt: skip
        return ran.returncode, json.loads(ran.stdout) if ran.stdout.strip() else None, ran.stderr

    def approve(self) -> None:
        """Open the flow from the school to the health station, and back."""
        for source, target, person in (("skole", "helse", "liv"), ("helse", "skole", "eli")):
            assert self.bti("flow", "approve", source, target, "--as", person)[0] == 0

    def world(self, **more: Any) -> World:
        """The municipality in this process."""
        settings = load_settings(self.settings)
        return open_world(settings, load_plugins(only=settings.adapters()), **more)

    def held(self, kind: str = "concern", where: str = "helse") -> list[dict[str, Any]]:
        """The fields of the living records of a kind, by the vendor's own account."""
        simulator: Simulator = getattr(self, where)
        return [one.body["fields"] for one in simulator.records.values() if one.kind == kind]

    def doubles(self, where: str = "helse") -> list[str]:
        """Keys that had more than one effect at a vendor."""
        keys = [one["key"] for one in getattr(self, where).state()["effects"] if one["key"] is not None]
        return sorted({key for key in keys if keys.count(key) > 1})
