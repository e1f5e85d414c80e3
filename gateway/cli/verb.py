"""Commands and groups: ``--config``, ``--json`` and ``--as`` before or after the name, modules imported when called."""

import os
from collections.abc import Callable, Mapping
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, cast

import click

from gateway.cli import words
from gateway.cli.frame import Frame, conclude
from gateway.cli.problem import Problem

P = ParamSpec("P")
Entry = Mapping[str, Any]
_META = "gateway.cli"


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Remember an option that was given; what stands nearer to the command's end wins."""
    if value:
        context.meta[f"{_META}.{parameter.name}"] = value


def everywhere() -> list[click.Parameter]:
    """The options that every command and group takes."""
    return [
        click.Option(
            ["--config"], type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", expose_value=False,
            callback=_keep, help=words.help_for("option.config"),
        ),
        click.Option(["--json"], is_flag=True, expose_value=False, callback=_keep, help=words.help_for("option.json")),
        click.Option(
            ["--as", "acting"], metavar="PERSON", expose_value=False, callback=_keep, help=words.help_for("option.as")
        ),
    ]  # fmt: skip


def frame_of(context: click.Context) -> Frame:
    """The frame of a call."""
    given = context.meta.get(f"{_META}.config")
    return Frame(
        config=Path(given or os.environ.get("BTI_CONFIG") or "gateway.toml"),
        json=bool(context.meta.get(f"{_META}.json")),
        acting=context.meta.get(f"{_META}.acting"),
        language=words.language(),
    )


def _legible(given: Mapping[str, Any]) -> None:
    """Refuse an argument with bytes that are no text: Python keeps them as halves of characters, which nothing
    can store. A file's name may have them. Raises ``Problem`` (``cli.argument_text``).
    """
    for name, value in given.items():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str) and any("\ud800" <= letter <= "\udfff" for letter in one):
                raise Problem("cli.argument_text", where=name)


def verb(name: str) -> Callable[[Callable[Concatenate[Frame, P], None]], click.Command]:
    """Makes a function that takes a ``Frame`` the command ``name`` (``flow approve``); its help is the catalogue's."""

    def made(function: Callable[Concatenate[Frame, P], None]) -> click.Command:
        return click.command(name.rpartition(" ")[2], cls=Verb, help=words.help_for(name))(called(function))

    return made


def called(function: Callable[Concatenate[Frame, P], None]) -> Callable[P, None]:
    """What click calls: the function with its frame, inside the error boundary, leaving with the exit status."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        context = click.get_current_context()
        frame = frame_of(context)

        def work() -> None:
            _legible({"as": frame.acting, **kwargs})
            function(frame, *args, **kwargs)

        status = conclude(frame, work)
        context.exit(status)

    return call


def _brought(name: str) -> click.Command | None:
    from gateway.cli.brought import group_of  # noqa: PLC0415 - only who calls a plugin pays for it

    return group_of(name)


class Verb(click.Command):
    """A command with the options that all have."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(everywhere())


class Verbs(click.Group):
    """A group whose commands stand in a table ``name → "module:function"``, or ``name → table`` for a group within.

    Help is told from the catalogue, so that listing commands imports none. ``default`` is what the bare group does.
    """

    def __init__(self, path: str, table: Entry, default: str | None = None) -> None:
        super().__init__(
            name=path.rpartition(" ")[2] or "bti",
            help=words.help_for(path or "bti"),
            invoke_without_command=default is not None,
            no_args_is_help=default is None,
            callback=None if default is None else self._bare,
        )
        self.path = path
        self.table = table
        self.default = default
        self.params.extend(everywhere())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the table's order."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        entry = self.table.get(cmd_name)
        path = f"{self.path} {cmd_name}".strip()
        if entry is None:
            return _brought(cmd_name) if not self.path else None
        if isinstance(entry, str):
            module, _, attribute = entry.partition(":")
            return cast("click.Command", getattr(import_module(module), attribute))
        default = entry.get("")
        return Verbs(path, {name: inner for name, inner in entry.items() if name}, default)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help, without importing one."""
        rows = [(name, words.help_for(f"{self.path} {name}".strip())) for name in self.table]
        with formatter.section(words.help_for("section.commands")):
            formatter.write_dl(rows)

    def _bare(self) -> None:
        """What the group does when no command is named."""
        context = click.get_current_context()
        command = self.get_command(context, self.default) if self.default else None
        if context.invoked_subcommand is None and command is not None:
            with command.make_context(self.default, [], parent=context) as inner:
                command.invoke(inner)
