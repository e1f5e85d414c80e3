"""The adapter: it begins a plan in Samspill, and can do nothing else there, since nothing else is published."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

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

EARLY = 60
"""Seconds before its end that a token is renewed."""


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
        self._token = ""
        self._until = 0.0

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
        headers = {"Authorization": f"Bearer {self._bearer()}"}
        params = None if method == "POST" else {"organizationNumber": self.options.organisation, "language": "nb"}
        response = self.context.http.request(method, path, headers=headers, params=params, expect="json", **rest)
        try:
            return response.json() if response.body else {}
        except Fault:
            raise (Uncertain if method == "POST" else Refused)("vendor.answer") from None

    def _bearer(self) -> str:
        """An access token of the vendor's sign-in service, kept until shortly before it ends.

        Raises ``AdapterError``; ``Misconfigured`` ``samspill.token`` where the answer holds none.
        """
        if self._token and time.monotonic() < self._until:
            return self._token
        asked = {
            "grant_type": "client_credentials", "client_id": self.options.client_id,
            "client_secret": self.context.secret(), "tenant_id": self.options.organisation,
            **({"scope": self.options.scope} if self.options.scope else {}),
        }  # fmt: skip
        response = self.context.http.request(
            "POST", self.options.token_url, content=urlencode(asked).encode(), expect="json", repeatable=True,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        try:
            told = response.json()
            token, lasts = str(told["access_token"]), float(told.get("expires_in", 0))
        except (Fault, KeyError, TypeError, ValueError, AttributeError):
            raise Misconfigured("samspill.token") from None
        self._token, self._until = token, time.monotonic() + max(0.0, lasts - EARLY)
        return self._token

    def _staff(self) -> Mapping[str, str]:
        if not self.options.staff:
            return {}
        try:
            text = (Path(self.context.folder) / self.options.staff).read_text(encoding="utf-8")
        except (OSError, UnicodeError):
            raise Misconfigured("samspill.staff") from None
        return staff_of(text)
