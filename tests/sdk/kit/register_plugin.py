"""The person register's stand-in as a world of the kit."""

from contextlib import contextmanager

from gateway_persontjenesten.adapter import Persontjenesten
from gateway_persontjenesten.seed import Seed
from gateway_persontjenesten.standin import TOKEN, StandIn

from gateway.sdk.testing import Sample, Thing, watched_context

CHILD, MOTHER, FATHER = "14831463008", "02898440780", "21868348221"
PARENTS = (
    Seed(number=MOTHER, given="Marit", family="Lund", born="1984-09-02"),
    Seed(number=FATHER, given="Per", family="Lund", born="1983-06-21"),
)
BODY = {"number": CHILD, "given": "Ada", "family": "Lund", "born": "2014-03-14", "mother": MOTHER, "father": FATHER}
BODY |= {"responsible": [{"by": MOTHER, "type": "Joint"}, {"by": FATHER, "type": "Joint"}]}


class RegisterWorld:
    can = frozenset({"make", "edit", "down", "requests"})

    def __init__(self, standin):
        self.standin = standin
        self.url = standin.url

    def state(self):
        people = self.standin.register.state()["people"]
        return {f"person:{ident}": Thing(kind="person", id=ident, body=body) for ident, body in people.items()}

    def ready(self, sample):
        self.standin.set_people(PARENTS)

    def make(self, kind, body, *, late=False):
        self.standin.set_people([dict(body)])
        return next(thing.id for thing in self.state().values() if thing.body["number"] == body["number"])

    def edit(self, kind, ident, patch):
        self.standin.set_people([{**self.state()[f"person:{ident}"].body, **patch, "id": ident}])

    def fault(self, name, times=1):
        self.standin.register.faults.extend([{"status": 503}] * min(times, 50))

    def heal(self):
        self.standin.register.faults.clear()

    def requests(self):
        return [f"{asked['method']} {asked['path']}" for asked in self.standin.register.asked]


class PluginBench:
    adapter = Persontjenesten
    source = "stand-in"
    page = 100
    samples = (
        Sample(
            kind="person",
            body=BODY,
            fields={
                "number": CHILD,
                "number_type": "fnr",
                "given_name": "Ada",
                "family_name": "Lund",
                "birth_date": "2014-03-14",
                "deceased": False,
                "protection": "none",
            },
            patch={"protection": "StrictlyConfidential"},
            patched={"protection": "strict"},
            recorded=False,
            asks=(CHILD,),
        ),
    )

    @contextmanager
    def world(self):
        with StandIn([]) as standin:
            yield RegisterWorld(standin)

    def connect(self, world, watch):
        return self.adapter(watched_context(world.url, watch, secret=TOKEN))
