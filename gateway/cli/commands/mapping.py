"""``bti map test``: a mapping against the cases beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb

if TYPE_CHECKING:
    from gateway.cli.screen import Screen


@verb("map test")
@click.argument("mappings", metavar="[MAPPING.yaml]…", nargs=-1, type=click.Path(path_type=Path))
def test(frame: Frame, mappings: tuple[Path, ...]) -> None:
    """The named mappings, or every one in the municipality's folder and among those shipped that has cases."""
    from gateway.run.mapcases import load_cases, run_cases
    from gateway.run.mapfiles import compile_text

    results: list[dict[str, Any]] = []
    for file in mappings or _with_cases(frame):
        mapping = compile_text(_texts(file), vocabulary=_vocabulary(frame))
        cases = load_cases(_text(_cases_of(file)))
        results += [
            {"mapping": str(file), "case": each.name, "passed": each.passed, "told": each.told}
            for each in run_cases(mapping, cases)
        ]
    failed = [each for each in results if not each["passed"]]

    def draw(screen: "Screen") -> None:
        if failed:
            rows = [(each["mapping"], each["case"], each["told"]) for each in failed]
            screen.table(("head.mapping", "head.case", "head.result"), rows)
        screen.words("map.passed", n=len(results) - len(failed))
        if failed:
            screen.words("map.failed", n=len(failed))

    frame.answer({"cases": results, "passed": len(results) - len(failed), "failed": len(failed)}, draw)
    if failed:
        frame.needs_person()


def _cases_of(file: Path) -> Path:
    return file.with_name(f"{file.stem}.cases.yaml")


def _with_cases(frame: Frame) -> list[Path]:
    from gateway.run.data import shipped

    folders = [frame.config.absolute().parent / "mappings" / "adapters", shipped("mappings") / "adapters"]
    files = [file for folder in folders for file in sorted(folder.glob("*.yaml"))]
    return [file for file in files if _cases_of(file).is_file()]


def _text(file: Path) -> Any:
    from gateway.run.mapfiles import MappingText

    try:
        return MappingText(file=str(file), text=file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Problem("cli.file_missing", where=str(file)) from None


def _texts(file: Path) -> list[Any]:
    """The mapping, and what it may extend."""
    from gateway.run.mapfiles import mapping_texts
    from gateway.run.plugins import load_plugins

    below = mapping_texts(file.stem, brought=load_plugins(only={file.stem}).mappings)
    return [_text(file), *(text for text in below if text.file != str(file))]


def _vocabulary(frame: Frame) -> Any:
    """The municipality's code lists, where there are settings to say which municipality."""
    if not frame.config.is_file():
        return {}
    from gateway.run.models import vocabulary_of

    return vocabulary_of(frame.settings)
