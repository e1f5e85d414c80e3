"""A vendor's side of a declared REST interface, on loopback, with its ground truth and with faults to order.

What a simulator does follows from the same declaration as the adapter, so it shares its author's misunderstandings: it
shows that an adapter keeps its own promises, not that the vendor keeps them.

========================  =============================================================================================
``GET /_sim/state``       the truth: ``{"records": [...], "effects": [...], "requests": n, "acknowledged": [...]}``
``POST /_sim/records``    ``{"op": "make" | "edit" | "delete", "kind", "id", "body"}``: a user there does something
``POST /_sim/faults``     ``{"faults": [{"what": …}]}`` puts faults in force; an empty list heals
========================  =============================================================================================
"""

import contextlib
import importlib.util
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from gateway.core.model import Fault
from gateway.sdk import jsonio
from gateway.sdk.errors import Refused
from gateway.sdk.loopback import Answer, Asked, LoopbackServer
from gateway.sdk.resource import Resource
from gateway.sdk.simfaults import Trouble, Troubles
from gateway.sdk.simstore import Held, Shelf, Wrong
from gateway.sdk.simviews import listing, shown, written

_CONTROL = "/_sim/"


class Simulator:
    """A vendor's system that answers as ``resources`` say. Use it as a context manager: it gives the URL.

    ``secret`` is the token that requests must bear (``""``: none); ``guard`` wraps the answering function, for a system
    behind an authority. ``seed`` makes ids and times; two simulators with
    the same seed and the same calls are equal. Time there is its own and passes a second with every change.
    """

    def __init__(
        self,
        resources: Sequence[Resource],
        *,
        port: int = 0,
        seed: int = 0,
        secret: str = "",
        records: Iterable[tuple[str, Mapping[str, Any]]] = (),
        faults: Iterable[Mapping[str, Any]] = (),
        guard: Callable[[Callable[[Asked], Answer]], Callable[[Asked], Answer]] | None = None,
    ) -> None:
        self.resources = tuple(resources)
        self.secret = secret
        self.troubles = Troubles(faults)
        self._lock = threading.RLock()
        self._shelf = Shelf(resources=self.resources, seed=seed)
        self._done: dict[str, Answer] = {}
        self._requests: list[str] = []
        self._acknowledged: dict[str, None] = {}
        self._server = LoopbackServer(self._answer if guard is None else guard(self._answer), port=port)
        self.url = self._server.url
        for kind, body in records:
            self.make(kind, body)

    def __enter__(self) -> str:
        self._server.__enter__()
        return self.url

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> Self:
        """Answer from now on, until ``close``."""
        self._server.__enter__()
        return self

    def close(self) -> None:
        """Stop answering."""
        self._server.close()

    def wait(self) -> None:
        """Block until it is closed."""
        self._server.wait()

    def make(self, kind: str, body: Mapping[str, Any], *, ident: str | None = None, late: bool = False) -> str:
        """A user there makes a record; its id. ``late``: its time of change lies a minute before the newest one's."""
        with self._lock:
            return self._shelf.make(kind, body, ident=ident, late=late).id

    def edit(self, kind: str, ident: str, patch: Mapping[str, Any]) -> None:
        """A user there changes keys of a record; items in nested lists are known by their id. Raises ``KeyError``."""
        with self._lock:
            self._shelf.change(self._shelf.find(kind, ident), patch)

    def delete(self, kind: str, ident: str) -> None:
        """A user there deletes a record. Raises ``KeyError``."""
        with self._lock:
            self._shelf.delete(self._shelf.find(kind, ident))

    def fault(self, what: str, **how: Any) -> None:
        """Put a fault in force (see ``gateway.sdk.simfaults.Trouble``)."""
        self.troubles.add(msgspec.convert({"what": what, **how}, Trouble))

    def heal(self) -> None:
        """No faults any more."""
        self.troubles.clear()

    @property
    def records(self) -> dict[str, Held]:
        """The living records by ``kind:id``."""
        with self._lock:
            return {f"{one.kind}:{one.id}": one for one in self._shelf.all() if not one.deleted}

    @property
    def requests(self) -> list[str]:
        """The request lines so far, without those of ``/_sim/``."""
        with self._lock:
            return list(self._requests)

    @property
    def acknowledged(self) -> list[str]:
        """The ids that the gateway said are kept."""
        with self._lock:
            return list(self._acknowledged)

    def state(self) -> dict[str, Any]:
        """The ground truth as ``GET /_sim/state`` tells it."""
        with self._lock:
            records = [
                {"kind": one.kind, "id": one.id, "version": str(one.version), "deleted": one.deleted, "body": one.body,
                 "modified": one.modified, "writes": one.writes}
                for one in self._shelf.all()
            ]  # fmt: skip
            return {
                "records": records,
                "effects": list(self._shelf.effects),
                "requests": len(self._requests),
                "acknowledged": list(self._acknowledged),
            }

    def _answer(self, asked: Asked) -> Answer:
        try:
            if asked.path.startswith(_CONTROL):
                return self._control(asked)
            with self._lock:
                query = "&".join(f"{name}={value}" for name, value in asked.query.items())
                self._requests.append(f"{asked.method} {asked.path}{'?' if query else ''}{query}")
                trouble = self.troubles.next(reads=asked.method == "GET")
                if trouble is not None and (answer := trouble.before()) is not None:
                    return answer
                if self.secret and asked.headers.get("authorization") != f"Bearer {self.secret}":
                    return Answer(status=401)
                answer = self._act(asked, trouble)
            if not answer.status >= 400:
                answer = msgspec.structs.replace(answer, headers={"Date": self._date(), **answer.headers})
            return trouble.after_effect(answer) if trouble is not None else answer
        except Wrong as wrong:
            return wrong.answer()
        except (Fault, KeyError, ValueError, TypeError):
            return Answer(status=400, body=b'{"code":"request.malformed"}')

    def _act(self, asked: Asked, trouble: Trouble | None) -> Answer:
        for resource in self.resources:
            if asked.method == "GET" and asked.path == resource.path:
                return listing(self._shelf, resource, asked, trouble)
            if asked.method == "GET" and resource.inventory and asked.path == resource.inventory:
                return listing(self._shelf, resource, asked, trouble, inventory=True)
            if asked.method == "POST" and asked.path == resource.acknowledge != "":
                for ident in jsonio.decode(asked.body)["ids"]:
                    self._acknowledged[ident] = None
                return Answer(status=204)
            if resource.read_back and (key := _placed(resource.read_back, asked.path)) and asked.method == "GET":
                wrote = next((one for one in self._shelf.all() if key["key"] in one.keys and not one.deleted), None)
                return shown(resource, wrote)
            if asked.method == "POST" and asked.path == resource.batch != "":
                return self._batch(asked)
            if asked.method == "POST" and asked.path == resource.retract != "":
                return self._once(asked, resource, partial(self._retract, asked))
            if asked.path == resource.create_path and asked.method == resource.create:
                return self._once(asked, resource, partial(self._create, asked, resource))
            item = _placed(resource.item_template, asked.path)
            if item is not None and (answer := self._item(asked, resource, item)) is not None:
                return answer
        return Answer(status=404)

    def _item(self, asked: Asked, resource: Resource, item: Mapping[str, str]) -> Answer | None:
        kind = item.get("kind", resource.kind)
        if kind not in (resource.kinds or (resource.kind,)):
            return None
        held = self._shelf.get(kind, item["id"])
        if asked.method == "GET":
            return shown(resource, held)
        if asked.method == "DELETE" and resource.delete:
            return self._once(asked, resource, lambda: self._delete(held))
        if asked.method in {"PATCH", "PUT"} and asked.method == resource.update:
            return self._once(asked, resource, lambda: self._change(asked, resource, held))
        return Answer(status=405)

    def _once(self, asked: Asked, resource: Resource, act: Callable[[], Answer]) -> Answer:
        """The same key twice is one effect, and the same answer."""
        key = asked.headers.get(resource.key_header.lower()) if resource.keyed else None
        if key is None:
            return act()
        if key not in self._done:
            self._done[key] = act()
        return self._done[key]

    def _create(self, asked: Asked, resource: Resource) -> Answer:
        body = jsonio.decode(asked.body)
        kind = self._shelf.kind_of(resource, body)
        held = self._shelf.make(kind, body, key=asked.headers.get(resource.key_header.lower(), ""))
        return written(resource, held, body, status=201)

    def _change(self, asked: Asked, resource: Resource, held: Held | None) -> Answer:
        self._shelf.match(held, asked.headers.get("if-match"))
        if held is None:
            return Answer(status=404)
        key = asked.headers.get(resource.key_header.lower())
        told = jsonio.decode(asked.body)
        self._shelf.change(held, told, key=key, whole=asked.method == "PUT")
        return written(resource, held, told)

    def _delete(self, held: Held | None) -> Answer:
        if held is None:
            return Answer(status=404)
        self._shelf.delete(held)
        return Answer(status=204)

    def _retract(self, asked: Asked) -> Answer:
        told = jsonio.decode(asked.body)
        if not self._shelf.take_back(told["kind"], told["id"], None if told.get("all") else told["fields"]):
            return Answer(status=404)
        return Answer(body=b'{"state":"processed"}')

    def _batch(self, asked: Asked) -> Answer:
        results = []
        for item in jsonio.decode(asked.body)["items"]:
            try:
                results.append(self._one_of(item))
            except Wrong as wrong:
                results.append({"key": item["key"], "status": wrong.status, "code": wrong.code})
        return Answer(body=jsonio.encode({"results": results}))

    def _one_of(self, item: Mapping[str, Any]) -> Any:
        resource = next(
            (one for one in self.resources if one.batch and item["kind"] in (one.kinds or (one.kind,))), None
        )
        if resource is None:
            raise Wrong(422, "kind.unknown")

        def act() -> Answer:
            if item.get("id") is None:
                held = self._shelf.make(item["kind"], item["body"], key=item["key"])
                return written(resource, held, item["body"], status=201)
            held_now = self._shelf.get(item["kind"], item["id"])
            self._shelf.match(held_now, item.get("version"))
            if held_now is None:
                raise Wrong(404, "record.unknown")
            self._shelf.change(held_now, item["body"], key=item["key"])
            return written(resource, held_now, item["body"])

        if item["key"] not in self._done:
            self._done[item["key"]] = act()
        answer = self._done[item["key"]]
        return {"key": item["key"], "status": answer.status, "record": msgspec.Raw(answer.body)}

    def _control(self, asked: Asked) -> Answer:
        match asked.method, asked.path.removeprefix(_CONTROL):
            case "GET", "state":
                return Answer(body=jsonio.encode(self.state()))
            case "POST", "faults":
                self.heal()
                for told in jsonio.decode(asked.body).get("faults", ()):
                    self.troubles.add(msgspec.convert(told, Trouble))
                return Answer(status=204)
            case "POST", "records":
                return Answer(body=jsonio.encode({"id": self._user(jsonio.decode(asked.body))}))
            case _:
                return Answer(status=404)

    def _user(self, told: Mapping[str, Any]) -> str:
        op, kind, ident = told["op"], told["kind"], told.get("id")
        if op == "make":
            return self.make(kind, told.get("body", {}), ident=ident, late=told.get("late", False))
        if op == "edit":
            self.edit(kind, told["id"], told.get("body", {}))
        elif op == "delete":
            self.delete(kind, told["id"])
        else:
            raise ValueError
        return str(ident)

    def _date(self) -> str:
        return format_datetime(self._shelf.now, usegmt=True)


def _placed(template: str, path: str) -> dict[str, str] | None:
    """What stands in a path's places (``{id}``), or ``None`` when the path is another."""
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    found = {}
    for pattern, part in zip(wanted, given, strict=True):
        if pattern.startswith("{") and pattern.endswith("}"):
            found[pattern[1:-1]] = part
        elif pattern != part:
            return None
    return found


def serve(adapter: type[Any], port: int = 0, seed: int = 1, faults: Path | None = None) -> None:
    """Answer for an adapter's vendor until interrupted; the URL is the first line on standard output.

    ``faults`` is a JSON file as ``POST /_sim/faults`` takes it. The records are those of the adapter's ``simulated``.
    An adapter that declares no resources has a module ``standin`` in its package, with ``simulated(seed)`` for the
    records and a class ``StandIn(records, port=...)``; where that has a ``secret``, it is the second line.
    Raises ``Refused("simulator.not_declared")`` for an adapter that has neither, and ``Fault`` for a file
    that is not JSON or holds something else.
    """
    told = {"faults": []} if faults is None else jsonio.decode(faults.read_bytes())
    with _vendor(adapter, port=port, seed=seed, told=told) as vendor:
        secret = getattr(vendor, "secret", "")
        sys.stdout.write(f"{vendor.url}\n" + (f"secret {secret}\n" if secret else ""))
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            vendor.wait()


@contextlib.contextmanager
def _vendor(adapter: type[Any], *, port: int, seed: int, told: Any) -> Iterator[Any]:
    if getattr(adapter, "resources", ()):
        if not isinstance(told, dict) or set(told) != {"faults"}:
            raise Fault("simulator.faults", "$")
        try:
            simulator = Simulator(
                adapter.resources, port=port, seed=seed, records=adapter.simulated(seed), faults=told["faults"]
            )
        except (msgspec.ValidationError, TypeError, ValueError):
            raise Fault("simulator.faults", "$.faults") from None
        with simulator:
            yield simulator
        return
    standin = _standin(adapter)
    with standin.StandIn(standin.simulated(seed), port=port) as vendor:
        vendor.troubles.order(told)
        yield vendor


def _standin(adapter: type[Any]) -> Any:
    """The module ``standin`` beside the adapter, in the package that it belongs to."""
    package = sys.modules[adapter.__module__]
    name = adapter.__module__ if hasattr(package, "__path__") else adapter.__module__.rpartition(".")[0]
    if not name or importlib.util.find_spec(f"{name}.standin") is None:
        raise Refused("simulator.not_declared")
    return importlib.import_module(f"{name}.standin")
