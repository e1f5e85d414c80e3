"""A small register in one process, a sound adapter for it, and two that each break a promise about asking."""

import json
from contextlib import contextmanager

import msgspec

from gateway.core.model import Fault
from gateway.sdk import Adapter, Capabilities, Page, Raw, Reading, Unreachable
from gateway.sdk.testing import Sample, Thing, watched_context

CHILD = "14831463008"


class RegisterWorld:
    can = frozenset({"make", "edit", "down", "requests"})

    def __init__(self):
        self.people = {}
        self.events = []
        self.asked = []
        self.away = 0

    def state(self):
        return {f"person:{ident}": Thing(kind="person", id=ident, body=body) for ident, body in self.people.items()}

    def make(self, kind, body, *, late=False):
        ident = body["nummer"]
        self.people[ident] = dict(body)
        self.events.append(ident)
        return ident

    def edit(self, kind, ident, patch):
        self.people[ident].update(patch)
        self.events.append(ident)

    def fault(self, name, times=1):
        self.away = times

    def heal(self):
        self.away = 0

    def ready(self, sample):
        return None

    def requests(self):
        return self.asked

    def call(self, line):
        self.asked.append(line)
        if self.away:
            self.away -= 1
            raise ConnectionError("away")


class SoundRegister(Adapter):
    name = "register"
    capabilities = Capabilities(reads={"person"}, lookup=True)

    def __init__(self, context, world):
        super().__init__(context)
        self.register = world

    def ask(self, line):
        try:
            self.register.call(line)
        except ConnectionError:
            raise Unreachable("register.away") from None

    def fetch(self, cursor):
        self.ask("GET /hendelser")
        events = self.register.events
        return Page(cursor=str(len(events)), changed=[] if cursor is None else events[int(cursor) :])

    def lookup(self, numbers):
        self.ask("POST /personer")
        found = [self.register.people[number] for number in dict.fromkeys(numbers) if number in self.register.people]
        return Page(records=[Raw(kind="person", id=body["nummer"], body=json.dumps(body).encode()) for body in found])

    def read(self, raw):
        try:
            body = json.loads(raw.body)
            fields = {"number": body["nummer"], "given_name": body["fornavn"], "protection": body["gradering"]}
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Fault("register.body", "$") from None
        for name, value in fields.items():
            if not isinstance(value, str):
                raise Fault("register.type", f"$.{name}")
        return [Reading(kind="person", id=fields["number"], fields=fields)]


class GuessesPersons(SoundRegister):
    """The nearest person for a number that is unknown."""

    def lookup(self, numbers):
        page = super().lookup(numbers)
        if page.records or not numbers:
            return page
        return super().lookup(list(self.register.people)[:1])


class ForgetsChanges(SoundRegister):
    """What was heard once is remembered in memory only, and a new process starts at the end."""

    heard = None

    def fetch(self, cursor):
        page = super().fetch(cursor)
        if self.heard is None:
            self.heard = page.cursor
            return msgspec.structs.replace(page, changed=[])
        return page


class RegisterBench:
    source = "stand-in"
    page = 100
    samples = (
        Sample(
            kind="person",
            body={"nummer": CHILD, "fornavn": "Ada", "gradering": "none"},
            fields={"number": CHILD, "given_name": "Ada", "protection": "none"},
            patch={"gradering": "strict"},
            patched={"protection": "strict"},
            asks=(CHILD,),
        ),
    )

    def __init__(self, adapter=SoundRegister):
        self.adapter = adapter

    @contextmanager
    def world(self):
        yield RegisterWorld()

    def connect(self, world, watch):
        return self.adapter(watched_context("http://127.0.0.1:9", watch), world)
