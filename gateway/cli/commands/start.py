"""``bti init`` and ``bti keys``."""

import os
from pathlib import Path

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("init")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=True, path_type=Path))
@click.option("--model", default="klepp", show_default=True, help=words.help_for("init.model"))
def init(frame: Frame, folder: Path, model: str) -> None:
    """Make a working folder."""
    from gateway.run import workfolder
    from gateway.run.data import shipped
    from gateway.run.settings import SettingsError, parse_settings

    offered = sorted(path.stem for path in (shipped("mappings") / "municipalities").glob("*.yaml"))
    if model not in offered:
        raise Problem("cli.model_unknown", where=model, expected=" | ".join(offered))
    person: str | None = frame.user
    place = folder.absolute()
    try:
        parse_settings(workfolder.settings_text(model=model, person=person), file=place / workfolder.SETTINGS)
    except SettingsError:
        person = None  # the machine's user has a name that the settings do not take
    number = {"klepp": "1120"}.get(model, "0000")
    written = workfolder.make_folder(place, model=model, chance=os.urandom, municipality=number, person=person)
    frame.answer(
        {"folder": str(place), "written": [str(path) for path in written]},
        lambda screen: screen.words("init.done", folder=folder, note=folder / workfolder.NOTE),
    )


@verb("keys init")
def keys_init(frame: Frame) -> None:
    """Make the key file that the settings name."""
    from gateway.store.keys import Keys

    file = Path(frame.settings.store.key_file)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise Problem("cli.file_unwritable", where=str(file)) from None
    Keys.create(file, os.urandom)
    frame.answer({"key_file": str(file), "version": 1}, lambda screen: screen.words("keys.done", file=file))


@verb("keys rotate")
def keys_rotate(frame: Frame) -> None:
    """A new master key, everything brought under it, and the older ones dropped; interrupted, the next call goes on."""
    from gateway.run.opening import open_settings_store
    from gateway.store.keys import Keys

    frame.person("keys.rotate")
    file = frame.settings.store.key_file
    keys = Keys.load(file).renewed(file, os.urandom)
    store = open_settings_store(frame.settings)
    try:
        count = store.rotate()
    finally:
        store.close()
    keys.retired(file)
    told = {"key_file": file, "version": keys.current, "rewrapped": count}
    frame.answer(told, lambda screen: screen.words("keys.rotated", version=keys.current))
