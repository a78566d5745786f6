"""Reports of `try --all`, written by hand."""

from __future__ import annotations

from typing import Any

from reconciler.documents.json_text import Document, encode

NO_RECORDING: Document = {
    "severity": "info",
    "code": "no-recording",
    "message": "no recording",
    "file": None,
    "line": None,
    "column": None,
    "hint": "make one with: reconciler try orders --record",
    "key": "orders",
    "guard": False,
}
BROKEN: Document = NO_RECORDING | {
    "severity": "error",
    "code": "bad-value",
    "message": "a call is missing",
    "file": "specs/proofs/users/cassette.jsonl",
    "line": 3,
    "hint": "record it again",
    "key": "users",
}
NOT_RECORDED: Document = {
    "level": "error",
    "code": "not-recorded",
    "message": "request 2 asks offset=200, recorded was offset=100",
    "hint": "if this change is meant, record again: reconciler try members --record",
    "file": "specs/sources/members/connection-spec.yaml",
    "line": 78,
    "column": 9,
    "call": 2,
}
WARNED: Document = NOT_RECORDED | {"level": "warning", "code": "limit-ignored", "message": "10 were asked for, 25 came"}


def trial(key: str = "members", *findings: Document, records: int = 237, calls: int = 4, **fields: Any) -> Document:
    failed = any(finding["level"] == "error" for finding in findings)
    return {
        "report": "try",
        "format_version": 1,
        "key": key,
        "auth": "Key",
        "source": "cassette",
        "recorded_at": "2026-11-27T08:00:00Z",
        "calls": [{"n": number, "url": "https://api.example.com"} for number in range(1, calls + 1)],
        "records": records,
        "findings": list(findings),
        "outcome": "failed" if failed else "held",
        **fields,
    }


def tries(*trials: Document, **untried: Document) -> bytes:
    """The report: trials, and the problem of each key without one."""
    held = all(one["outcome"] == "held" for one in trials) and all(one["severity"] == "info" for one in untried.values())
    return encode(
        {
            "report": "try-all",
            "format_version": 1,
            "source": "cassette",
            "trials": list(trials),
            "not_tried": [{"key": key, "problems": [problem]} for key, problem in untried.items()],
            "interrupted": False,
            "outcome": "held" if held else "failed",
        }
    )
