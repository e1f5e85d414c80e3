"""The kit's checks, in the order in which they are run and reported. Their ids are stable."""

from collections.abc import Callable

from msgspec import Struct

from gateway.core.model import Fault
from gateway.sdk.errors import AdapterError
from gateway.sdk.testing.checks import asking, reading, silence, turns, writing
from gateway.sdk.testing.drive import Failed, NotApplicable, Stage, stage
from gateway.sdk.testing.world import Bench


class Check(Struct, frozen=True, kw_only=True):
    """A promise about adapters and how it is tried. ``run`` returns evidence, or raises what ``drive`` defines."""

    id: str
    run: Callable[[Stage], str]

    @property
    def what(self) -> str:
        """The promise, in a sentence."""
        return (self.run.__doc__ or "").replace("``", "").strip()


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a check: ``passed`` is ``None`` where the adapter's capabilities or the world rule it out."""

    id: str
    passed: bool | None
    what: str
    evidence: str


CHECKS: tuple[Check, ...] = (
    Check(id="start.empty", run=reading.start_empty),
    Check(id="cursor.resumes", run=reading.cursor_resumes),
    Check(id="cursor.late-rows", run=reading.cursor_late_rows),
    Check(id="paging.under-change", run=reading.paging_under_change),
    Check(id="fetch.deterministic", run=reading.fetch_deterministic),
    Check(id="fetch.deletes", run=reading.deletes_told),
    Check(id="fetch.reconnect", run=reading.reconnect),
    Check(id="read.recordings", run=reading.reading_recordings),
    Check(id="read.pure", run=reading.reading_pure),
    Check(id="read.hostile", run=reading.reading_hostile),
    Check(id="values.plain", run=reading.values_plain),
    Check(id="inventory.complete", run=reading.inventory_complete),
    Check(id="acknowledge.known", run=reading.acknowledge_known),
    Check(id="webhook.heard", run=reading.webhook_heard),
    Check(id="lookup.known", run=asking.lookup_known),
    Check(id="lookup.changes", run=asking.lookup_changes),
    Check(id="deliver.effect", run=writing.deliver_effect),
    Check(id="deliver.idempotent", run=writing.deliver_idempotent),
    Check(id="deliver.changed-only", run=writing.deliver_changed_only),
    Check(id="deliver.withheld-untouched", run=writing.deliver_withheld_untouched),
    Check(id="deliver.conditional", run=writing.deliver_conditional),
    Check(id="deliver.roundtrip", run=writing.deliver_roundtrip),
    Check(id="deliver.batch", run=writing.batch_order),
    Check(id="deliver.batch-apart", run=writing.batch_apart),
    Check(id="deliver.read-back", run=writing.read_back_by_key),
    Check(id="deliver.followed", run=writing.deliver_followed),
    Check(id="baton.lands", run=turns.baton_lands),
    Check(id="retract.takes-back", run=writing.retract_takes_back),
    Check(id="errors.unreachable", run=silence.errors_unreachable),
    Check(id="errors.refused", run=silence.errors_refused),
    Check(id="errors.uncertain", run=silence.errors_uncertain),
    Check(id="errors.no-values", run=silence.errors_no_values),
    Check(id="canaries.silent", run=silence.canaries_silent),
    Check(id="capabilities.honoured", run=writing.capabilities_honoured),
)


def run_check(check: Check, bench: Bench) -> Outcome:
    """One check in a world of its own. Never raises for what the adapter does; its errors are told by type and code."""

    def told(evidence: str, *, passed: bool | None) -> Outcome:
        return Outcome(id=check.id, passed=passed, what=check.what, evidence=evidence)

    try:
        with stage(bench) as here:
            return told(check.run(here), passed=True)
    except NotApplicable as reason:
        return told(str(reason), passed=None)
    except Failed as reason:
        return told(str(reason), passed=False)
    except AdapterError as error:
        return told(f"the adapter raised {type(error).__name__} where nothing stood against the call", passed=False)
    except Fault:
        return told("the adapter could not read a record that its own fetch gave", passed=False)
    except Exception as error:  # noqa: BLE001 - a foreign exception's text could hold a value; its type cannot
        return told(f"{type(error).__name__} came out of the adapter or its world", passed=False)
