"""A unit's list as a whole: its lines, and one answer for those of which the same is asked and said.

Each line stays a task of its own. Only what a person can say truly of all of them at once is taken so: that families
were asked, or that new places were seen. What is to be decided, done or put off is answered line by line.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from gateway.run import settling
from gateway.run.acts import ActFault
from gateway.run.world import World
from gateway.store import Task

TOGETHER: Mapping[str, tuple[str, ...]] = MappingProxyType({"renewal": ("asked",), "transition": ("seen",)})
"""By kind of task the answers that can be given for a whole list."""


def lines(world: World, name: str, *, by: str) -> list[Task]:
    """The open tasks of a task's list that ``by`` may answer together with it; the task itself first.

    Without those that were handed to somebody else or rest until a day. Empty for a task that is on no such list.
    Raises ``ActFault`` (``act.unknown_task``).
    """
    with world.store.read() as tx:
        task = tx.task(name)
        if task is None:
            raise ActFault("act.unknown_task", "task")
        where = settling.list_of(task)
        if task.kind not in TOGETHER or not task.open or where is None:
            return []
        found = tx.tasks(unit=task.unit, kind=task.kind)
    others = [
        one
        for one in found
        if one.id != name
        and settling.list_of(one) == where
        and one.person in {None, by}
        and (one.rests is None or one.rests <= world.clock())
    ]
    return [task, *others]


def names(world: World, name: str, *, by: str) -> list[str]:
    """The ids of the lines that ``by`` may answer together with a task; its own alone for one that is on no list.

    Raises ``ActFault`` (``act.unknown_task``).
    """
    return [one.id for one in lines(world, name, by=by)] or [name]


def resolve(world: World, names: Iterable[str], answer: str, *, by: str) -> tuple[list[str], list[str]]:
    """One answer for several lines of a list: the ids of those that were answered, and of those that were over already.

    Each is answered in a transaction of its own: where the process dies between two, the rest stays open.
    Raises ``ActFault`` (``act.answer`` for an answer that is not given for a whole list, ``act.unknown_task``).
    """
    chosen = list(dict.fromkeys(names))
    with world.store.read() as tx:
        tasks = [tx.task(name) for name in chosen]
    if any(task is None for task in tasks):
        raise ActFault("act.unknown_task", "task")
    if len({settling.list_of(task) for task in tasks if task is not None}) > 1 or any(
        task is not None and answer not in TOGETHER.get(task.kind, ()) for task in tasks
    ):
        raise ActFault("act.answer", "answer")
    done: list[str] = []
    over: list[str] = []
    for name in chosen:
        try:
            settling.resolve(world, name, answer, by=by)
        except ActFault as fault:
            if fault.code != "act.resolved":
                raise
            over.append(name)
        else:
            done.append(name)
    return done, over
