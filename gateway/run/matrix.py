"""``docs/reference/capabilities.md``: what each installed adapter can do, from their declarations."""

from collections.abc import Mapping

from gateway.run.plugins import load_plugins
from gateway.sdk.api import Adapter, Capabilities, Proof

_CAN: Mapping[str, str] = {
    "events": "hints by webhook",
    "files": "carries files",
    "idempotency_key": "the same key twice is one effect",
    "conditional_write": "refuses a write on an old version",
    "read_back": "tells what a key wrote",
    "deletes": "tells of deletions",
    "retracts": "takes things back",
    "inventory": "lists all it holds",
    "acknowledges": "is told what we have kept",
    "documents": "takes whole cases",
    "messages": "passes on to somebody else",
    "closed": "takes a case when it has ended",
    "keeps": "keeps what it got, by the law on archives",
    "full_feed": "tells all there is every time",
    "lookup": "answers about the persons it is asked about",
    "addresses": "tells where a child's doctor is reached",
    "subjects_only": "is asked about the children alone",
    "create_only": "can add, not change",
    "manual": "a person enters what is delivered",
}

_BY: Mapping[str, str] = {
    "vendor": "the vendor's own system",
    "server": "others' server, or a mock of an official description",
    "validator": "official schema or others' validator",
    "client": "others' client or library",
    "samples": "official samples or recordings",
    "simulator": "our own simulator",
}


def capabilities_page() -> str:
    """The page's text, from the adapters that are installed."""
    return render(load_plugins().adapters)


def render(adapters: Mapping[str, type[Adapter]]) -> str:
    """The page for these adapters: a row for each ability, a column for each adapter, then the kinds."""
    names = sorted(adapters)
    able = {name: adapters[name].capabilities for name in names}
    rows = [f"| ability | {' | '.join(f'`{name}`' for name in names)} |", f"|---|{'---|' * len(names)}"]
    rows += [
        f"| {words} | {' | '.join('yes' if getattr(able[name], field) else '–' for name in names)} |"
        for field, words in _CAN.items()
    ]
    rows.append(f"| deliveries in one call | {' | '.join(str(able[name].batch) for name in names)} |")
    rows.append(f"| shows who coordinates as | {' | '.join(able[name].baton for name in names)} |")
    kinds = [f"| adapter | reads | writes |\n|---|---|---|\n{chr(10).join(_kinds(name, able[name]) for name in names)}"]
    proofs = [
        f"| adapter | {' | '.join(_BY.values())} |",
        f"|---|{'---|' * len(_BY)}",
        *(_proofs(name, adapters[name].proved) for name in names),
    ]
    return "\n".join(
        [
            "# What each adapter can do",
            "",
            "Made from the adapters' declarations by `make docs`.",
            "The gateway plans by these and asks an adapter for nothing else.",
            "",
            *rows,
            "",
            "## Kinds",
            "",
            *kinds,
            "",
            "## How each was proved",
            "",
            "Each cell leads to the test that shows it; what needs a server of others runs in `make interop`.",
            "A simulator of our own shares our misunderstandings: alone it does not show that a vendor is understood.",
            "",
            *proofs,
            "",
        ]
    )


def _kinds(name: str, able: Capabilities) -> str:
    reads, writes = (", ".join(f"`{kind}`" for kind in sorted(some)) or "–" for some in (able.reads, able.writes))
    return f"| `{name}` | {reads} | {writes} |"


def _proofs(name: str, proved: tuple[Proof, ...]) -> str:
    cells = (", ".join(_proof(proof) for proof in proved if proof.by == by) or "–" for by in _BY)
    return f"| `{name}` | {' | '.join(cells)} |"


def _proof(proof: Proof) -> str:
    return f"[{proof.what or 'yes'}](../../{proof.test.partition('::')[0]})"
