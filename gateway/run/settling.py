"""Tasks: what waits for a person, and what their answer does.

============  ==============================================  ============================
kind          what it is about                                answers
============  ==============================================  ============================
conflict      both sides changed a field                      ours, theirs
wording       ... a text, on the unit's weekly list           ours, theirs
adoption      differences at first contact                    ours, theirs
claim         a vendor changed a coordinator or a consent     ours, theirs
deletion      a record was deleted that others have changed   ours, theirs
uncertain     nobody knows whether a delivery arrived         arrived, lost
refused       a system or its receiver refused a delivery     seen, again
retraction    a system did not take a record back             seen, again, removed, kept
enter         something is to be entered by hand              entered
remove        something is to be removed by hand              entered
doubt         a code that the mapping could not place         seen
gate          the gate needs a fact or an authorised person   seen
guard         a source looked emptied or changed in mass      seen, proceed
system        settings or credentials of a system are wrong   seen
close_log     a plan stands: is the log to be closed           closed, kept
lock          the family has moved: lock the log there        locked
copy          the family has moved: give them a copy          given
look          nothing can be read back there: look            seen, wrong
overdue       deadlines of a case have passed                 seen, later
follow_up     ... of what stands on the unit's weekly list    seen, later
renewal       a consent is about to end                       asked, seen, later
report        a report to child welfare has no answer         seen, later
report_held   a report does not go by itself: who may, sends  seen
report_lost   child welfare lacks a report it acknowledged    seen
receipt       what was sent has not arrived, or been handled  seen, arrived
quiet         a system is not reached, or gets nothing        seen
held          records of a system cannot be read              seen
differs       a system holds other records than we believe    seen
offer         the baton is offered to a person                accept, decline
handover_...  ... and its yes waits for the consent           withdraw
handover      ... and it has not been answered in time        seen, withdraw
notice        people cannot be told that something waits      seen
webhook       another program cannot be told what happened    seen, again
access        a request for access waits for a decision       none: ``bti access`` answers it
inform        somebody is to be told of what was given        told
transition    the child's school or its contact teacher is new  seen
unusual       somebody looked into cases in an unusual way    in_order, followed_up
============  ==============================================  ============================
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec

from gateway.core import deadlines
from gateway.core.ages import day
from gateway.core.casefile import CaseFile, Peer, decode
from gateway.core.known import Facts
from gateway.core.merge import choose
from gateway.run import batons, confirming, reconciling, webhooks
from gateway.run.acts import ActFault, Story, change_case
from gateway.run.by_hand import emptied, still_allowed
from gateway.run.crossings import close
from gateway.run.explaining import facts_of_each
from gateway.run.ordering import answered, settle_order
from gateway.run.owners import owners
from gateway.run.rights import sees
from gateway.run.sides import sides_of
from gateway.run.turned_down import offered_again
from gateway.run.watching import WATCHED, deadline_of
from gateway.run.world import World
from gateway.store import Stale, Task, Tx

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "conflict": ("ours", "theirs"),
    "wording": ("ours", "theirs"),
    "adoption": ("ours", "theirs"),
    "claim": ("ours", "theirs"),
    "deletion": ("ours", "theirs"),
    "uncertain": ("arrived", "lost"),
    "refused": ("seen", "again"),
    "retraction": ("seen", "again", "removed", "kept"),
    "enter": ("entered",),
    "remove": ("entered",),
    "doubt": ("seen",),
    "gate": ("seen",),
    "guard": ("seen", "proceed"),
    "system": ("seen",),
    "close_log": ("closed", "kept"),
    "lock": ("locked",),
    "copy": ("given",),
    "look": ("seen", "wrong"),
    "overdue": ("seen", "later"),
    "follow_up": ("seen", "later"),
    "renewal": ("asked", "seen", "later"),
    "report": ("seen", "later"),
    "receipt": ("seen", "arrived"),
    "quiet": ("seen",),
    "held": ("seen",),
    "differs": ("seen",),
    "offer": ("accept", "decline"),
    "handover_consent": ("withdraw",),
    "handover": ("seen", "withdraw"),
    "notice": ("seen",),
    "webhook": ("seen", "again"),
    "access": (),
    "inform": ("told",),
    "transition": ("seen",),
    "unusual": ("in_order", "followed_up"),
}

REASONED = frozenset({"unusual"})
"""Kinds of task whose answer needs a reason, which is kept in the task."""

SIDES = frozenset({"conflict", "wording", "adoption", "claim", "deletion"})
"""Kinds of task in which a person chooses between what two sides say."""

LISTED: Mapping[str, str] = MappingProxyType(
    {"follow_up": "", "wording": "", "renewal": "/renewal", "transition": "/transition"}
)
"""Kinds of task that a unit gets as one list of a day, with what its name ends in: lines that are asked the same."""

LATER = timedelta(days=14)
"""How long a deadline that is put off rests, until its owner is asked again.

Who has asked a family is asked whether anything came of it at least this long before the consent's last day.
"""


def open_tasks(world: World, *, unit: str | None = None, kind: str | None = None) -> list[dict[str, Any]]:
    """Open tasks, the oldest deadline first: what they are about and whose they are, without any value."""
    with world.store.read() as tx:
        return [owned(world, plain(task)) for task in tx.tasks(unit=unit, kind=kind)]


def owned(world: World, told: dict[str, Any]) -> dict[str, Any]:
    """A task and whose it is: theirs to whom it was handed, if they may see it still, or else its unit's and role's."""
    settings, unit, role = world.settings, told["unit"], told["role"]
    person = settings.people.get(told["person"] or "")
    mine = person is not None and sees(settings, person, unit=unit, role=role)
    return {**told, "owner": [told["person"]] if mine else owners(settings, unit=unit, role=role)}


def plain(task: Task, *, whole: bool = False) -> dict[str, Any]:
    """A task as plain values. ``whole`` adds what the person is shown: for a task by hand, the released fields."""
    told: dict[str, Any] = {
        "id": task.id,
        "kind": task.kind,
        "at": task.at.isoformat(),
        "deadline": (task.deadline or deadline_of(task.kind, task.at)).isoformat(),
        "case": task.case,
        "item": task.item,
        "system": task.system,
        "unit": task.unit,
        "role": task.role,
        "person": task.person,
        "rests": task.rests.isoformat() if task.rests is not None else None,
        "answers": list(ANSWERS.get(task.kind, ("seen",))),
        "outcome": task.outcome,
        "resolved_by": task.resolved_by,
        "list": list_of(task),
    }
    if whole:
        told["about"] = msgspec.json.decode(task.body) if task.body else {}
    return told


def list_of(task: Task) -> str | None:
    """The list that a task stands on: the day that it was made, its unit, and what is asked. A leader's is on none."""
    if task.kind not in LISTED or task.role is not None:
        return None
    return f"{day(task.at)}/{task.unit or ''}{LISTED[task.kind]}"


def show(world: World, name: str) -> dict[str, Any]:
    """One task with all that the person needs to decide: for a conflict, both values as far as its unit may see them.

    Raises ``ActFault`` (``act.unknown_task``).
    """
    return show_each(world, [name])[0]


def show_each(world: World, names: Sequence[str]) -> list[dict[str, Any]]:
    """Tasks as ``show`` tells them, in the order in which they are named: what they rest on is asked for at once.

    Raises ``ActFault`` (``act.unknown_task``).
    """
    with world.store.read() as tx:
        tasks = tx.tasks_named(names)
        if not tasks.keys() >= set(names):
            raise ActFault("act.unknown_task", "task")
        sided = dict.fromkeys(one.case for one in tasks.values() if one.case is not None and one.kind in SIDES)
        files = {case: decode(body) for case, (_, body) in tx.load_cases(sided).items()}
    facts = facts_of_each(world, files.values(), world.clock()) if files else {}
    return [_shown(world, tasks[name], files.get(tasks[name].case or ""), facts) for name in names]


def _shown(world: World, task: Task, file: CaseFile | None, facts: Mapping[str, Facts]) -> dict[str, Any]:
    told = owned(world, plain(task, whole=True))
    if task.kind == "enter" and task.open:
        told["about"]["enter"] = still_allowed(world, task)
    if file is not None and task.kind in SIDES:
        mine = [one for one in file.clashes if _concerns(task, one.system, one.item, one.name)]
        told["values"] = sides_of(world, file, mine, task.unit, facts=facts[file.id])
    return told


def in_words(world: World, told: Mapping[str, Any], *, language: str) -> str | None:
    """What a task by hand asks for, in the words of its adapter (``task_text``), or ``None`` where it has none.

    ``told`` is what ``show`` gave. The text is the adapter's own, and holds no more than the task does.
    """
    adapter = world.adapters.get(told["system"] or "")
    say = getattr(adapter, "task_text", None)
    if told["kind"] not in {"enter", "remove"} or not callable(say) or not told["about"]:
        return None
    removing = told["kind"] == "remove"
    items = [_taken_back(world, told)] if removing else told["about"]["enter"]
    try:
        return str(say(items, system=told["system"], language=language, removing=removing))
    except Exception:  # noqa: BLE001 - the boundary to plugins; the text may hold a value
        return None


def _taken_back(world: World, told: Mapping[str, Any]) -> dict[str, Any]:
    """The item that is to be removed: all of it, when the system is to hold nothing of it any more."""
    peer = _file(world, told["case"]).peers.get(told["system"], {}).get(told["item"], Peer())
    fields = [] if peer.gone else told["about"]["fields"]
    return {"kind": told["about"]["kind"], "native_id": peer.native, "values": {}, "changed": fields}


def resolve(world: World, name: str, answer: str, *, by: str, reason: str = "") -> None:
    """A person answers a task, with a reason where its kind needs one (``REASONED``).

    Raises ``ActFault`` (``act.unknown_task``, ``act.answer``, ``act.resolved``, ``act.no_reason``, ``act.own_look``).
    """
    task = _task(world, name)
    if not task.open:
        raise ActFault("act.resolved", "task")
    if answer not in ANSWERS.get(task.kind, ("seen",)):
        raise ActFault("act.answer", "answer")
    if task.kind in REASONED:
        _accounted(world, task, answer, by=by, reason=reason)
        return
    if task.kind in batons.TASKS and answer != "seen" and task.case is not None:
        role = msgspec.json.decode(task.body)["role"]
        act = {"accept": batons.accept, "decline": batons.decline, "withdraw": batons.withdraw}[answer]
        act(world, task.case, by=by, role=role)
        return  # with it go the tasks about the offer
    if task.case is not None:
        change_case(
            world, task.case, by, f"task.{task.kind}.{answer}", lambda file: _change(world, file, task, answer, by)
        )
    _settle_key(world, task, answer)
    if task.kind == "differs" and task.system is not None:
        with world.store.write() as tx:
            reconciling.seen(tx, task.system, msgspec.json.decode(task.body)["marks"])
    if task.kind == "guard" and answer == "proceed" and task.system is not None:
        with world.store.write() as tx:
            tx.remember(f"proceed/{task.system}", "yes")
    try:
        with world.store.write() as tx:
            tx.resolve_task(name, by=by, outcome=answer, at=world.clock())
            _after(tx, task, answer, at=world.clock())
    except Stale:
        raise ActFault("act.resolved", "task") from None


def _accounted(world: World, task: Task, answer: str, *, by: str, reason: str) -> None:
    """An unusual look is answered for by somebody else, with a reason that is kept sealed in the task."""
    told = msgspec.json.decode(task.body) if task.body else {}
    if told.get("by") == by:
        raise ActFault("act.own_look", "task")
    if not reason.strip():
        raise ActFault("act.no_reason", "reason")
    now = world.clock()
    try:
        with world.store.write() as tx:
            tx.resolve_task(task.id, by=by, outcome=answer, at=now)
            tx.rewrite_tasks([(task.id, task.case, msgspec.json.encode({**told, "reason": reason}))])
            entry = {"act": "look.reviewed", "by": by, "of": told.get("by", ""), "why": told.get("why", "")}
            tx.audit([entry | {"task": task.id, "outcome": answer, "at": now.isoformat()}])
    except Stale:
        raise ActFault("act.resolved", "task") from None


def _after(tx: Tx, task: Task, answer: str, *, at: datetime) -> None:
    """What an answer means for an order to take back; of what was entered by hand nothing stays in its task."""
    if (task.kind, answer) == ("webhook", "again"):
        webhooks.again(tx, task)
    elif task.kind == "enter":
        tx.rewrite_tasks([(task.id, task.case, emptied(task))])
    elif task.kind == "remove" or (task.kind, answer) == ("retraction", "removed"):
        answered(tx, task, state="acknowledged", code="by_hand", at=at)
    elif (task.kind, answer) == ("retraction", "kept"):
        answered(tx, task, state="refused", code="kept", at=at)


def _settle_key(world: World, task: Task, answer: str) -> None:
    """A sending whose outcome a person has found out is done with: it arrived, or it may be sent again."""
    state = {"arrived": "delivered", "lost": "failed", "entered": "processed", "removed": "processed"}.get(answer)
    if task.kind in {"uncertain", "enter", "remove", "retraction"} and state is not None:
        key = msgspec.json.decode(task.body)["key"]
        world.store.vault.end_sending([(key, state)])
    elif task.kind == "receipt":
        keys = [one["key"] for one in msgspec.json.decode(task.body)["sendings"]]
        state = "processed" if answer == "arrived" else "unconfirmed"
        world.store.vault.end_sending([(key, state) for key in keys])


def _change(world: World, file: CaseFile, task: Task, answer: str, by: str) -> Story:
    if (task.kind, answer) == ("close_log", "closed"):
        return close(world, file, unit=_unit_of(world, task, by))
    story: Story = []
    if task.kind in WATCHED:
        for one in msgspec.json.decode(task.body)["deadlines"]:
            due = date.fromisoformat(one["due"])
            until = _until(answer, day(world.clock()), due=due, escalates=date.fromisoformat(one["escalates"]))
            file.answered |= deadlines.answer([(f"{one['code']}/{one['item']}", due)], until=until)
        return story
    if task.kind in SIDES:
        found = [one for one in file.clashes if _concerns(task, one.system, one.item, one.name)]
        mine = [one for one in found if confirming.is_of_baton(file, one)]
        for each in confirming.of_one(mine):
            story += confirming.settle(world, file, each, ours=answer == "ours", by=by)
        for clash in [one for one in found if one not in mine]:
            changed = choose(file=file, clash=clash, ours=answer == "ours")
            story.extend((clash.item, field, old, new, None) for field, (old, new) in changed.items())
    elif task.kind in {"refused", "retraction"} and answer == "again" and task.system and task.item:
        if task.kind == "refused":
            offered_again(file, task)
        else:
            peer = file.peers.setdefault(task.system, {}).setdefault(task.item, Peer())
            peer.released = list(dict.fromkeys([*peer.released, *msgspec.json.decode(task.body)["fields"]]))
    elif task.kind == "retraction" and answer in {"removed", "kept"}:
        settle_order(file, task, removed=answer == "removed")
    return story


def _until(answer: str, today: date, *, due: date, escalates: date) -> date | None:
    """Until when an answer lets a deadline rest: never past the day on which it would have been a leader's.

    What was put off rests a fortnight. Who has asked the family is asked again on the last list of a month that leaves
    a fortnight before the day, beside those that are asked for the first time; or a fortnight before it, where that
    list comes within a fortnight.
    """
    if answer == "asked" and today < due - LATER:
        listed = deadlines.last_monthly(due - LATER)
        return min(listed if listed >= today + LATER else due - LATER, escalates)
    if answer not in {"asked", "later"}:
        return None
    return min(today + LATER, escalates) if today < escalates else today + LATER


def _unit_of(world: World, task: Task, by: str) -> str:
    """The unit of the person who answers; of a person without one, the unit that the task is for."""
    person = world.settings.actor(by)
    unit = (person.unit if person is not None else None) or task.unit
    if unit is None:
        raise ActFault("act.answer", "answer")
    return unit


def _concerns(task: Task, system: str, item: str, name: str) -> bool:
    fields = msgspec.json.decode(task.body).get("fields", []) if task.body else []
    return task.system == system and any(one["item"] == item and one["field"] == name for one in fields)


def _task(world: World, name: str) -> Task:
    with world.store.read() as tx:
        task = tx.task(name)
    if task is None:
        raise ActFault("act.unknown_task", "task")
    return task


def _file(world: World, case: str) -> CaseFile:
    with world.store.read() as tx:
        return decode(tx.load_cases([case])[case][1])
