"""``[systems.<name>.options]``: who writes to whom, and as what kind of dialogue."""

from typing import Literal

from msgspec import Struct

from gateway.sdk import Misconfigured


class Correspondent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A communication party: a service with its HER-id, and the organisation that it belongs to."""

    her_id: str
    name: str
    organisation_her_id: str
    organisation_name: str


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``sender`` is the municipality's own service, whose mailbox is read; ``receiver`` is whom this system is, or
    ``general_practitioner``: each child's own, as the registers (``nhn-registers``) say when a letter is sent.

    ``dialogue``: ``helsefaglig`` (Helsefaglig dialog, Dialogmelding 1.1) or ``henvendelse`` (an enquiry from the
    municipality, Dialogmelding 1.0), as the receiver is registered to take. ``software`` is told to the service.
    """

    sender: Correspondent
    receiver: Correspondent | Literal["general_practitioner"]
    dialogue: Literal["helsefaglig", "henvendelse"] = "helsefaglig"
    software: str = "bti-gateway, v0.1"
    page: int = 100


def checked(options: Options) -> Options:
    """The options, where HER-ids are numbers. Raises ``Misconfigured`` ``nhn.her_id`` or ``nhn.page``."""
    for name, party in (("sender", options.sender), ("receiver", options.receiver)):
        if isinstance(party, str):
            continue
        for field, value in (("her_id", party.her_id), ("organisation_her_id", party.organisation_her_id)):
            if not (value.isascii() and value.isdigit() and 0 < int(value) < 2**31):
                raise Misconfigured("nhn.her_id", path=f"options.{name}.{field}")
    if not 1 <= options.page <= 100:
        raise Misconfigured("nhn.page", path="options.page")
    return options
