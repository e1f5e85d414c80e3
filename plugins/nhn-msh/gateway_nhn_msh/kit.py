"""A bench for the certification kit, at our own stand-in.

The kit delivers a case without its people and items, which no letter can be made of; the bench puts a made-up child
and a concern beside it, in which the case's words stand.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from gateway.sdk import Raw, Reading, Receipt, Release
from gateway.sdk.testing import Sample, StandInWorld, Thing, Watch, watched_context
from gateway_nhn_msh.adapter import NhnMsh
from gateway_nhn_msh.kith.values import Dialogue
from gateway_nhn_msh.post import CHILD, GENERATED, OURS, THEIRS
from gateway_nhn_msh.standin import StandIn

_WORDS = "Trekker seg unna de andre"
_DAY = GENERATED.date().isoformat()
SAMPLES = (
    Sample(
        kind="case",
        body={"Hva det gjelder": _WORDS},
        fields={"subject": "kit-child", "closing_note": _WORDS},
        patch={},
        patched={},
        recorded=False,
    ),
    Sample(
        kind="concern",
        body={"text": _WORDS, "by": "Grønn Vits"},
        fields={"raised_on": _DAY, "raised_by": "employee", "raised_by_name": "Grønn Vits", "summary": _WORDS},
        patch={},
        patched={},
        recorded=False,
    ),
)
"""The case's note stands for the words of its concern, which in a case is another record."""

OPTIONS: Mapping[str, Any] = {
    "sender": {
        "her_id": OURS, "name": "Koordinerende enhet",
        "organisation_her_id": "8142987", "organisation_name": "Kommunen",
    },
    "receiver": {
        "her_id": THEIRS, "name": "Fastlegene",
        "organisation_her_id": "8142952", "organisation_name": "Legesenteret",
    },
}  # fmt: skip
"""Options that fit the stand-in."""


class Plainly:
    """The mapping's part in the kit: fields by their own names, a concern's words by the label that they get."""

    def read(self, raw: Raw) -> list[Reading]:
        """The adapter reads by itself."""
        raise NotImplementedError

    def write(self, release: Release) -> dict[str, Any]:
        """A body with the released fields."""
        labels = {"summary": "Hva det gjelder"}
        return {"Tema": "Bekymring"} | {labels.get(name, name): value for name, value in release.fields.items()}


class Peopled(NhnMsh):
    """The adapter, with a child and a concern put beside a case that comes without."""

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """As the adapter does. Raises ``AdapterError``."""
        if release.kind == "case" and not release.parts:
            words = release.fields.get("closing_note", _WORDS)
            subject = str(release.fields.get("subject"))
            child = {"given_name": "Nora", "family_name": "Berg", "number": CHILD, "role": "subject"}
            release = msgspec.structs.replace(
                release,
                fields={"subject": subject},
                changed=("subject",),
                parts=(
                    _part(release, "person", subject, child),
                    _part(release, "concern", "kit-c", {"summary": words}),
                ),
            )
        return super().deliver(release, idempotency_key)


def _part(whole: Release, kind: str, ident: str, fields: Mapping[str, Any]) -> Release:
    return msgspec.structs.replace(whole, kind=kind, id=ident, fields=fields, changed=tuple(fields), parts=())


class PostWorld(StandInWorld[StandIn]):
    """The stand-in, seen from the other side: what its system keeps of us, and what it wrote."""

    can: Collection[Any] = frozenset({"make", "down", "rejected", "lost", "acknowledged", "requests"})

    def __init__(self, standin: StandIn) -> None:
        super().__init__(standin)
        self.written: dict[str, Mapping[str, Any]] = {}

    def state(self) -> Mapping[str, Thing]:
        """Conversations with all that was said in them, and the letters to us."""
        found: dict[str, Thing] = {
            f"concern:{ident}": Thing(kind="concern", id=ident, body=body) for ident, body in self.written.items()
        }
        for message in self.standin.post.kept.values():
            first = message.conversation.first if message.conversation is not None else message.id
            found[f"case:{first}"] = Thing(kind="case", id=first, body=_said(message), version=message.id)
        return found

    def make(self, kind: str, body: Mapping[str, Any], *, late: bool = False) -> str:
        """The other side writes a letter."""
        ident = f"{self.standin.post.write(conversation='kit-case', **body)}:0"
        self.written[ident] = dict(body)
        return ident

    def fault(self, name: str, times: int = 1) -> None:
        """The service fails in this way."""
        self.standin.troubles.order({"faults": [{"what": name, "times": times}]})

    def ready(self, sample: Sample) -> str | None:
        """A conversation needs nothing to stand in."""
        return None if sample.kind == "case" else "kit-case"

    def acknowledged(self) -> Collection[str]:
        """The letters that we have marked as read and answered."""
        return [ident for ident, one in self.standin.post.inbox.items() if one.read and one.answers]

    def requests(self) -> Sequence[str]:
        """Every address that was asked for."""
        return list(self.standin.asked)


def _said(message: Dialogue) -> dict[str, str]:
    lines = [line.partition(": ") for note in message.notes for line in (note.text or "").splitlines()]
    return {label: value for label, _, value in lines}


class MshBench:
    """The adapter at the stand-in."""

    adapter = Peopled
    samples = SAMPLES
    source = "stand-in"
    page = 3

    @contextmanager
    def world(self) -> Iterator[PostWorld]:
        """A new service with an empty mailbox."""
        with StandIn() as standin:
            yield PostWorld(standin)

    def connect(self, world: PostWorld, watch: Watch) -> Peopled:
        """A new adapter there."""
        return Peopled(watched_context(world.url, watch, maps=Plainly(), options=OPTIONS))


def bench() -> MshBench:
    """What ``bti adapter certify nhn-msh`` tries the adapter on."""
    return MshBench()


__all__ = ["OPTIONS", "SAMPLES", "MshBench", "PostWorld", "bench"]
