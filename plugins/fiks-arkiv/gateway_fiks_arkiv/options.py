"""What ``[systems.<name>.options]`` of a fiks-arkiv system holds."""

from typing import Annotated

from msgspec import Meta, Struct

_Text = Annotated[str, Meta(min_length=1, max_length=200)]
_Account = Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Class(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the archive files a log: a class of one of its classification systems. Never a class for each person."""

    system: _Text
    id: _Text
    title: _Text | None = None


class Queue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the receipts wait."""

    host: _Text
    port: Annotated[int, Meta(ge=1, le=65_535)] = 5671
    vhost: _Text = "/"
    tls: bool = True


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who sends, to which archive, and what the archive is told of every log: words of the municipality, of nobody.

    The system's ``secret`` is the integration's password; ``secrets.signer`` holds our key with its certificate (PEM).
    """

    account: _Account
    """Our account at Fiks IO."""
    archive: _Account
    """The archive's account."""
    integration: _Text
    """The integration's id."""
    queue: Queue | None = None
    """Where receipts wait; without it nobody ever hears that a log was archived, and a person is asked after a day."""
    title: _Text = "Oppfølgingslogg"
    """Of the case file and the note: what such a thing is called, the same for all."""
    access: _Text = "13"
    """``tilgangsrestriksjon``, a code of the archive's own."""
    series: _Text | None = None
    """``arkivdel``."""
    rule: _Text | None = None
    """``regel``: which of the archive's sets of standard values applies to us."""
    classes: tuple[Class, ...] = ()
    pins: tuple[_Text, ...] = ()
    """SHA-256 of the archive's certificate, where it was fetched by other means."""
