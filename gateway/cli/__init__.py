"""The command ``bti``. Nothing but click is imported before a command is called, so that it starts fast."""

import gc

YOUNG = 100_000
"""Objects made before the collector looks for cycles. Records make many objects and no cycles; with Python's own 700
it took a third of a round."""


def main() -> None:
    """The entry point: runs the command line and leaves with its exit status."""
    gc.set_threshold(YOUNG, 20, 50)
    from gateway.cli.root import bti  # noqa: PLC0415 - so that importing the package costs nothing

    bti.main(prog_name="bti")
