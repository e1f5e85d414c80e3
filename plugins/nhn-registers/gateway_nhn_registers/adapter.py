"""Asking the registers: the children of cases for their general practitioner, and whether our correspondents stand."""

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from gateway.sdk import (
    Adapter,
    AdapterError,
    Address,
    Capabilities,
    Context,
    Fault,
    Misconfigured,
    Page,
    Proof,
    Raw,
    Reading,
    Refused,
)
from gateway_nhn_registers.registers import Party, Registers

HERE = "plugins/nhn-registers/tests/test_registers.py"
DOCTOR = frozenset({"general_practitioner"})
LEFT_OUT = frozenset({"flr.number", "flr.no_her_id"})
"""Why nothing can be told of one number, while the others are told of."""


class Options(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``flr`` and ``ar`` are the paths of the two registers; ``parties`` are HER-ids that ``bti check`` looks up."""

    flr: str = "v2/flr"
    ar: str = "v1/AR"
    parties: tuple[str, ...] = ()


class NhnRegisters(Adapter):
    """Answers who a child's general practitioner is; reads only, and only about the children of cases."""

    name = "nhn-registers"
    capabilities = Capabilities(reads=frozenset({"person"}), lookup=True, subjects_only=True, addresses=DOCTOR)
    proved = (
        Proof(
            by="samples",
            what="the registers' recorded answers",
            test=f"{HERE}::test_recorded_answers_of_the_address_register_are_read",
        ),
        Proof(
            by="validator",
            what="the registers' official descriptions",
            test=f"{HERE}::test_our_descriptions_say_what_the_official_ones_say",
        ),
        Proof(by="simulator", test="plugins/nhn-registers/tests/test_kit.py"),
    )
    Options = Options

    def __init__(self, context: Context) -> None:
        """Raises ``Misconfigured`` ``ar.her_id`` where a party is no HER-id."""
        super().__init__(context)
        self.options = msgspec.convert(dict(context.options), Options)
        for at, one in enumerate(self.options.parties):
            if not (one.isascii() and one.isdigit() and 0 < int(one) < 2**31):
                raise Misconfigured("ar.her_id", path=f"options.parties[{at}]")
        self.registers = Registers(context.http, flr=self.options.flr, ar=self.options.ar)

    def fetch(self, cursor: str | None) -> Page:
        """The registers tell of nothing by themselves; a party is asked for, so that their silence is noticed."""
        self.registers.party(int(self.options.parties[0]) if self.options.parties else 1)
        return Page(cursor=cursor)

    def lookup(self, numbers: list[str]) -> Page:
        """A raw ``practitioner`` for each number whose doctor is known; others are left out."""
        parties: dict[int, Party | None] = {}
        records = []
        for number in dict.fromkeys(numbers):
            try:
                found = self.registers.practitioner(number)
            except Refused as error:
                if error.code not in LEFT_OUT:
                    raise
                self.context.log.warning("registers.left_out", code=error.code)
                continue
            if found is None:
                continue
            if found.her_id not in parties:
                parties[found.her_id] = self.registers.party(found.her_id)
            party = parties[found.her_id]
            body: dict[str, Any] = {
                "number": number,
                "her_id": found.her_id,
                "since": found.since.isoformat() if found.since is not None else None,
                "name": party.name if party is not None else "",
                "parent": party.parent if party is not None else "",
            }
            records.append(Raw(kind="practitioner", id=number, body=body))
        return Page(records=records)

    def address(self, number: str, whose: str) -> Address | None:
        """The child's general practitioner as both registers have it now; ``None`` for a child who has none.

        Raises ``Refused`` with what ``bti check`` says of a party that cannot be written to (``ar.unknown``,
        ``ar.inactive``, ``ar.no_messages``, ``ar.no_certificate``, ``ar.certificate_ended``), ``ar.no_parent`` for one
        that is no part of an office, and those of ``practitioner``.
        """
        if whose not in DOCTOR:
            return None
        found = self.registers.practitioner(number)
        if found is None:
            return None
        wrong = self._standing(found.her_id)
        if wrong is not None:
            raise Refused(wrong)
        party = self.registers.party(found.her_id)
        if party is None or party.parent_her_id is None or not (party.name and party.parent):
            raise Refused("ar.no_parent")
        return Address(
            id=str(found.her_id), name=party.name, parent_id=str(party.parent_her_id), parent_name=party.parent
        )

    def read(self, raw: Raw) -> list[Reading]:
        """The child with its general practitioner, from the day on which that began. Raises ``Fault``."""
        body = raw.body
        if not isinstance(body, dict) or not isinstance(body.get("number"), str):
            raise Fault("registers.body", "$")
        her_id, since = body.get("her_id"), body.get("since")
        if not isinstance(her_id, int) or not (since is None or _is_day(since)):
            raise Fault("registers.body", "$.her_id" if not isinstance(her_id, int) else "$.since")
        names = [part for part in (body.get("name"), body.get("parent")) if isinstance(part, str) and part]
        told = f"{', '.join(names)} (HER-id {her_id})".strip() if names else f"HER-id {her_id}"
        fields = {"number": body["number"], "general_practitioner": told}
        return [Reading(kind="person", id=raw.id, fields=fields, valid_from=since)]

    def health(self) -> str | None:
        """``None``, or a code: whether each party of the settings stands, takes messages, and has a certificate."""
        try:
            if not self.options.parties:
                self.registers.party(1)  # that nobody has it is an answer
            for one in self.options.parties:
                wrong = self._standing(int(one))
                if wrong is not None:
                    return wrong
        except AdapterError as error:
            return error.code
        return None

    def _standing(self, her_id: int) -> str | None:
        party = self.registers.party(her_id)
        if party is None:
            return "ar.unknown"
        ended = party.until is not None and party.today is not None and party.until < party.today
        if not party.active or ended:
            return "ar.inactive"
        if not party.takes_messages or not party.mail:
            return "ar.no_messages"
        return self._certified(her_id, party.today)

    def _certified(self, her_id: int, today: date | None) -> str | None:
        from cryptography import x509  # noqa: PLC0415 - only a check of the settings needs it

        held = self.registers.certificate(her_id)
        try:
            ends = x509.load_der_x509_certificate(held).not_valid_after_utc.date() if held else None
        except ValueError:
            ends = None
        if ends is None:
            return "ar.no_certificate"
        return "ar.certificate_ended" if today is not None and ends < today else None


def _is_day(told: object) -> bool:
    try:
        date.fromisoformat(str(told))
    except ValueError:
        return False
    return isinstance(told, str)
