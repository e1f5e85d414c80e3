"""Telling people that there is something for them: the values and the call between the gateway and a notifier.

A notice has no content: nothing of any case is in it, and the plugin is given none.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from msgspec import Struct


class Notice(Struct, frozen=True, kw_only=True):
    """One message to one person. ``key`` is the same when it is tried again; ``language`` is nb, nn or en."""

    key: str
    to: str
    subject: str
    text: str
    language: str


class NotifierContext(Struct, frozen=True, kw_only=True):
    """All that a notifier gets: its options, and a call that reads its secret (``Misconfigured`` where it has none)."""

    options: Mapping[str, Any]
    secret: Callable[[], str]
    folder: str = "."
    """The municipality's folder, against which paths in options are resolved."""


class Notifier:
    """One way to tell people. Subclass it, declare ``name`` (the entry point's), write ``send``."""

    name: ClassVar[str]
    Options: ClassVar[type[Struct] | None] = None
    """A struct that ``[notices.options]`` must fit; ``None`` takes no options."""

    def __init__(self, context: NotifierContext) -> None:
        self.context = context

    def send(self, notice: Notice) -> None:
        """Send one notice. Raises ``Unreachable`` (tried again), ``Refused`` or ``Misconfigured`` (a person looks)."""
        raise NotImplementedError
