"""A bench for the certification kit, at our own stand-in: an archive that nobody but us edits, and that only takes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from gateway.sdk import Misconfigured, Release
from gateway.sdk.http import HttpClient
from gateway.sdk.paper import Part, Sheet
from gateway.sdk.testing import Sample, StandInWorld, Thing, Watch, watched_context
from gateway.sdk.trust.authorising import Bearer
from gateway_fiks_arkiv.adapter import FiksArkiv
from gateway_fiks_arkiv.standin import OURS, SECRET, StandIn, options_of

SAMPLES = (
    Sample(
        kind="case",
        body={"closing_note": "Alt er bra nå."},
        fields={"status": "closed", "closed_on": "2026-03-02", "closing_note": "Alt er bra nå."},
        patch={},
        patched={},
        recorded=False,
    ),
)


def printed(release: Release) -> Sheet:
    """A page with everything that was released, without the municipality's words."""
    parts = tuple(
        Part(id=one.id, kind=one.kind, title=one.kind, rows=tuple((key, str(said)) for key, said in one.fields.items()))
        for one in (release, *release.parts)
    )
    return Sheet(language="nb", title="Utskrift av logg", head=(), parts=parts, foot=())


class ArchiveWorld(StandInWorld[StandIn]):
    """The stand-in, which works as soon as it is looked at."""

    def state(self) -> Mapping[str, Thing]:
        """What is archived: each log by its key. The note's text is told where the document has it."""
        self.standin.work()
        return {
            f"case:{key}": Thing(kind="case", id=key, body=_text(kept[1])) for key, kept in self.standin.kept.items()
        }

    def fault(self, name: str, times: int = 1) -> None:
        """The service fails in this way."""
        self.standin.troubles.order({"faults": [{"what": name, "times": times, "on": "write"}]})

    def requests(self) -> Sequence[str]:
        """What an onlooker of the service sees: who sent what kind to whom."""
        return [f"{one['meldingType']} {one['mottakerKontoId']}" for one in self.standin.office.sent]


class ArchiveBench:
    """The adapter at the stand-in."""

    adapter = FiksArkiv
    samples = SAMPLES
    source = "stand-in"
    page = 1

    @contextmanager
    def world(self) -> Iterator[ArchiveWorld]:
        """A new archive with nothing in it."""
        with StandIn() as standin:
            yield ArchiveWorld(standin)

    def connect(self, world: ArchiveWorld, watch: Watch) -> FiksArkiv:
        """A new adapter there."""
        return connected(world.standin, watch)


def connected(standin: StandIn, watch: Watch, **options: Any) -> FiksArkiv:
    """An adapter at a stand-in, with its keys, its token and its queue."""
    http = HttpClient(
        url=standin.url, timeout=5.0, connect_timeout=2.0, attempts=2, sleep=lambda _: None, chance=lambda: 0.5,
        authoriser=Bearer(token=lambda: "standin"),
    )  # fmt: skip
    watch.closing.append(http.close)
    context = watched_context(standin.url, watch, options=options_of() | options)
    secrets = {None: SECRET, "signer": standin.signer}

    def secret(name: str | None = None) -> str:
        if name not in secrets:
            raise Misconfigured("secret.none")
        return secrets[name]

    adapter = FiksArkiv(msgspec.structs.replace(context, http=http, secret=secret, printed=printed))
    adapter.clock = standin.clock
    adapter.connect = lambda: standin.broker.connect(OURS)
    return adapter


def _text(document: bytes) -> Mapping[str, Any]:
    """The document's text, where it can be read."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415 - a reader of others, for tests alone
    except ImportError:
        return {}
    import io  # noqa: PLC0415

    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(document)).pages)
    return {"closing_note": text.rpartition("closing_note ")[2]}


def bench() -> ArchiveBench:
    """What ``bti adapter certify fiks-arkiv`` tries the adapter on."""
    return ArchiveBench()
