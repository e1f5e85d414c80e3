"""Which conflicts are asked about now, and which wait: where nothing goes between the sides, no answer reaches anybody.

Both values are kept either way. One that waits is asked about as soon as something may go: when a flow is opened, a
consent is given, or a basis has been read.
"""

from collections.abc import Iterator, Mapping

from gateway.core.casefile import CaseFile, Clash, Entry
from gateway.core.consent import Facts, Party
from gateway.core.look import Look, ask, look_of, may_flow
from gateway.core.retelling import tellers
from gateway.core.rules import Rules
from gateway.core.sendings import Receiver, can_get
from gateway.core.taking_back import rule


def askable(
    *, file: CaseFile, facts: Facts, receivers: Mapping[str, Receiver], parties: Mapping[str, Party], rules: Rules
) -> Iterator[Clash]:
    """The conflicts of two edits of which an answer would reach somebody now.

    Our value may go to the system that says otherwise, or its value to another that holds the item.
    """
    looks: dict[str, Look] = {}
    for clash in file.clashes:
        entry = file.items.get(clash.item)
        if clash.why != "both_changed" or entry is None:
            continue
        ours = entry.sources.get(clash.name, entry.origin.system or "")
        ways = [(ours, clash.system)]
        ways += [
            (clash.system, name) for name, held in file.peers.items() if name != clash.system and clash.item in held
        ]
        for source, target in ways:
            if target not in receivers:
                continue
            if target not in looks:
                looks[target] = look_of(file, facts, receivers[target], parties, rules)
            if _goes(looks[target], clash, entry, source):
                yield clash
                break


def _goes(look: Look, clash: Clash, entry: Entry, source: str) -> bool:
    """Whether a field that a system wrote may go to the look's receiver, by itself or by another that told the same."""
    if not can_get(look.receiver, entry):
        return False
    home = entry.origin.system or ""
    value = clash.theirs if source == clash.system else entry.fields.get(clash.name)
    told = tellers(look, clash.item, clash.name) if source != clash.system else []
    for system in (source, *told):
        if system == look.receiver.system or not may_flow(look, system, home):
            continue
        asked = ask(look, clash.item, entry, system, home)
        ruled = rule(look, clash.item, entry, [(asked, {clash.name: value})])
        if ruled is not None and ruled.fields.get(clash.name) == "permit":
            return True
    return False
