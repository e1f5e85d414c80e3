"""``bti tasks``: what waits for a person."""

import click

from gateway.cli import words
from gateway.cli.frame import Frame
from gateway.cli.problem import Problem
from gateway.cli.verb import verb


@verb("tasks list")
@click.option("--all", "every", is_flag=True, help=words.help_for("tasks.all"))
def list_tasks(frame: Frame, every: bool) -> None:
    """The tasks, oldest first."""
    frame.person("tasks.list")
    raise Problem("cli.not_built")


@verb("tasks show")
@click.argument("task")
def show(frame: Frame, task: str) -> None:
    """One task with what it is about."""
    frame.person("tasks.show")
    raise Problem("cli.not_built")


@verb("tasks resolve")
@click.argument("task")
@click.argument("outcome")
def resolve(frame: Frame, task: str, outcome: str) -> None:
    """What a person did about a task."""
    frame.person("tasks.resolve")
    raise Problem("cli.not_built")
