"""Asking Persontjenesten (API version 2) for families, and hearing who changed."""

from typing import Any, Literal
from urllib.parse import urlencode

from msgspec import Struct

from gateway.sdk import (
    Adapter,
    Capabilities,
    Context,
    Fault,
    Misconfigured,
    Page,
    Proof,
    Raw,
    Reading,
    Refused,
    Uncertain,
    Unreachable,
)
from gateway.sdk.jsonio import decode
from gateway_persontjenesten.family import readings
from gateway_persontjenesten.minimise import PARTS, minimise
from gateway_persontjenesten.relations import asked_about
from gateway_persontjenesten.shape import Entry

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
VERSION = {"api-version": "2", "Accept": "application/json"}
MOST_NUMBERS = 100
MOST_EVENTS = 1000


class PersontjenestenOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``basis`` is the authorisation bundle; ``overlap`` is how many events before the cursor are heard again."""

    basis: Literal["legal-basis", "no-legal-basis"] = "legal-basis"
    overlap: int = 20


class Persontjenesten(Adapter):
    """Answers for the persons who have a case; reads only, and only what the gate needs."""

    name = "persontjenesten"
    capabilities = Capabilities(reads=frozenset({"person", "relation"}), lookup=True)
    proved = (
        Proof(
            by="server",
            what="Prism from the service's official OpenAPI",
            test="tests/interop/test_mocks.py::"
            "test_every_request_of_the_register_is_one_that_the_service_s_document_allows",
        ),
        Proof(by="simulator", test="plugins/persontjenesten/tests/test_kit.py"),
    )
    Options = PersontjenestenOptions

    def __init__(self, context: Context) -> None:
        """Raises ``Misconfigured`` where the overlap leaves no room for news in a list of events."""
        super().__init__(context)
        options = context.options
        self._basis = str(options.get("basis", "legal-basis"))
        self._overlap = int(options.get("overlap", 20))
        if not 0 <= self._overlap <= MOST_EVENTS // 2:
            raise Misconfigured("persontjenesten.overlap", path="options.overlap")

    def lookup(self, numbers: list[str]) -> Page:
        """A raw ``family`` for each number that the register knows: the person and those who answer for them.

        Fødselsnummer and D-numbers are asked for a hundred at a time, other numbers one by one.
        """
        documents = self._people(list(dict.fromkeys(numbers)))
        wanted: dict[str, list[str]] = {}
        for at, document in enumerate(documents):
            try:
                wanted[str(at)] = asked_about(document, "$.person")
            except Fault:
                # Such a document is kept and faults again when it is read, with its path.
                wanted[str(at)] = []
        others = _by_number(self._people(list(dict.fromkeys(number for one in wanted.values() for number in one))))
        return Page(records=[_family(one, wanted[str(at)], others) for at, one in enumerate(documents)])

    def fetch(self, cursor: str | None) -> Page:
        """Who changed since ``cursor``, a sequence number; without one the feed starts at its end.

        The feed holds everybody in Norway, so it carries ids only, and the gateway looks up those it knows.
        """
        if cursor is None:
            latest = self._get("event/latest")
            return Page(cursor=str(1 if latest is None else _number_of(latest, "$") + 1))
        start = int(cursor)
        found = self._get(f"event?sequenceNumber={max(1, start - self._overlap)}")
        events = [] if found is None else found.get("results") or []
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise Refused("persontjenesten.shape", path="$.results")
        at = [_number_of(event, "$.results[]") for event in events]
        changed = [event["personId"] for event in events if isinstance(event.get("personId"), str)]
        after = max([start, *(number + 1 for number in at)])
        more = len(events) >= MOST_EVENTS and after > start
        return Page(cursor=str(after), more=more, changed=list(dict.fromkeys(changed)))

    def read(self, raw: Raw) -> list[Reading]:
        """The persons of a raw ``family`` and the relations of the one it is about. Raises ``Fault``."""
        if raw.kind != "family":
            raise Fault("persontjenesten.kind", "$")
        return readings(raw.body)

    def health(self) -> str | None:
        """``None``, or a code: asks for the latest event, which names nobody whom we know."""
        try:
            self._get("event/latest")
        except (Refused, Misconfigured) as error:
            return error.code
        return None

    def _people(self, numbers: list[str]) -> list[Any]:
        bulk = [number for number in numbers if len(number) == 11 and number[0] < "8"]
        singly = [number for number in numbers if number not in set(bulk)]
        found: list[Any] = []
        for start in range(0, len(bulk), MOST_NUMBERS):
            form = [("nins", number) for number in bulk[start : start + MOST_NUMBERS]]
            answer = self._post("person/bulk-by-nin", form)
            if not isinstance(answer, list):
                raise Refused("persontjenesten.shape", path="$")
            found.extend(answer)
        for number in singly:
            answer = self._post("person/get-by-nin", [("nin", number)])
            if answer is not None:
                found.append(answer)
        return [one for one in found if isinstance(one, dict)]

    def _post(self, path: str, form: list[tuple[str, str]]) -> Any:
        """Numbers travel in the body, never in an address, which proxies and logs keep."""
        query = urlencode([*(("informationParts", part) for part in PARTS), ("includeHistory", "true")])
        try:
            return self._ask("POST", f"{path}?{query}", content=urlencode(form).encode())
        except Uncertain as error:
            # A question has no effect, so a lost answer to it is only a lost answer.
            raise Unreachable(error.code, retry_after=error.retry_after) from None

    def _get(self, path: str) -> Entry | None:
        found = self._ask("GET", path)
        if found is not None and not isinstance(found, dict):
            raise Refused("persontjenesten.shape", path="$")
        return found

    def _ask(self, method: str, path: str, content: bytes | None = None) -> Any:
        """The plain value of an answer, or ``None`` where the service knows no such person or event."""
        headers = {
            **VERSION,
            **(FORM if content is not None else {}),
            **({} if self.context.http.authoriser else {"Authorization": f"Bearer {self.context.secret()}"}),
        }
        answer = self.context.http.request(
            method, f"/api/{self._basis}/{path}", content=content, headers=headers, accept=(404,), expect="json"
        )
        return None if answer.status == 404 else _plain(answer.body)


def _family(document: Any, wanted: list[str], others: dict[str, Any]) -> Raw:
    """One raw record: the person's document and the documents of those who answer for them, reduced together."""
    family = [document, *{id(others[number]): others[number] for number in wanted if number in others}.values()]
    kept = minimise(family)
    versions = [one.get("sequenceNumber") for one in family]
    return Raw(
        kind="family",
        id=str(document.get("id", "")),
        body={"person": kept[0], "others": kept[1:]},
        version=str(max((number for number in versions if isinstance(number, int)), default=0)),
    )


def _by_number(documents: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for document in documents:
        entries = document.get("norwegianIdentificationNumber")
        for entry in entries if isinstance(entries, list) else ():
            number = entry.get("identificationNumber") if isinstance(entry, dict) else None
            if isinstance(number, str):
                found[number] = document
    return found


def _plain(body: bytes) -> Any:
    try:
        return decode(body)
    except Fault as fault:
        raise Refused("persontjenesten.json", path=fault.path) from None


def _number_of(event: Entry, path: str) -> int:
    """The sequence number of an event, which the service writes as text."""
    found = event.get("sequenceNumber")
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 20:
        return int(found)
    raise Refused("persontjenesten.shape", path=f"{path}.sequenceNumber")


__all__ = ["Persontjenesten", "PersontjenestenOptions"]
