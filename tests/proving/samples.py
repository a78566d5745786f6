"""A proof that succeeded, and parts of others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from reconciler.proofs.kept.digests import proof_digest, section_digests
from reconciler.proving.report import (
    AuthenticationCase,
    AuthenticationTable,
    Counts,
    Exchange,
    LearntRow,
    LeftOver,
    ProveReport,
    SpecProved,
    StepReport,
    TargetProved,
    WindowCounts,
)
from tests.planning.situations import connection

RUN: Final = "20261127T1012-7f3a"
SPEC: Final = connection(
    "members",
    authSpec=[{"name": "Basic", "type": "Basic", "spec": {"type": "object", "properties": {"host": {"type": "string"}}}}],
    sourceSpec={"attributes": {"urlParams": {"host": "https://api.acme.example", "path": "/members", "method": "GET"}}},
)
PROOF: Final = b"kind: Proof\nexpect: {records: 237}\ntargets: [stage]\n"
TARGET: Final = TargetProved("stage", "platform.adobe.io", "1234567890@AdobeOrg", "dev")
STEPS: Final = (
    StepReport("try", "proved", milliseconds=900),
    StepReport("connection", "proved", milliseconds=700, requests=(Exchange("POST", "/connections", 201, "req-1", 640),)),
    StepReport("auth", "proved", milliseconds=300, requests=(Exchange("GET", "/connections/c1/test", 200, "req-2", 280),)),
    StepReport("source", "proved", milliseconds=400),
    StepReport("target", "proved", milliseconds=400),
    StepReport("flow", "proved", milliseconds=500),
    StepReport("schedule", "skipped", "flow.schedule is false"),
    StepReport("run", "proved", milliseconds=184_000, requests=(Exchange("GET", "/runs", 200, "req-3", 120),)),
    StepReport("count", "proved", milliseconds=90),
    StepReport("cleanup", "proved", milliseconds=4_000),
)
WINDOW: Final = WindowCounts("2024-01-05T00:00:00Z", "2024-01-06T00:00:00Z", 3, 3, 3, 0, "3")


AUTHENTICATION: Final = AuthenticationTable(
    "hmac",
    (
        AuthenticationCase("valid", "accepted", True, 200, True, "2026-11-27T10:20:00Z", "1795:ab"),
        AuthenticationCase("missing", "refused", True, 401, False, "2026-11-27T10:20:01Z", "req-9", "the signature is missing"),
        AuthenticationCase("modified", "refused", True, None),
        AuthenticationCase("removed-secret", "refused"),
    ),
)


def proof(**changed: Any) -> ProveReport:
    """The proof of SPEC with PROOF in TARGET, with these parts changed."""
    made = ProveReport(
        outcome="proved",
        target=TARGET,
        run=RUN,
        repository="acme/aep-sources",
        commit="a" * 40,
        spec=SpecProved(
            "members", "00000000-0000-4000-8000-000000000001", "Members", section_digests(SPEC.body), "RestStorageToAEP"
        ),
        proof_digest=proof_digest({"kind": "Proof", "expect": {"records": 237}, "targets": ["stage"]}),
        started="2026-11-27T10:12:00Z",
        ended="2026-11-27T10:16:20Z",
        steps=STEPS,
        counts=Counts(237, 237, 237, 0, "237", 3, (WINDOW,)),
        run_metrics={"recordSummary": {"inputRecordCount": 237, "outputRecordCount": 237}},
        ids={"flow": "flow-1", "run": "run-1", "adf_run": "adf-1", "batch": "batch-1"},
        learnt=(LearntRow("offset.no-end", "until-empty", "the run read 237 records in 4 requests"),),
        assumed=(("offset.no-end", "until-empty"), ("http.429", "fails")),
        kept=(LeftOver("mappingSet", "map-1", "reconciler-proof/members/mapping", "a mapping set cannot be deleted"),),
    )
    return replace(made, **changed)
