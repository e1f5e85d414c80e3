"""``bti adapter``: list, new, certify, simulate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen

_ABILITIES = (
    "create_only", "events", "files", "idempotency_key", "conditional_write", "read_back", "deletes", "retracts",
    "inventory", "lookup", "subjects_only", "acknowledges", "documents", "closed", "keeps", "messages",
    "full_feed", "manual",
)  # fmt: skip


@verb("adapter list")
def list_adapters(frame: Frame) -> None:
    """All adapters that are installed, and the plugins that are broken."""
    from gateway.run.plugins import load_plugins

    plugins = load_plugins()
    adapters: list[dict[str, Any]] = []
    for name, adapter in sorted(plugins.adapters.items()):
        able, origin = adapter.capabilities, plugins.origins[name]
        adapters.append(
            {
                "name": name,
                "distribution": origin.distribution,
                "version": origin.version,
                "reads": sorted(able.reads),
                "writes": sorted(able.writes),
                "can": [ability for ability in _ABILITIES if getattr(able, ability, False)],
                "batch": able.batch,
            }
        )
    broken = [
        {"name": each.name, "distribution": each.distribution, "version": each.version, "code": each.code}
        for each in plugins.broken
    ]

    def draw(screen: "Screen") -> None:
        if not adapters:
            screen.words("adapter.none")
        else:
            rows = [
                [each["name"], each["version"], *(", ".join(each[key]) for key in ("reads", "writes", "can"))]
                for each in adapters
            ]
            screen.table(("head.adapter", "head.version", "head.reads", "head.writes", "head.can"), rows)
        if broken:
            cells = [(each["name"], each["distribution"], words.say(each["code"], frame.language)) for each in broken]
            screen.table(("head.adapter", "head.distribution", "head.what"), cells, "title.broken")

    frame.answer({"adapters": adapters, "broken": broken}, draw)
    if broken:
        frame.needs_person()


@verb("adapter new")
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path), default=None, help=words.help_for("adapter.folder"))
def new(frame: Frame, name: str, folder: Path | None) -> None:
    """A plugin's folder with an adapter, a mapping, a sample and tests that run."""
    from gateway.run import scaffold

    if not scaffold.is_name(name):
        raise Problem("cli.name", where=name, expected="a-z 0-9 -")
    place = folder or Path(name)
    written = scaffold.make_plugin(place, name=name)
    package = scaffold.package_of(name)
    frame.answer(
        {"folder": str(place), "written": [path.as_posix() for path in written]},
        lambda screen: screen.words(
            "adapter.made", folder=place, file=f"{package}/__init__.py", command=f"pytest {place}"
        ),
    )


@verb("adapter certify")
@click.argument("name_or_path")
def certify(frame: Frame, name_or_path: str) -> None:
    """The kit's report; exit status 0 only if every check passed."""
    from gateway.run.certify import certify as certified
    from gateway.sdk.testing import CHECKS

    with frame.progress("certify.progress", total=len(CHECKS)) as move:
        report = certified(name_or_path, signer=_signer(frame), progress=lambda _: move(1))

    def draw(screen: "Screen") -> None:
        results = {
            True: words.say("certify.passed", frame.language),
            False: words.say("certify.failed", frame.language),
        }
        rows = [(line.id, results[line.passed], line.what if line.passed else line.evidence) for line in report.checks]
        not_asked = words.say("certify.not_applicable", frame.language)
        rows += [(line.id, not_asked, line.evidence) for line in report.not_applicable]
        screen.table(("head.check", "head.result", "head.what"), rows)
        screen.words("certify.tier", adapter=report.adapter, version=report.version, tier=report.tier)

    frame.answer(report, draw)
    if not report.passed:
        frame.needs_person()


def _signer(frame: Frame) -> Any:
    """The municipality's key, where there is a municipality; a report made elsewhere is not signed."""
    from gateway.store.keys import Keys

    return Keys.load(frame.settings.store.key_file).audit if frame.config.is_file() else None


@verb("adapter simulate")
@click.argument("name")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help=words.help_for("simulate.port"))
@click.option("--seed", type=int, default=1, show_default=True, help=words.help_for("simulate.seed"))
@click.option(
    "--faults", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=words.help_for("simulate.faults")
)
def simulate(frame: Frame, name: str, port: int, seed: int, faults: Path | None) -> None:
    """The vendor's side on loopback, until it is stopped."""
    from gateway.run.plugins import load_plugins
    from gateway.sdk import simulator

    adapter = load_plugins(only={name}).adapters.get(name)
    if adapter is None:
        raise Problem("cli.adapter_unknown", where=name)
    sys.stdout.flush()
    simulator.serve(adapter, port=port, seed=seed, faults=faults)
