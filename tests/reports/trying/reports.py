"""Trials, as `try` reports them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from reconciler.errors import ExitCode, Problem, Severity
from reconciler.proofs.kept.engine_file import EngineAnswer
from reconciler.sources.evidence import Level
from reconciler.trying.report import (
    NO_RECORDING,
    Assumed,
    NotTried,
    Placed,
    ShownCall,
    TryAllReport,
    TryReport,
    WindowCount,
)

URL = "https://api.example.com/v1/members?limit=100&offset={}"
SPEC = "specs/sources/members/connection-spec.yaml"


def call(number: int, records: int | None = 100, **fields: Any) -> ShownCall:
    given: dict[str, Any] = {"status": 200, "milliseconds": 12, "headers": (("Authorization", "Bearer ${TOKEN}"),)} | fields
    return ShownCall(number, "GET", given.pop("url", URL.format((number - 1) * 100)), records=records, **given)


def finding(severity: Severity = Severity.ERROR, code: str = "same-page", message: str = "answer 2 repeats answer 1") -> Placed:
    return Placed(Problem(severity, code, message, SPEC, 78, 9, hint="check offSetName", key="members"), 2)


WARNED = finding(Severity.WARNING, "limit-ignored", "10 were asked for, 25 came")
UNKNOWN = Assumed("offset.no-end", "until-empty", Level.UNKNOWN, "When a run without an end condition ends.")
ANSWERED = replace(
    UNKNOWN, answered=EngineAnswer("until-empty", "proof 20261127T1012-7f3a", "stage", datetime(2026, 11, 27, 10, 16, tzinfo=UTC))
)
DOCUMENTED = Assumed("content.path", "array", Level.DOCUMENTED, "`contentPath` points to an array.")
WINDOW = WindowCount(None, "2026-11-27T00:00:00Z", "backfill", 237)


def report(*findings: Placed, **fields: Any) -> TryReport:
    base = TryReport(
        key="members",
        auth="Bearer",
        origin="live",
        window="backfill to 2026-11-27T00:00:00Z",
        calls=(call(1), call(2), call(3, 37)),
        records=237,
        stop_reason="$.hasMore is false",
        stop_evidence="offset.end",
        rows=({"id": 1, "name": {"first": "Jane"}}, {"id": 2, "tags": ["a"]}),
        findings=findings,
        assumed=(UNKNOWN, DOCUMENTED),
    )
    return replace(base, **fields)


def unrecorded(key: str = "orders") -> NotTried:
    return NotTried(key, (Problem(Severity.INFO, NO_RECORDING, "no recording", key=key),), ExitCode.DONE)


def broken(key: str = "users") -> NotTried:
    problem = Problem(Severity.ERROR, "syntax", "not valid YAML", "specs/sources/users/connection-spec.yaml", 3, 1, hint="fix it")
    return NotTried(key, (problem,), ExitCode.WRONG)


def tries(*results: TryReport | NotTried) -> TryAllReport:
    return TryAllReport("cassette", results)
