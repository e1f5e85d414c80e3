"""The service behind HelseID: every call of the adapter is let in with a token that is bound to its key (DPoP)."""

import msgspec
from gateway_nhn_msh.adapter import NhnMsh
from gateway_nhn_msh.kit import OPTIONS, Plainly
from gateway_nhn_msh.standin import StandIn

from gateway.core.release import Release
from gateway.sdk import Sent
from gateway.sdk.loopback import LoopbackServer
from gateway.sdk.testing import Watch, watched_context
from gateway.sdk.testing.behind import behind

CHILD = "06821099739"


def letter():
    def part(kind, ident, **fields):
        return Release(system="s", kind=kind, id=ident, case="c", fields=fields, changed=tuple(fields))

    parts = (part("person", "p", number=CHILD), part("concern", "k", summary="Trekker seg unna"))
    return msgspec.structs.replace(part("case", "c", subject="p"), parts=parts)


def test_letters_are_sent_fetched_answered_and_followed_with_a_token_bound_to_a_key():
    standin, watch, seen = StandIn(), Watch(), []

    def answer(asked):
        seen.append(asked)
        return standin._answer(asked)

    with behind() as guard, LoopbackServer(guard.guarded(answer)) as server:
        adapter = NhnMsh(
            watched_context(server.url, watch, maps=Plainly(), options=OPTIONS, authoriser=guard.authoriser(watch))
        )
        receipt = adapter.deliver(letter(), "key")
        standin.post.answer(receipt.trace)
        standin.post.write(text="Sover dårlig", conversation=receipt.native_id)
        page = adapter.fetch(None)
        adapter.acknowledge([raw.id for raw in page.records], "kept")
        told = adapter.follow([Sent(key="key", trace=receipt.trace)])
        for close in watch.closing:
            close()
    assert [one.state for one in told] == ["processed"]
    assert all(one.read for one in standin.post.inbox.values())
    assert guard.authority.granted == 1
    assert {one.headers["authorization"].partition(" ")[0] for one in seen} == {"DPoP"}
    assert len(seen) >= 8
    standin.close()
