"""``bti metrics``."""

from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.verb import verb


@verb("metrics")
@click.option(
    "--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help=words.help_for("metrics.out")
)
def metrics(frame: Frame, out: Path | None) -> None:
    """The store's figures in Prometheus' text format."""
    from gateway.run.observing.declared import BY_NAME
    from gateway.run.observing.exposition import in_text
    from gateway.run.observing.textfile import read, write

    with frame.world() as world:
        found = read(world)
    if out is not None:
        write(found, out)
    rows = [
        {"name": one.metric, "labels": dict(zip(BY_NAME[one.metric].labels, one.labels, strict=True)),
         "value": float(one.value)}
        for one in found
    ]  # fmt: skip
    frame.answer(
        {"file": None if out is None else str(out), "metrics": rows},
        lambda screen: (
            screen.words("metrics.written", file=out) if out is not None else screen.document(in_text(found).decode())
        ),
    )
