"""Play an example municipality on this machine: ``.venv/bin/python examples/municipalities/play.py klepp DIR``.

Its settings stand in the folder of its model. The systems are the stand-ins that the adapters bring, each with its own
truth; what has come there is printed at the end, and ``bti`` works on ``DIR`` until the call is stopped.
"""

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from gateway.sdk.simulator import Simulator

HERE = Path(__file__).resolve().parent
MODELS = ("klepp", "rett-hjelp-tidlig", "bedre-sammen", "modum", "alta")
WOMAN, BORN = "12849049311", "1990-04-12"
"""Who has a log: a grown woman, who says yes for herself. The number is synthetic."""
SECRET = "standin"  # noqa: S105 - secret to nobody
Sides = Mapping[str, Any]


@contextmanager
def opened(model: str, folder: Path) -> Iterator[Sides]:
    """The stand-ins of a model's systems by name, with the settings and keys that reach them in ``folder``.

    The folder is one that ``bti init`` has made.
    """
    text = (HERE / model / "gateway.toml").read_text("utf-8")
    systems = {name: one["adapter"] for name, one in tomllib.loads(text)["systems"].items()}
    with ExitStack() as stack:
        sides = {name: side for name, adapter in systems.items() if (side := _side(adapter)) is not None}
        for side in sides.values():
            stack.enter_context(side)
        for name, side in sides.items():
            text = text.replace(f"{{{name}}}", side.url)
            _secret(folder / "keys" / f"{name}.token", getattr(side, "secret", "") or SECRET)
            if hasattr(side, "signer"):
                _secret(folder / "keys" / f"{name}.pem", side.signer)
        (folder / "gateway.toml").write_text(text, "utf-8")
        tell_log(sides["logg"], services=_RECEIVERS.get(model, ()), subject=_subject(model, sides))
        yield sides


def _side(adapter: str) -> Any:
    """The vendor's side of an adapter: from its declaration, or the stand-in beside it; a person's hands have none."""
    [entry] = [one for one in entry_points(group="gateway") if one.name == adapter] or [None]
    if entry is None:
        raise SystemExit(f"{adapter} is not installed")
    package = entry.value.partition(":")[0]
    [kind] = [one for one in entry.load().gateway_adapters() if one.name == adapter]
    if hasattr(kind, "resources"):
        return Simulator(kind.resources, secret=SECRET)
    try:
        module = import_module(f"{package}.standin")
    except ModuleNotFoundError:
        return None
    return module.StandIn(_SEEDS.get(adapter, module.simulated)(0))


def _secret(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o600)


def _registered(seed: int) -> Any:
    """The person register knows the woman, and that her address is nobody's secret."""
    del seed
    module = import_module("gateway_persontjenesten.seed")
    return [module.Seed(number=WOMAN, given="Siv", family="Lund", born=BORN, address="Stasjonsvegen")]


def _doctors(seed: int) -> Any:
    """The register of general practitioners knows whose patient she is."""
    del seed
    return [{"number": WOMAN, "doctor": 8094866, "name": "Rask Fjell"}]


_SEEDS: Mapping[str, Callable[[int], Any]] = {
    "persontjenesten": _registered,
    "nhn-registers": _doctors,
    "nhn-msh": lambda _: [],
    "fhir-r4": lambda _: [],
}
_RECEIVERS: Mapping[str, tuple[str, ...]] = {
    "rett-hjelp-tidlig": ("health_station",),
    "bedre-sammen": ("health_station",),
    "modum": ("school",),
    "alta": ("gp",),
}


def _subject(model: str, sides: Sides) -> Mapping[str, Any]:
    """Who the log is about; in Klepp a pupil of the roster."""
    if model == "klepp":
        users = sides["skole"].told["users"].values()
        pupil = next(one for one in users if "student" in str(one.get("roles")) and one.get("identifier"))
        return {"number": pupil["identifier"], "given_name": pupil["givenName"]}
    return {"number": WOMAN, "birth_date": BORN, "given_name": "Siv", "protection": "none"}


def tell_log(log: Simulator, *, services: tuple[str, ...], subject: Mapping[str, Any]) -> None:
    """The log's product has one log, with a worry and, where somebody is to get something, a yes.

    A product of whole cases has it as one document.
    """
    given = {"decision": "given", "by": "barn-1", "purpose": "bti", "services": list(services),
             "valid_from": "2026-01-01", "given": "2026-01-01T10:00:00+01:00"}  # fmt: skip
    told: list[tuple[str, str, Mapping[str, Any]]] = [
        ("person", "barn-1", {"role": "subject", **subject}),
        ("concern", "uro-1", {"raised_on": "2026-02-01", "summary": "Sover lite"}),
        ("goal", "mal-1", {"title": "Sove om natten", "status": "active"}),
        *([("consent", "ja-1", given)] if services else []),
    ]
    case = _record("case", {"subject": "barn-1", "status": "active", "opened_on": "2026-01-10"})
    if log.resources[0].nested:
        items: dict[str, list[dict[str, Any]]] = {}
        for kind, ident, fields in told:
            items.setdefault(kind, []).append({"id": ident, **_record(kind, fields)})
        log.make("case", {**case, "id": LOG, "items": items}, ident=LOG)
        return
    log.make("case", case, ident=LOG)
    for kind, ident, fields in told:
        log.make(kind, _record(kind, fields), ident=ident)


def end_log(log: Simulator) -> None:
    """A user of the log's product ends the log."""
    ended = {"subject": "barn-1", "status": "closed", "opened_on": "2026-01-10", "closed_on": "2026-11-01"}
    log.edit("case", LOG, {"fields": ended})


LOG = "logg-1"


def _record(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "category": kind, "case": LOG, "about": ["barn-1"], "fields": dict(fields)}


def flows(model: str) -> tuple[tuple[str, str, str], ...]:
    """Who opens which flow: the sending system, the receiving one, and a leader of the sending unit."""
    return {
        "rett-hjelp-tidlig": (("logg", "journal", "liv"),),
        "bedre-sammen": (("logg", "helse", "liv"),),
        "modum": (("logg", "arkiv", "liv"),),
        "alta": (("logg", "fastlege", "liv"),),
    }.get(model, ())


def main(model: str, folder: Path) -> None:
    """Make the folder, open the flows, run two rounds, and wait."""

    def bti(*args: str) -> None:
        call = [sys.executable, "-m", "gateway.cli", *args]
        print("bti", *args)  # noqa: T201 - a script for people
        if subprocess.run(call, check=False).returncode not in {0, 1}:  # noqa: S603 - our own command line
            raise SystemExit(1)

    bti("init", str(folder), "--model", model)
    with opened(model, folder) as sides:
        here = ("--config", str(folder / "gateway.toml"))
        bti("check", *here)
        bti("sync", *here)
        for source, target, person in flows(model):
            bti("flow", "approve", source, target, "--as", person, *here)
        bti("sync", *here)
        bti("status", *here)
        addresses = ", ".join(f"{name}: {side.url}" for name, side in sides.items())
        input(f"{addresses}\nPress Enter to end. ")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in MODELS:
        raise SystemExit(f"play.py {'|'.join(MODELS)} DIR")
    main(sys.argv[1], Path(sys.argv[2]))
