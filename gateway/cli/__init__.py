"""The command ``bti``. Nothing but click is imported before a command is called, so that it starts fast."""


def main() -> None:
    """The entry point: runs the command line and leaves with its exit status."""
    from gateway.cli.root import bti  # noqa: PLC0415 - so that importing the package costs nothing

    bti.main(prog_name="bti")
