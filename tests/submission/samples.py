"""A source that is ready to be submitted, and parts of it that are not."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from reconciler.documents.json_text import Document
from reconciler.documents.merge import merge_patch
from reconciler.planning.tried import Tried, TriedOutcome
from reconciler.proofs.streaming.authentication import CASES, AuthenticationTest, AuthenticationTests
from reconciler.proofs.values import AuthValues, FromEnvironment, Proof, Streaming, Submitting
from reconciler.submission.building import submission_of
from reconciler.submission.check import Check
from reconciler.submission.material import Evidence, Material
from reconciler.submission.report import Submission
from tests.planning.situations import connection

KEY: Final = "acme-orders"
ICON: Final = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>Acme</title><path d="M0 0h8v8z"/></svg>'
BODY: Final[Document] = {
    "name": "Acme Orders source",
    "description": "Orders of Acme",
    "type": "generic-rest",
    "authSpec": [
        {
            "name": "Basic Authentication",
            "type": "BasicAuthentication",
            "spec": {
                "type": "object",
                "properties": {
                    "domain": {"type": "string", "description": "The subdomain | of <your> account", "examples": ["us6"]},
                    "accessToken": {"type": "string", "description": "Your token", "format": "password"},
                },
                "required": ["domain"],
            },
        }
    ],
    "sourceSpec": {
        "attributes": {
            "uiAttributes": {
                "isSource": True,
                "isBeta": True,
                "category": {"key": "eCommerce"},
                "icon": {"key": "acmeIcon"},
                "label": {"text": "Acme Orders"},
                "description": {"text": "Orders of all Acme stores"},
            },
            "paginationParams": {"type": "OFFSET"},
        },
        "spec": {
            "type": "object",
            "properties": {"listId": {"type": "string", "description": "The list"}},
            "required": ["listId"],
        },
    },
}
PROOF: Final = Proof(
    auth=AuthValues("Basic Authentication", {"domain": "us6", "accessToken": FromEnvironment("ACME_TOKEN")}),
    submission=Submitting(team="Acme", contact="integrations@acme.example"),
)
EVIDENCE: Final = Evidence(
    "yes",
    "",
    "2026-11-27T10:16:20Z",
    "20261127T1012-7f3a",
    237,
    3,
    sandbox="dev",
    commit="a" * 40,
    ids={"spec": "spec-1", "flow": "flow-1", "run": "run-1", "adf_run": "adf-1"},
)
TRIED: Final = Tried(TriedOutcome.HELD, 237, 3, "2026-11-20T00:00:00Z")
STREAMING: Final[Document] = {
    "type": "generic-streaming",
    "authSpec": [],
    "sourceSpec": {"attributes": {"uiAttributes": {"category": {"key": "streaming"}}, "paginationParams": None}, "spec": None},
}


def material(patch: Mapping[str, Any] | None = None, **changed: Any) -> Material:
    """The source, with a merge patch of its body, and with other parts."""
    body = merge_patch(deepcopy(BODY), dict(patch or {}))
    spec = replace(
        connection(KEY, **body),
        name=body["name"],
        spec_type=body["type"],
        file=f"specs/sources/{KEY}/connection-spec.yaml",
    )
    made = Material(
        spec,
        body,
        "stage",
        "acme/aep-sources",
        PROOF,
        {f"{KEY}-icon.svg": ICON},
        EVIDENCE,
        TRIED,
        copies={"Proof/proof.json": b"{}\n"},
        record_fields=(("order.id", "string"), ("order.total", "number")),
    )
    return replace(made, **changed)


def ui(**attributes: Any) -> dict[str, Any]:
    """A patch of uiAttributes."""
    return {"sourceSpec": {"attributes": {"uiAttributes": attributes}}}


def streaming(mechanism: Any = "hmac", **changed: Any) -> Material:
    """A streaming source whose authentication was tested."""
    tests = AuthenticationTests(mechanism, tuple(row_of(case) for case in CASES.get(mechanism, {})))
    given: dict[str, Any] = {"proof": replace(PROOF, streaming=Streaming(mechanism)), "authentication": tests}
    return material(STREAMING, **{**given, **changed})


def row_of(case: str, **changed: Any) -> AuthenticationTest:
    """A complete row of the table."""
    made = AuthenticationTest(
        case,
        "POST https://dcs.adobedc.net/collection/x",
        {"x-hmac-sha256": "***"},
        "{}",
        200,
        "{}",
        "2026-11-27T10:00:00Z",
        "trace-1",
        True,
    )
    return replace(made, **changed)


def nothing_found(_: str) -> None:
    """Where no secret is found."""


def built(
    source: Material | None = None, existing: Mapping[str, str] | None = None, finds: Any = nothing_found, *, draft: bool = False
) -> Submission:
    """The submission of this source."""
    return submission_of(source or material(), existing or {}, finds, draft=draft)


def check_of(name: str, submission: Submission) -> Check:
    """The check with this id."""
    (found,) = (check for check in submission.checks if check.id == name)
    return found
