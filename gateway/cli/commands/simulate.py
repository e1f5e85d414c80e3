"""``bti simulate``: an invented municipality."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("simulate")
@click.option("--children", type=click.IntRange(1), required=True, help=words.help_for("simulate.children"))
@click.option("--seed", type=int, default=1, show_default=True, help=words.help_for("simulate.seed"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help=words.help_for("simulate.out"))
def simulate(frame: Frame, children: int, seed: int, out: Path | None) -> None:
    """One child a line as JSON; with ``--json`` and no ``--out``, one array."""
    from gateway.run.synthetic import cases

    is_array = frame.json and out is None
    encode = msgspec.json.Encoder().encode
    with _opened(out) as file, frame.progress("simulate.progress", total=children) as move:
        file.write(b"[" if is_array else b"")
        for number, case in enumerate(cases(children=children, seed=seed)):
            file.write((b",\n" if is_array else b"\n") if number else b"")
            file.write(encode(case))
            move(1)
        file.write(b"]\n" if is_array else b"\n")
    if out is not None:
        told = {"children": children, "seed": seed, "file": str(out)}
        frame.answer(told, lambda screen: screen.words("simulate.done", n=children, file=out))


@contextmanager
def _opened(out: Path | None) -> Iterator[BinaryIO]:
    if out is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        file = out.open("wb")
    except OSError:
        raise Problem("cli.file_unwritable", where=str(out)) from None
    with file:
        yield file
