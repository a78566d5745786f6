"""Permissions: what each endpoint answers, and what access control says.

An endpoint that answers proves that it may be read, and nothing about writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from reconciler.diagnosis.gates import Gate, gate_of, why_not
from reconciler.diagnosis.probing import FIRST, POLICIES_PATH, Seen
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.documents.json_text import NotJson, decode, encode
from reconciler.flowservice.messages import Call

_ONE: Final = "limit=1"
_XDM_LIST: Final = "application/vnd.adobe.xed-id+json"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint, the permission for reading it, and the commands that need it."""

    id: str
    call: Call
    permission: str
    needed_by: str


ENDPOINTS: Final = (
    Endpoint("flow-specs", FIRST, "View Sources", "plan, apply"),
    Endpoint("connection-specs", Call("GET", "/connectionSpecs"), "View Sources", "plan, apply"),
    Endpoint("flows", Call("GET", "/flows", _ONE), "View Sources", "plan, apply, prove"),
    Endpoint("source-connections", Call("GET", "/sourceConnections", _ONE), "View Sources", "plan, apply, prove"),
    Endpoint("connections", Call("GET", "/connections", _ONE), "View Sources", "prove"),
    Endpoint("target-connections", Call("GET", "/targetConnections", _ONE), "View Sources", "prove"),
    Endpoint("runs", Call("GET", "/runs", _ONE), "View Sources", "prove"),
    Endpoint(
        "schemas",
        Call("GET", "/tenant/schemas", _ONE, service="schemaregistry", accept=_XDM_LIST),
        "View Schemas",
        "prove",
    ),
    Endpoint("datasets", Call("GET", "/dataSets", _ONE, service="catalog"), "View Datasets", "prove"),
    Endpoint("batches", Call("GET", "/batches", _ONE, service="catalog"), "View Datasets", "prove"),
    Endpoint("mapping-sets", Call("GET", "/mappingSets", _ONE, service="conversion"), "View Sources", "prove"),
)
"""The endpoints of plan, apply and prove that can be asked without an id. Permissions: docs, Access control overview."""

_WRITES: Final = ("manage-sources", "manage-schemas", "manage-datasets")
_READS: Final = ("view-sources", "view-schemas", "view-datasets")
POLICIES: Final = Call(
    "POST",
    POLICIES_PATH,
    body=encode([f"/permissions/{name}" for name in (*_READS, *_WRITES)]),
    service="access-control",
)
"""A view of permissions, although it is a POST (docs: Effective policies endpoint): it changes nothing."""


def check_permissions(subject: Subject) -> Iterator[Check]:
    """One check for each endpoint, then what access control lists."""
    for endpoint in ENDPOINTS:
        yield _endpoint(endpoint, subject)
    yield _listed(subject)


def _endpoint(endpoint: Endpoint, subject: Subject) -> Check:
    seen = subject.probe.ask(endpoint.call)
    name = f"read-{endpoint.id}"
    if seen.is_success:
        return Check(name, "ok", f"may be read ({endpoint.needed_by})", asked=seen.asked)
    if gate_of(seen) is Gate.PERMISSION:
        said = f"permission {endpoint.permission!r} is missing, needed by {endpoint.needed_by}: {seen.error.message}"
        return Check(name, "fail", said, permission_hint(subject, endpoint.permission), seen.asked)
    hint = None if gate_of(seen) or seen.withheld else _elsewhere(seen, endpoint)
    return Check(name, "unknown", why_not(seen), hint, seen.asked)


def _elsewhere(seen: Seen, endpoint: Endpoint) -> str | None:
    """The next step for an answer that is about neither permissions nor credentials."""
    if seen.status != HTTPStatus.NOT_FOUND:
        return seen.error.hint
    return f"check base_url of the target: {endpoint.call.service} must be at the same host (needed by {endpoint.needed_by})"


def permission_hint(subject: Subject, *permissions: str) -> str:
    """Where a permission is given."""
    named = " and ".join(repr(permission) for permission in permissions)
    return (
        f"ask an administrator to add {named} for sandbox {subject.target.sandbox} to a role that has this API credential:"
        " Experience Platform, Permissions, Roles"
    )


def policies_of(subject: Subject) -> frozenset[str] | Seen:
    """The permissions that access control lists for this credential; the answer without a list otherwise."""
    seen = subject.probe.ask(POLICIES)
    if seen.answer is None or not seen.is_success:
        return seen
    try:
        body = decode(seen.answer.content)
    except NotJson:
        return seen
    policies = body.get("policies") if isinstance(body, dict) else None
    if not isinstance(policies, dict):
        return seen
    return frozenset(name.rpartition("/")[2] for name, value in policies.items() if value)


def _listed(subject: Subject) -> Check:
    found, asked = policies_of(subject), f"{POLICIES}, which changes nothing"
    if isinstance(found, Seen):
        if found.answer is None:
            return Check("permissions", "unknown", found.reason, asked=asked, due=False)
        why = found.reason or (found.error.message if not found.is_success else "the answer has no list of permissions")
        return Check("permissions", "unknown", f"access control does not list permissions: {why}", asked=asked, due=False)
    missing = [_title(name) for name in (*_READS, *_WRITES) if not {name, name.replace("view", "manage")} & found]
    if not missing:
        return Check("permissions", "ok", "view and manage sources, schemas and datasets", asked=asked)
    needed = "Manage Sources" in missing or "View Sources" in missing
    said = f"not listed for this credential: {', '.join(missing)}"
    return Check("permissions", "fail" if needed else "warn", said, permission_hint(subject, *missing), asked)


def _title(name: str) -> str:
    return name.replace("-", " ").title()
