"""Commands that plugins bring: ``bti NAME COMMAND``, where ``NAME`` is the plugin's entry point.

Nothing of a plugin is loaded before its own name is called, so that one more plugin costs no other command anything.
A name of the gateway's own is never a plugin's.
"""

import contextlib
import io
import os
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import UNREACHABLE, Problem
from gateway.cli.verb import Verb, called, everywhere

if TYPE_CHECKING:
    from gateway.cli.screen import Screen
    from gateway.sdk.commands import Command


def group_of(name: str) -> click.Group | None:
    """The commands of the plugin of a name; ``None`` where no plugin has it."""
    from gateway.run.plugins import GROUP, load_plugins  # noqa: PLC0415 - only who calls a plugin pays for it

    if not any(entry.name == name for entry in entry_points(group=GROUP)):
        return None
    plugins = load_plugins(only={name})
    found = click.Group(name=name, help=words.help_for("brought"))
    found.params.extend(everywhere())
    broken = next((one.code for one in plugins.broken if one.name == name), None)
    if broken is not None and name not in plugins.origins:
        return _Broken(name, broken)
    for command in plugins.commands.get(name, ()):
        found.add_command(_command(name, command), command.name)
    return found if found.commands else None


class _Broken(click.Group):
    """A plugin that could not be loaded: whatever is called, that is what is told."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(name=name, params=everywhere())
        self.code = code

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """A command that tells what is wrong."""

        def work(frame: Frame, **_: object) -> None:  # noqa: ARG001 - a command has its frame
            raise Problem(self.code, where=str(self.name))

        return Verb(cmd_name, callback=called(work), params=[click.Argument(["rest"], nargs=-1)])


def _command(plugin: str, command: "Command") -> click.Command:
    from gateway.sdk.commands import Call, Told  # noqa: PLC0415
    from gateway.sdk.errors import Unreachable  # noqa: PLC0415

    names = {argument.replace("-", "_"): argument for argument in command.arguments}

    def work(frame: Frame, **given: str) -> None:
        call = Call(
            arguments={argument: given[name] for name, argument in names.items()},
            language=frame.language,
            environment=os.environ,
        )
        told: object = None
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            try:
                told = command.run(call)
            except Unreachable:
                raise Problem("brought.unreachable", where=f"{plugin} {command.name}", status=UNREACHABLE) from None
            except (Exception, SystemExit):  # noqa: BLE001 - a plugin may raise anything, and nothing of it is kept
                raise Problem("brought.failed", where=f"{plugin} {command.name}") from None
        if not isinstance(told, Told):
            raise Problem("brought.failed", where=f"{plugin} {command.name}")
        lines = told.lines

        def draw(screen: "Screen") -> None:
            for line in lines:
                screen.line(line)

        frame.answer(dict(told.document), draw)
        if told.needs_person:
            frame.needs_person()

    return Verb(
        command.name,
        help=command.says[words.language()],
        callback=called(work),
        params=[click.Argument([name], metavar=argument.upper()) for name, argument in names.items()],
    )
