"""The adapter: it begins a plan in Samspill, and can do nothing else there, since nothing else is published."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from gateway.sdk import (
    Adapter,
    AdapterError,
    Capabilities,
    Context,
    Fault,
    Misconfigured,
    Page,
    Proof,
    Receipt,
    Refused,
    Release,
    Uncertain,
)
from gateway_flyt_samspill.form import Options, form_of, staff_of

PATHS: Mapping[str, str] = {
    "types": "/api/v1/plan-types",
    "roles": "/api/v1/participant-roles",
    "affiliations": "/api/v1/affiliations",
    "plans": "/api/v1/plans",
}
"""Assumed: the published page names the operations, not their paths. ``options.paths`` corrects them."""


class FlytSamspill(Adapter):
    """Begins plans. A plan that stands there is not read, changed or taken back from here."""

    name = "flyt-samspill"
    capabilities = Capabilities(
        writes={"case", "person", "plan", "assignment", "participant"},
        create_only=True,
        documents=True,
    )
    proved = (Proof(by="simulator", test="plugins/flyt-samspill/tests/test_samspill.py::TestSamspill"),)
    Options = Options

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.options = msgspec.convert(dict(context.options), Options)

    def fetch(self, cursor: str | None) -> Page:
        """Nothing is ever told from there."""
        return Page(cursor=cursor)

    def deliver(self, release: Release, idempotency_key: str) -> Receipt:
        """Begin the plan. No key is known to be honoured there, so an answer that is lost leaves it uncertain.

        Raises ``AdapterError``.
        """
        if release.kind != "case":
            raise Refused("adapter.cannot_write", path="$.kind")
        if release.native_id is not None:
            raise Refused("vendor.create_only")
        form = form_of(release, self.options, self._staff())
        answer = self._ask("POST", "plans", json=form)
        ident = answer.get("planId") or answer.get("id") if isinstance(answer, dict) else None
        receipt = Receipt(key=idempotency_key, state="accepted", native_id=None if ident is None else str(ident))
        parts = tuple(Receipt(key=idempotency_key, state="accepted") for _ in release.parts)
        return msgspec.structs.replace(receipt, parts=parts)

    def health(self) -> str | None:
        """``None`` when the municipality has the plan type and roles that the settings name, else a code."""
        try:
            types, roles = (self._ids(self._ask("GET", what)) for what in ("types", "roles"))
        except AdapterError as error:
            return error.code
        if self.options.plan_type not in types:
            return "samspill.plan_type"
        return None if roles >= set(self.options.roles.values()) else "samspill.roles"

    @staticmethod
    def _ids(listed: Any) -> set[str]:
        rows = listed if isinstance(listed, list) else []
        return {str(one["id"]) for one in rows if isinstance(one, dict) and "id" in one}

    def _ask(self, method: str, what: str, **rest: Any) -> Any:
        path = self.options.paths.get(what, PATHS[what])
        if self.context.http.authoriser is None:
            raise Misconfigured("samspill.auth", path="auth")
        params = None if method == "POST" else {"organizationNumber": self.options.organisation, "language": "nb"}
        response = self.context.http.request(method, path, params=params, expect="json", **rest)
        try:
            return response.json() if response.body else {}
        except Fault:
            raise (Uncertain if method == "POST" else Refused)("vendor.answer") from None

    def _staff(self) -> Mapping[str, str]:
        if not self.options.staff:
            return {}
        try:
            text = (Path(self.context.folder) / self.options.staff).read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            raise Misconfigured("samspill.staff") from None
        return staff_of(text)
