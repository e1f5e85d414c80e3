"""An adapter that is declared: name it, list its resources, and it reads and writes.

::

    class Acme(RestAdapter):
        name = "acme"
        resources = (Resource(kind="concern", path="/concerns", records="data", paging="cursor", next="next"),)

What stands where in a record is the mapping's business; here is only the traffic.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from gateway.core.model import Fault
from gateway.core.reading import Raw, Reading
from gateway.core.release import Release
from gateway.sdk import jsonio
from gateway.sdk.api import Adapter, Context, Page, Receipt
from gateway.sdk.errors import AdapterError, Misconfigured, Refused, Uncertain
from gateway.sdk.http import Response
from gateway.sdk.paging import Round, etag, next_page, page_of, raw_of, records_of, same_place, state_of, turned
from gateway.sdk.resource import Resource, at, capabilities, head, items_at, text, with_nested


class RestAdapter(Adapter):
    """A vendor's REST interface from its ``resources``; the capabilities follow from them.

    ``auth`` is the ``Authorization`` header, with the system's secret put in; a system without one is asked without,
    and one with an ``auth`` in the settings is asked as those say.
    """

    resources: ClassVar[tuple[Resource, ...]] = ()
    auth: ClassVar[str] = "Bearer {secret}"

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if "capabilities" not in cls.__dict__:
            cls.capabilities = capabilities(cls.resources)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._secret: str | None = None
        self._read = [one for one in self.resources if one.path]
        self._write = {kind: one for one in self.resources if one.create for kind in one.carries}

    @classmethod
    def simulated(cls, seed: int) -> Iterable[tuple[str, Mapping[str, Any]]]:  # noqa: ARG003 - for those who have some
        """Records (kind, body in the vendor's shape) for ``bti adapter simulate``; none unless an adapter has some."""
        return ()

    def fetch(self, cursor: str | None) -> Page:
        """The next page of the resource whose turn it is. Raises ``AdapterError``."""
        state = state_of(cursor, len(self._read))
        resource = self._read[state.at]
        path, params = page_of(resource, state)
        response = self.ask("GET", self._inside(resource, path), params)
        found = records_of(resource, response)
        following = next_page(resource, found, state)
        state, more = turned(resource, state, found, following, count=len(self._read))
        return Page(records=found.raws, cursor=msgspec.json.encode(state).decode(), more=more)

    def read(self, raw: Raw) -> list[Reading]:
        """As the mapping says; a case is its own case, where the vendor has no other word for it. Raises ``Fault``."""
        return [
            msgspec.structs.replace(one, case=one.id) if one.kind == "case" and one.case is None else one
            for one in super().read(raw)
        ]

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Create the record, or change what has changed in it. Raises ``AdapterError``."""
        resource = self._writer(release.kind)
        if release.native_id is None:
            body = self.body(release)
            response = self.send(resource.create, resource.create_path, body, resource, key=idempotency_key)
            return self._receipt(resource, release, idempotency_key, response, known=frozenset())
        slim = changes(release)
        if not slim.changed and not slim.parts:
            return Receipt(key=idempotency_key, state="accepted", native_id=release.native_id, version=release.version)
        if not resource.update:
            raise Refused("vendor.create_only")
        if resource.update == "PUT":
            return self._put_back(resource, release, slim, idempotency_key)
        response = self.send(
            "PATCH", _item(resource, release), self.body(slim), resource, key=idempotency_key, version=release.version
        )
        known = frozenset(part.native_id for part in release.parts if part.native_id)
        return self._receipt(resource, release, idempotency_key, response, known=known)

    def deliver_batch(self, releases: list[tuple[Release, str]]) -> list[Receipt]:
        """As many as the vendor takes in one request; one by one where it has no such request.

        What cannot be written is refused alone, before anything is sent.
        """
        places = {one.batch for release, _ in releases if (one := self._write.get(release.kind)) is not None}
        if len(places) != 1 or "" in places:
            return super().deliver_batch(releases)
        receipts: list[Receipt | None] = []
        items = []
        for release, key in releases:
            try:
                items.append(self._batched(changes(release), key))
                receipts.append(None)
            except Refused as error:
                receipts.append(_refused(key, error))
        results = iter(self._together(items))
        return [
            self._result(one, key, next(results)) if receipt is None else receipt
            for (one, key), receipt in zip(releases, receipts, strict=True)
        ]

    def retract(self, release: Release, idempotency_key: str) -> Receipt:
        """Take back a whole record, or empty the fields that are named. Raises ``AdapterError``."""
        resource = self._writer(release.kind)
        if release.native_id is None:
            raise Refused("vendor.unknown_item")
        if resource.retract:
            told = {"kind": release.kind, "id": release.native_id, "all": release.retract_all}
            body = told | ({} if release.retract_all else {"fields": self.vendor_names(release)})
            response = self.send("POST", resource.retract, body, resource, key=idempotency_key)
        elif release.retract_all:
            response = self.ask(
                "DELETE", _item(resource, release), None, accept=(404, 410), **_keyed(resource, idempotency_key)
            )
        else:
            emptied = msgspec.structs.replace(release, fields=dict.fromkeys(release.retracts), version=None)
            if resource.update == "PUT":
                return self._put_back(resource, release, emptied, idempotency_key)
            response = self.send("PATCH", _item(resource, release), self.body(emptied), resource, key=idempotency_key)
        version = None if release.retract_all else _version(resource, response)
        return Receipt(key=idempotency_key, state="accepted", native_id=release.native_id, version=version)

    def read_back(self, key: str) -> Page:
        """What a key wrote; an empty page when it wrote nothing. Raises ``AdapterError``."""
        able = [one for one in self.resources if one.read_back and one.create]
        if not able:
            raise Refused("adapter.cannot_read_back")
        for resource in able:
            response = self.ask("GET", resource.read_back.replace("{key}", key), None, accept=(404,))
            if response.status != 404:
                return Page(records=[raw_of(resource, response.body, etag(response))])
        return Page()

    def inventory(self) -> Iterator[tuple[str, str]]:
        """(``kind:id``, version) of all that is there. Raises ``AdapterError``."""
        if not self.capabilities.inventory:
            raise Refused("adapter.no_inventory")
        for declared in self.resources:
            resource = msgspec.structs.replace(declared, path=declared.inventory, since="", feed=False)
            state = Round()
            while resource.path:
                path, params = page_of(resource, state)
                found = records_of(resource, self.ask("GET", self._inside(resource, path), params))
                yield from ((f"{raw.kind}:{raw.id}", raw.version or "") for raw in found.raws if not raw.deleted)
                state.page = next_page(resource, found, state)
                if state.page is None:
                    break

    def acknowledge(self, ids: list[str], outcome: str) -> None:
        """Tell that records are kept. Raises ``AdapterError``."""
        for path in dict.fromkeys(one.acknowledge for one in self.resources if one.acknowledge):
            self.ask("POST", path, None, json={"ids": ids, "outcome": outcome}, repeatable=True)

    def health(self) -> str | None:
        """``None`` when the first resource answers, else the error's code."""
        try:
            self.ask("GET", self._read[0].path, {self._read[0].size_param: 1})
        except AdapterError as error:
            return error.code
        return None

    def body(self, release: Release) -> dict[str, Any]:
        """The vendor's body for a release. Raises ``Refused`` with the mapping's code and path."""
        if release.parts and self._writer(release.kind).local_refs:
            release = _with_local_refs(release)
        try:
            return self.context.maps.write(release)
        except Fault as fault:
            raise Refused(fault.code, path=fault.path) from None

    def vendor_names(self, release: Release) -> list[str]:
        """How a retraction names fields; the canonical names unless an adapter knows better."""
        return list(release.retracts)

    def ask(self, method: str, path: str, params: Mapping[str, str | int] | None, **rest: Any) -> Response:
        """A request with the system's secret; asked once more when the secret was renewed meanwhile.

        Where the settings say by whose leave the system is asked, the client sees to that, and no secret is needed.
        """
        if self.context.http.authoriser is not None:
            return self.context.http.request(method, path, params=params, expect="json", **rest)
        for again in (False, True):
            secret = self._secret = self.context.secret() if again or self._secret is None else self._secret
            headers = {"Authorization": self.auth.replace("{secret}", secret)} if secret else {}
            try:
                return self.context.http.request(method, path, params=params, headers=headers, expect="json", **rest)
            except Misconfigured as error:
                if error.code != "http.401" or again or self.context.secret() == secret:
                    raise
        raise AssertionError

    def send(
        self, method: str, path: str, body: Any, resource: Resource, *, key: str, version: str | None = None
    ) -> Response:
        """A write, on a version where the vendor has them."""
        match = _match(version) if resource.if_match and version else None
        return self.ask(method, path, None, json=body, if_match=match, **_keyed(resource, key))

    def _inside(self, resource: Resource, path: str) -> str:
        return path if resource.paging != "link" else same_place(self.context.http.url, resource.path, path)

    def _writer(self, kind: str) -> Resource:
        resource = self._write.get(kind)
        if resource is None:
            raise Refused("adapter.cannot_write", path="$.kind")
        return resource

    def _together(self, items: list[dict[str, Any]]) -> list[jsonio.Slice]:
        """What the vendor answers about each of the items of one request."""
        if not items:
            return []
        resource = self._writer(items[0]["kind"])
        response = self.ask("POST", resource.batch, None, json={"items": items}, repeatable=resource.keyed)
        try:
            results = jsonio.elements(jsonio.members(response.body)["results"])
        except (Fault, KeyError):
            raise Uncertain("vendor.answer") from None
        if len(results) != len(items):
            raise Uncertain("vendor.answer")
        return results

    def _put_back(self, resource: Resource, release: Release, slim: Release, key: str) -> Receipt:
        """Fetch, change, put back: for a vendor that replaces the whole record, so that nothing else is lost."""
        held = self.ask("GET", _item(resource, release), None)
        version = _version(resource, held)
        if resource.if_match and slim.version is not None and version != slim.version:
            raise Refused("vendor.changed_meanwhile", conflict=True)
        before = _object(held)
        after = with_nested(resource, before, self.body(slim))
        response = self.send("PUT", _item(resource, release), after, resource, key=key, version=version)
        return self._receipt(resource, release, key, response, known=frozenset(_ids(resource, before)))

    def _batched(self, release: Release, key: str) -> dict[str, Any]:
        self._writer(release.kind)
        item: dict[str, Any] = {"key": key, "kind": release.kind, "body": self.body(release)}
        if release.native_id is not None:
            item["id"] = release.native_id
        if release.native_id is not None and release.version is not None:
            item["version"] = release.version
        return item

    def _result(self, release: Release, key: str, result: jsonio.Slice) -> Receipt:
        try:
            told = jsonio.members(result)
            status = int(jsonio.decode(told["status"]))
        except (Fault, KeyError, TypeError, ValueError):
            return Receipt(key=key, state="uncertain", code="vendor.answer")
        if 200 <= status < 300:
            known = frozenset(part.native_id for part in release.parts if part.native_id)
            answer = Response(status=status, headers={}, body=bytes(told.get("record", b"{}")))
            return self._receipt(self._writer(release.kind), release, key, answer, known=known)
        code = f"http.{status}"
        if status >= 500 or status == 429:
            return Receipt(key=key, state="uncertain", code=code)
        return Receipt(key=key, state="refused", code=code, conflict=status in {409, 412})

    def _receipt(
        self, resource: Resource, release: Release, key: str, response: Response, *, known: frozenset[str]
    ) -> Receipt:
        body = response.body if response.body.lstrip().startswith(b"{") else b"{}"
        try:
            seen = head(resource, body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Uncertain("vendor.answer") from None
        location = response.headers.get("location", "").rstrip("/").rpartition("/")[2]
        native = release.native_id or seen.id or location
        if not native:
            return Receipt(key=key, state="uncertain", code="vendor.no_id")
        version = seen.version or etag(response)
        parts = _parts(resource, release, key, body, known) if release.parts else ()
        return Receipt(key=key, state="accepted", native_id=native, version=version, parts=parts)


def changes(release: Release) -> Release:
    """Of an item that the vendor holds, what it has not got; parts that hold nothing new are left out."""
    if release.native_id is None:
        return release
    fields = {name: release.fields[name] for name in release.changed if name in release.fields}
    parts = tuple(changes(part) for part in release.parts if part.native_id is None or part.changed)
    return msgspec.structs.replace(release, fields=fields, changed=tuple(fields), parts=parts)


def _refused(key: str, error: Refused) -> Receipt:
    return Receipt(key=key, state="refused", code=error.code, path=error.path, conflict=error.conflict)


def _with_local_refs(release: Release) -> Release:
    """New items of one document can be named before they have an id: by their kind and place."""
    counts: dict[str, int] = {}
    refs = {}
    for part in release.parts:
        refs[part.id] = part.native_id or ""
        if part.native_id is None:
            place = counts[part.kind] = counts.get(part.kind, -1) + 1
            refs[part.id] = f"#{part.kind}/{place}"
    parts = tuple(msgspec.structs.replace(part, refs={**refs, **part.refs}) for part in release.parts)
    return msgspec.structs.replace(release, refs={**refs, **release.refs}, parts=parts)


def _parts(resource: Resource, release: Release, key: str, body: bytes, known: frozenset[str]) -> tuple[Receipt, ...]:
    """Receipts of a document's items: those that the vendor had are known by id, new ones by their order in its list.

    The answer holds the document's lists, with what was written in the order in which it was written.
    """
    try:
        answer = jsonio.decode(body)
    except Fault:
        raise Uncertain("vendor.answer") from None
    told: dict[str, tuple[str, str | None]] = {}
    fresh: dict[str, list[tuple[str, str | None]]] = {}
    for path in dict.fromkeys(resource.nested.get(part.kind, "") for part in release.parts):
        for one in items_at(answer, path) if path else ():
            ident, version = text(at(one, resource.nested_id)), text(at(one, resource.version or "version"))
            if ident is not None:
                told[ident] = (ident, version)
                if ident not in known:
                    fresh.setdefault(path, []).append((ident, version))
    receipts = []
    for part in release.parts:
        if part.native_id is not None:
            _, version = told.get(part.native_id, (part.native_id, part.version))
            receipts.append(Receipt(key=key, state="accepted", native_id=part.native_id, version=version))
        elif news := fresh.get(resource.nested.get(part.kind, "")):
            ident, version = news.pop(0)
            receipts.append(Receipt(key=key, state="accepted", native_id=ident, version=version))
        else:
            receipts.append(Receipt(key=key, state="uncertain", code="vendor.no_id"))
    return tuple(receipts)


def _ids(resource: Resource, document: Mapping[str, Any]) -> Iterator[str]:
    for path in dict.fromkeys(resource.nested.values()):
        for one in items_at(document, path):
            ident = text(at(one, resource.nested_id))
            if ident is not None:
                yield ident


def _object(response: Response) -> dict[str, Any]:
    try:
        found = response.json()
    except Fault as fault:
        raise Refused(fault.code) from None
    if not isinstance(found, dict):
        raise Refused("vendor.answer")
    return found


def _version(resource: Resource, response: Response) -> str | None:
    if not response.body:
        return etag(response)
    try:
        return head(resource, response.body).version or etag(response)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return etag(response)


def _item(resource: Resource, release: Release) -> str:
    return resource.item_path(ident=release.native_id or "", kind=release.kind)


def _keyed(resource: Resource, key: str) -> dict[str, Any]:
    return {"key": key, "key_header": resource.key_header} if resource.keyed else {}


def _match(version: str) -> str:
    return version if version.startswith(('"', "W/")) else f'"{version}"'
