from __future__ import annotations

from dataclasses import replace

from reconciler.documents.json_text import Document, decode
from reconciler.reports.trying.json import render_tries_json, render_try_json
from reconciler.reports.trying.saved import read_trials
from reconciler.trying.report import TryReport
from tests.reports.trying.reports import ANSWERED, UNKNOWN, WINDOW, broken, call, finding, report, tries, unrecorded


def shown(trial: TryReport) -> Document:
    document: Document = decode(render_try_json(trial))
    return document


def test_a_report_has_every_fact_of_a_trial() -> None:
    row = replace(UNKNOWN, changes_outcome=True, alternatives=(("never", "600 records"),))
    document = shown(report(finding(), assumed=(row,), windows=(WINDOW,), calls=(call(1, body={"a": 1}, curl="curl …"),)))
    assert document == {
        "report": "try",
        "format_version": 1,
        "key": "members",
        "auth": "Bearer",
        "source": "live",
        "recorded_at": None,
        "of_stub": False,
        "window": "backfill to 2026-11-27T00:00:00Z",
        "calls": [
            {
                "n": 1,
                "method": "GET",
                "url": "https://api.example.com/v1/members?limit=100&offset=0",
                "headers": [["Authorization", "Bearer ${TOKEN}"]],
                "body": {"a": 1},
                "status": 200,
                "records": 100,
                "ms": 12,
                "probe": False,
                "curl": "curl …",
            }
        ],
        "records": 237,
        "rows": [{"id": 1, "name": {"first": "Jane"}}, {"id": 2, "tags": ["a"]}],
        "stop": {"reason": "$.hasMore is false", "evidence": "offset.end"},
        "findings": [
            {
                "level": "error",
                "code": "same-page",
                "message": "answer 2 repeats answer 1",
                "hint": "check offSetName",
                "file": "specs/sources/members/connection-spec.yaml",
                "line": 78,
                "column": 9,
                "call": 2,
            }
        ],
        "assumed": [
            {
                "key": "offset.no-end",
                "value": "until-empty",
                "level": "unknown",
                "changes_outcome": True,
                "text": "When a run without an end condition ends.",
                "alternatives": [{"value": "never", "outcome": "600 records"}],
                "answered": None,
            }
        ],
        "windows": [{"from": None, "to": "2026-11-27T00:00:00Z", "mode": "backfill", "records": 237}],
        "more_calls": None,
        "written": [],
        "interrupted": False,
        "outcome": "failed",
    }


def test_an_interrupted_trial_did_not_hold() -> None:
    document = shown(report(interrupted=True))
    assert (document["interrupted"], document["outcome"]) == (True, "failed")


def test_warnings_do_not_fail_a_trial() -> None:
    assert shown(report())["outcome"] == "held"


def test_all_trials_are_read_back() -> None:
    text = render_tries_json(tries(report(), replace(report(finding()), key="late"), unrecorded(), broken()))
    saved = read_trials(text.encode(), "report.json")
    assert [(trial.key, trial.outcome, trial.records) for trial in saved.trials] == [
        ("members", "held", 237),
        ("late", "failed", 237),
    ]
    assert saved.unrecorded == ("orders",)
    assert [one.key for one in saved.unreadable] == ["users"]
    assert saved.outcome == "failed"


def test_an_answer_names_its_proof() -> None:
    (row,) = shown(report(assumed=(ANSWERED,)))["assumed"]
    assert row["answered"] == {
        "by": "proof 20261127T1012-7f3a",
        "target": "stage",
        "at": "2026-11-27T10:16:00Z",
        "emulated": False,
    }
