"""Telling other programs that something happened: the shape of Standard Webhooks 1.0, without content.

====================  ==================================================================================
an event              is written in the transaction in which it happens (``store.events``)
is spread             to the receivers whose unit has to do with it; of what nobody hears nothing is kept
is sent               with an id that stays, a time, and a signature for each secret that is good
is tried again        with growing, jittered pauses, for some three days
is given up           as a task for a person, who can have it sent again
====================  ==================================================================================

Who may hear of it is asked when it is spread and again when it leaves. Nothing is told about a case in which anybody's
address is protected, nor of what is the privacy officer's.
"""

import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec

from gateway.core.codes import plain_code
from gateway.run import noticing, viewing
from gateway.run.owners import upwards
from gateway.run.secrets import secret_at
from gateway.run.settings import Person
from gateway.run.settings_webhooks import Webhook
from gateway.run.tally import Tally
from gateway.run.world import World
from gateway.sdk.errors import AdapterError, Misconfigured, Unreachable
from gateway.sdk.http import HttpClient
from gateway.store import Busy, Event, Task, Telling, Tx

BACK_OFF = (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000)
"""Seconds until a delivery is tried again; after the last of them it is given up."""

AT_ONCE = 200
"""Events spread in one transaction, and deliveries to one receiver in one pass."""

KEPT = timedelta(days=30)
"""How long what was given up can be sent again."""

GONE = frozenset({"http.410"})
"""Answers by which a receiver says that it is no more: nothing is tried again."""

Client = Callable[[Webhook], HttpClient]


def client_of(hook: Webhook) -> HttpClient:
    """A client that reaches the receiver and nothing else."""
    return HttpClient(url=hook.url, allow=hook.allow, timeout=10.0, attempts=1, limit=64 * 1024, connections=1)


def tell_others(world: World, tally: Tally, *, client: Client = client_of) -> None:
    """Spread what has happened, and send what may go now. One process at a time does it."""
    with world.store.read() as tx:
        if not tx.new_events(limit=1) and not tx.untold():
            return
    try:
        with world.store.lane("@webhooks", 0.0):
            spread(world)
            for name, hook in world.settings.webhooks.items():
                _send(world, tally, name, hook, client)
    except Busy:
        return


def spread(world: World) -> None:
    """Decide who hears of what has happened, the oldest first."""
    hooks = world.settings.webhooks
    while True:
        with world.store.write() as tx:
            events = tx.new_events(limit=AT_ONCE)
            if not events:
                tx.forget_tellings(hooks=list(hooks), before=world.clock() - KEPT)
                return
            wanted = [
                (name, event.id)
                for name, hook in hooks.items()
                for event in may_hear(world, tx, hook, [one for one in events if one.kind in hook.events])
            ]
            tx.spread_events(events, wanted)
        world.step("spread")


def may_hear(world: World, tx: Tx, hook: Webhook, events: Iterable[Event]) -> list[Event]:
    """Of some events those that a receiver may hear of now."""
    asked = [one for one in events if one.role != "privacy" and (one.case is None or hook.unit is not None)]
    cases = {one.case for one in asked if one.case is not None}
    files = viewing.load_all(tx, sorted(cases))
    shut = noticing.protected(world, tx, cases)
    reader = Person(role="coordinator", unit=hook.unit, name="")
    near = {case for case, file in files.items() if case not in shut and viewing.concerns(world, file, reader)}
    return [one for one in asked if (one.case is None or one.case in near) and _of_unit(world, hook, one)]


def _of_unit(world: World, hook: Webhook, event: Event) -> bool:
    """Whether what happened is the receiver's unit's, or nobody's."""
    if event.unit is None or hook.unit is None:
        return event.unit is None or event.case is None
    return hook.unit in set(upwards(world.settings, event.unit))


def body_of(event: Event) -> bytes:
    """What is sent: the kind, when it happened, and opaque ids."""
    data: dict[str, str | None] = {}
    if event.kind.startswith("flow."):
        data["from"], _, data["to"] = (event.about or "").partition(" ")
    elif event.kind.startswith("baton."):
        data["case"] = event.case
    elif event.about is not None:
        data["task"] = event.about
        if event.kind.startswith("task."):
            data["unit"] = event.unit
        else:
            data["system"] = event.system
    return msgspec.json.encode({"type": event.kind, "timestamp": event.at.isoformat(), "data": data})


def signed(event: Event, body: bytes, *, at: datetime, keys: Iterable[bytes]) -> dict[str, str]:
    """The headers of a delivery (Standard Webhooks 1.0, "signature scheme"): HMAC-SHA-256, one for each key."""
    name, when = f"evt_{event.id}", str(int(at.timestamp()))
    told = f"{name}.{when}.".encode() + body
    marks = " ".join(f"v1,{b64encode(hmac.digest(key, told, 'sha256')).decode()}" for key in keys)
    return {"webhook-id": name, "webhook-timestamp": when, "webhook-signature": marks}


def keys_of(hook: Webhook) -> list[bytes]:
    """The keys that deliveries are signed with, the new one first. Raises ``Misconfigured`` (``webhook.secret``)."""
    return [key_in(secret_at(place, os.environ)) for place in (hook.secret, hook.previous) if place is not None]


def key_in(text: str) -> bytes:
    """The key that a secret's text holds. Raises ``Misconfigured`` (``webhook.secret``)."""
    told = text.removeprefix("whsec_")
    try:
        key = b64decode(told, validate=True)
    except ValueError:
        key = b""
    if told == text or not 24 <= len(key) <= 64:
        raise Misconfigured("webhook.secret")
    return key


def _send(world: World, tally: Tally, name: str, hook: Webhook, client: Client) -> None:
    """Send what is due to one receiver. One that cannot be reached is left alone for a while."""
    with world.store.read() as tx:
        due = tx.tellings(name, now=world.clock(), limit=AT_ONCE)
        heard = {one.id for one in may_hear(world, tx, hook, [each.event for each in due])}
    if not due:
        return
    http = client(hook)
    try:
        for one in due:
            fault = _one(world, http, hook, one) if one.event.id in heard else None
            _written(world, tally, name, one, fault)
            if isinstance(fault, (Unreachable, Misconfigured)):
                return
    finally:
        http.close()


def _one(world: World, http: HttpClient, hook: Webhook, telling: Telling) -> AdapterError | None:
    body = body_of(telling.event)
    try:
        headers = signed(telling.event, body, at=world.clock(), keys=keys_of(hook))
        http.request("POST", "", content=body, headers={**headers, "content-type": "application/json"})
    except AdapterError as error:
        return error
    return None


def _written(world: World, tally: Tally, name: str, one: Telling, fault: AdapterError | None) -> None:
    now = world.clock()
    with world.store.write() as tx:
        if fault is None:
            tx.hook_told(name, one.event.id)
            tx.resolve_same([f"webhook/{name}"], by="", outcome="settled", at=now)
            return
        code = plain_code(fault.code)
        dead = one.attempts >= len(BACK_OFF) or code in GONE
        wait = world.jitter(BACK_OFF[min(one.attempts, len(BACK_OFF) - 1)])
        until = now + timedelta(seconds=max(wait, getattr(fault, "retry_after", None) or 0.0))
        tx.hook_not_told(name, one.event.id, until=until, code=code, dead=dead)
        if isinstance(fault, (Unreachable, Misconfigured)):
            tx.leave_alone(name, until=until)
        if dead or isinstance(fault, Misconfigured):
            tally.tasks += len(tx.add_tasks([_task(now, name, code)]))
    world.step("told")


def _task(now: datetime, name: str, code: str) -> Task:
    body = msgspec.json.encode({"webhook": name, "code": code})
    return Task(kind="webhook", dedupe=f"webhook/{name}", at=now, once=True, body=body)


def again(tx: Tx, task: Task) -> None:
    """A person has it sent again, what was given up too."""
    tx.tell_again(msgspec.json.decode(task.body)["webhook"])


def told(tx: Tx) -> list[dict[str, object]]:
    """What ``bti status`` says of receivers: what waits, what was given up, since when and why."""
    return [
        {"webhook": one.hook, "waiting": one.waiting, "dead": one.dead, "oldest": one.oldest.isoformat(),
         "code": one.code}
        for one in tx.untold()
    ]  # fmt: skip
