"""Bundles and OperationOutcomes as raw records and errors."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from gateway.sdk import Fault, Raw, Refused, Unreachable
from gateway.sdk.jsonio import decode
from gateway_fhir_r4.moment import newest

TRANSIENT = frozenset({"transient", "lock-error", "no-store", "timeout", "incomplete", "throttled"})
"""IssueType codes under which the same request may succeed later."""

_ISSUES = frozenset(
    {
        "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired",
        "forbidden", "suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found",
        "deleted", "too-long", "code-invalid", "extension", "too-costly", "business-rule", "conflict", "exception",
        *TRANSIENT,
    }
)  # fmt: skip


class Found(Struct, frozen=True, kw_only=True):
    """A page: matches, what came along with them, and where the next page is (relative), if there is one."""

    matches: list[dict[str, Any]]
    included: list[dict[str, Any]]
    deleted: list[Raw]
    next: str | None
    latest: str | None


def page(body: bytes, *, url: str, here: str) -> Found:
    """A search or history answer taken apart.

    ``url`` is the server's base, ``here`` what was asked, against which a relative link is resolved.
    Raises ``Refused`` or ``Unreachable`` for an OperationOutcome, ``Refused`` for what is no Bundle.
    """
    bundle = plain(body)
    if bundle.get("resourceType") == "OperationOutcome":
        raise_outcome(bundle)
    if bundle.get("resourceType") != "Bundle":
        raise Refused("fhir.no_bundle", path="$.resourceType")
    matches: list[dict[str, Any]] = []
    included: list[dict[str, Any]] = []
    deleted: list[Raw] = []
    for at, entry in enumerate(_list(bundle, "entry", "$")):
        resource, search = entry.get("resource"), entry.get("search")
        mode = search.get("mode") if isinstance(search, dict) else None
        if resource is None:
            gone = _deletion(entry)
            deleted.extend([gone] if gone is not None else [])
        elif not isinstance(resource, dict):
            raise Refused("fhir.shape", path=f"$.entry[{at}].resource")
        elif mode == "include":
            included.append(resource)
        elif resource.get("resourceType") != "OperationOutcome":
            matches.append(resource)
    return Found(
        matches=matches,
        included=included,
        deleted=deleted,
        next=_next(bundle, url=url, here=here),
        latest=newest([*map(modified, matches), *(one.modified for one in deleted)]),
    )


def plain(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises ``Refused`` with the decoder's code."""
    try:
        found = decode(body)
    except Fault as fault:
        raise Refused(fault.code, path=fault.path) from None
    if not isinstance(found, dict):
        raise Refused("fhir.shape", path="$")
    return found


def raise_outcome(outcome: dict[str, Any]) -> None:
    """An OperationOutcome as what to do next: the first error or fatal issue decides; its words are dropped."""
    told = issue_of(outcome) or "unknown"
    raise Unreachable(f"fhir.outcome.{told}") if told in TRANSIENT else Refused(f"fhir.outcome.{told}")


def issue_of(outcome: Mapping[str, Any]) -> str | None:
    """R4's code of the first error or fatal issue, ``unknown`` for one that R4 has not; ``None`` without an error."""
    for issue in _list(outcome, "issue", "$"):
        if issue.get("severity") in {"error", "fatal"}:
            code = issue.get("code")
            return code if isinstance(code, str) and code in _ISSUES else "unknown"
    return None


def raw(resource: dict[str, Any], included: list[dict[str, Any]]) -> Raw:
    """A resource, with those included persons that it names, as it is kept."""
    kind, name = resource.get("resourceType"), resource.get("id")
    meta = resource.get("meta")
    version = meta.get("versionId") if isinstance(meta, dict) else None
    named = _references(resource)
    along = [one for one in included if f"{one.get('resourceType')}/{one.get('id')}" in named]
    return Raw(
        kind=kind if isinstance(kind, str) else "unknown",
        id=name if isinstance(name, str) else "unknown",
        body={"resource": resource, "included": along} if along else resource,
        version=version if isinstance(version, str) else None,
        modified=modified(resource),
    )


def modified(resource: dict[str, Any]) -> str | None:
    """``meta.lastUpdated`` as it is written."""
    meta = resource.get("meta")
    found = meta.get("lastUpdated") if isinstance(meta, dict) else None
    return found if isinstance(found, str) else None


def _references(value: Any, depth: int = 0) -> set[str]:
    """Every reference in a resource by ``Type/id``."""
    if depth > 60:
        return set()
    if isinstance(value, list):
        return {name for one in value for name in _references(one, depth + 1)}
    if not isinstance(value, dict):
        return set()
    found = {name for one in value.values() for name in _references(one, depth + 1)}
    written = value.get("reference")
    if isinstance(written, str):
        found.add("/".join(written.split("/_history/")[0].split("/")[-2:]))
    return found


def _deletion(entry: dict[str, Any]) -> Raw | None:
    """An entry of a history that tells of a DELETE (FHIR R4, RESTful API § 3.1.0.13)."""
    request, response = entry.get("request"), entry.get("response")
    if not isinstance(request, dict) or request.get("method") != "DELETE":
        return None
    target = request.get("url")
    segments = target.split("/") if isinstance(target, str) else []
    if len(segments) < 2:
        raise Refused("fhir.shape", path="$.entry[].request.url")
    when = response.get("lastModified") if isinstance(response, dict) else None
    return Raw(kind=segments[-2], id=segments[-1], deleted=True, modified=when if isinstance(when, str) else None)


def _next(bundle: dict[str, Any], *, url: str, here: str) -> str | None:
    """The next page, relative to the server. Raises ``fhir.elsewhere`` where it would lead to another one."""
    for link in _list(bundle, "link", "$"):
        target = link.get("url")
        if link.get("relation") == "next" and isinstance(target, str):
            base = url.rstrip("/")
            # Servers write "|" and spaces as they are; all else that is not of a URL is left for the client to refuse.
            there = urljoin(f"{base}/{here.lstrip('/')}", target.replace("|", "%7C").replace(" ", "%20"))
            if urlsplit(there)[:2] != urlsplit(base)[:2] or not (f"{there}/".startswith(f"{base}/") or "?" in there):
                raise Refused("fhir.elsewhere", path="$.link")
            return there
    return None


def _list(holder: Mapping[str, Any], name: str, path: str) -> list[dict[str, Any]]:
    found = holder.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Refused("fhir.shape", path=f"{path}.{name}")
    return found
