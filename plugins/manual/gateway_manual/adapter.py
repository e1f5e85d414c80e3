"""The adapter: it sends nothing, and says so. The gateway makes the task; a person's "entered" is the receipt."""

from gateway.sdk import KINDS, Adapter, Capabilities, Page, Proof, Receipt, Refused, Release
from gateway_manual.text import Item, task_text


class Manual(Adapter):
    """Takes every kind. ``accepted`` means that a task stands in the inbox, never that anything was entered.

    The same key twice is one task, since the gateway names the task by the key.
    """

    name = "manual"
    capabilities = Capabilities(
        writes=frozenset(KINDS) - {"wonder_note"},
        manual=True,
        retracts=True,
        idempotency_key=True,
        receipts=frozenset({"accepted", "processed"}),
        batch=100,
        baton="field",
    )
    proved = (Proof(by="simulator", what="the gateway itself", test="plugins/manual/tests/test_manual.py"),)

    def fetch(self, cursor: str | None) -> Page:
        """Nothing ever comes from here."""
        return Page(cursor=cursor)

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """``accepted`` with the code ``manual.task``: a person is asked to enter the released fields.

        Raises ``Refused`` ``adapter.cannot_write`` for a kind that never travels.
        """
        if release.kind not in self.capabilities.writes:
            raise Refused("adapter.cannot_write", path="$.kind")
        parts = tuple(self.deliver(part, f"{idempotency_key}/{at}") for at, part in enumerate(release.parts))
        return Receipt(key=idempotency_key, state="accepted", code="manual.task", parts=parts)

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        """``accepted`` with the code ``manual.task``: a person is asked to remove the named fields."""
        return Receipt(key=idempotency_key, state="accepted", code="manual.task")

    @staticmethod
    def task_text(items: list[Item], *, system: str, language: str, removing: bool = False) -> str:
        """The task in words; see ``gateway_manual.text.task_text``."""
        return task_text(items, system=system, language=language, removing=removing)
