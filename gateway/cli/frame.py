"""What every command is given: its options, the settings, the store, who acts, and how to answer.

A command *answers* with one plain document. With ``--json`` that is printed and nothing else; without, the command's
own rendering of it. Messages go to standard error. What a command raises becomes words and an exit status here, and
a foreign exception's text is never shown.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.cli import words
from gateway.cli.problem import DONE, NEEDS_PERSON, UNREACHABLE, WRONG, Problem, Problems, Status

if TYPE_CHECKING:
    from gateway.cli.screen import Screen
    from gateway.run.observing.made import Watch
    from gateway.run.plugins import Plugins
    from gateway.run.settings import Person, Settings
    from gateway.run.world import World
    from gateway.store import Store

_CODES_THAT_WAIT = frozenset(
    {"store.busy", "store.full", "store.io", "store.locked", "store.stale", "store.unreachable"}
)


class Frame:
    """One call of ``bti``. Settings, plugins and store are opened when first asked for."""

    def __init__(self, *, config: Path, json: bool, acting: str | None, language: words.Language) -> None:
        self.config = config
        self.json = json
        self.acting = acting
        self.language = language
        self.status: Status = DONE

    @property
    def has_settings(self) -> bool:
        """Whether there are settings to read, or somebody said where they are; a few commands do without."""
        return self.config.exists() or self.config != Path("gateway.toml")

    @cached_property
    def settings(self) -> "Settings":
        """The settings, with their adapters' options checked. Raises ``SettingsError`` with every fault."""
        from gateway.run.plugins import load_plugins  # noqa: PLC0415
        from gateway.run.settings import load_settings  # noqa: PLC0415

        def find(names: frozenset[str]) -> Any:
            self.__dict__["plugins"] = load_plugins(only=names)
            return self.plugins.adapters

        return load_settings(self.config, find=find)

    @cached_property
    def plugins(self) -> "Plugins":
        """The plugins that the settings need; ``bti check`` and ``bti adapter list`` load all by themselves."""
        from gateway.run.plugins import load_plugins  # noqa: PLC0415

        return load_plugins(only=self.settings.plugins())

    @contextmanager
    def store(self) -> "Iterator[Store]":
        """The municipality's store, open for the length of a block. Raises ``StoreError``."""
        from gateway.run.opening import open_settings_store  # noqa: PLC0415

        opened = open_settings_store(self.settings)
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def world(self, watch: "Watch | None" = None) -> "Iterator[World]":
        """The municipality ready to work: store, adapters, clock and chance; what happens is told to ``watch``.

        Raises ``StoreError``.
        """
        from gateway.run.opening import open_world  # noqa: PLC0415

        told = {} if watch is None else {"observer": watch.observer, "log": watch.log}
        opened = open_world(self.settings, self.plugins, **told)  # type: ignore[arg-type]
        try:
            yield opened
        finally:
            for adapter in opened.adapters.values():
                with suppress(Exception):
                    adapter.close()
            opened.store.close()
            if watch is not None:
                watch.observer.close()

    def watch(self) -> "Watch":
        """What is told to those who run the gateway, as the settings have it."""
        from gateway.run.observing.made import Watch  # noqa: PLC0415 - most commands tell nothing

        return Watch(self.settings, terminal=sys.stderr.isatty())

    def systems(self, named: str | None) -> list[str] | None:
        """The systems that ``--system`` names; ``None`` for all of them."""
        if named is not None and named not in self.settings.systems:
            raise Problem("cli.system_unknown", where=named, expected=" | ".join(self.settings.systems))
        return None if named is None else [named]

    @property
    def user(self) -> str:
        """The operating system's user, whatever the environment says."""
        return _user()

    def person(self, act: str) -> "Person":
        """Who acts, if that person may: ``--as``, or else the operating system's user, as an entry of ``[people]``."""
        from gateway.run import rights  # noqa: PLC0415

        name = self.acting or self.user
        person = self.settings.people.get(name)
        if person is None:
            raise Problem("cli.person_unknown", where=name, expected="[people]")
        if not rights.may(person, act):
            raise Problem("cli.person_rights", where=name, expected=" | ".join(sorted(rights.ACTS.get(act, ()))))
        return person

    def say(self, code: str, **facts: object) -> None:
        """A message on standard error, in the caller's language."""
        click.echo(words.say(code, self.language, **facts), err=True)

    def answer(self, document: Any, text: "Callable[[Screen], None]") -> None:
        """The command's answer: the document with ``--json``, else what ``text`` draws of it."""
        if self.json:
            click.echo(_encoded(document))
            return
        from gateway.cli.screen import Screen  # noqa: PLC0415

        text(Screen(language=self.language))

    def needs_person(self) -> None:
        """Leave with status 1 when the command is done."""
        if self.status == DONE:
            self.status = NEEDS_PERSON

    def unreachable(self) -> None:
        """Leave with status 3 when the command is done."""
        self.status = UNREACHABLE

    @contextmanager
    def progress(self, label: str, total: int | None = None) -> "Iterator[Callable[[int], None]]":
        """A bar on standard error that a call moves on by n; nothing when no terminal is there to see it."""
        if self.json or not sys.stderr.isatty():
            yield lambda _: None
            return
        from gateway.cli.screen import bar  # noqa: PLC0415

        with bar(words.say(label, self.language), total) as move:
            yield move


def _user() -> str:
    if os.name == "posix":
        import pwd  # noqa: PLC0415 - not on every system

        try:
            return pwd.getpwuid(os.getuid()).pw_name
        except KeyError:
            return str(os.getuid())
    return os.environ.get("USERNAME", "")


def _encoded(document: Any) -> str:
    import msgspec  # noqa: PLC0415 - --help does without

    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode()


def conclude(frame: Frame, work: Callable[[], None]) -> Status:
    """Run a command's work and return its exit status; whatever it raises is told in words, without its text."""
    try:
        work()
    except click.ClickException:
        raise
    except (click.exceptions.Exit, click.Abort):
        raise
    except KeyboardInterrupt:
        frame.say("cli.interrupted")
        return UNREACHABLE
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - nobody reads any more
        return frame.status
    except Exception as error:  # noqa: BLE001 - the error boundary: only codes and places get past it
        return _told(frame, _problems(error))
    return frame.status


def _problems(error: Exception) -> list[Problem]:
    faults = getattr(error, "faults", None)
    if isinstance(error, Problem):
        return [error]
    if isinstance(error, Problems):
        return error.problems
    if isinstance(faults, (tuple, list)) and faults:
        return [_of_fault(fault) for fault in faults]
    code = getattr(error, "code", None)
    if isinstance(code, str) and type(error).__module__.startswith("gateway."):
        where = getattr(error, "where", None) or getattr(error, "path", None) or ""
        waits = code in _CODES_THAT_WAIT or _is_unreachable(error)
        return [Problem(code, where=str(where), status=UNREACHABLE if waits else WRONG)]
    return [Problem("cli.unforeseen", where=f"{type(error).__name__} {_place(error)}", status=UNREACHABLE)]


def _of_fault(fault: Any) -> Problem:
    places = [str(getattr(fault, name)) for name in ("file", "index", "key", "path") if getattr(fault, name, None)]
    return Problem(fault.code, where=": ".join(places), expected=getattr(fault, "expected", ""))


def _is_unreachable(error: Exception) -> bool:
    from gateway.sdk.errors import Unreachable  # noqa: PLC0415

    return isinstance(error, Unreachable)


def _place(error: Exception) -> str:
    """Module and line of the innermost frames that are ours: enough to find the fault, nothing of what was in hand."""
    places = []
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if name.startswith("gateway"):
            places.append(f"{name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-3:]))


def _told(frame: Frame, problems: list[Problem]) -> Status:
    document = {
        "errors": [
            {
                "code": problem.code,
                "where": problem.where,
                "expected": problem.expected,
                "text": words.say(problem.code, frame.language),
            }
            for problem in problems
        ]
    }
    if frame.json:
        click.echo(_encoded(document))
    for told in document["errors"]:
        where = f"{told['where']}: " if told["where"] else ""
        right = f" ({words.say('cli.expected', frame.language)}: {told['expected']})" if told["expected"] else ""
        click.echo(f"{where}{told['text']}{right} [{told['code']}]", err=True)
    return max((problem.status for problem in problems), key=(DONE, NEEDS_PERSON, UNREACHABLE, WRONG).index)
