"""The section about recorded trials in a comment, from the report of `try --all`."""

from __future__ import annotations

import pytest

from reconciler.documents.json_text import Document, decode, encode
from reconciler.errors import SettingsError, Severity, UsageError
from reconciler.reports.problems.json import render_failure_json
from reconciler.reports.sinks.markdown import no_links, size
from reconciler.reports.trying.comment import trials_section
from reconciler.reports.trying.saved import read_trials
from tests.reports.trying.trials import BROKEN, NO_RECORDING, NOT_RECORDED, WARNED, trial, tries


def section(report: bytes, room: int = 10_000) -> str:
    return trials_section(read_trials(report, "trials.json"), no_links, room)


def test_a_repository_without_recordings_has_no_section() -> None:
    assert section(tries(orders=NO_RECORDING, users=NO_RECORDING)) == ""
    assert section(tries()) == ""


def test_each_trial_is_a_row_and_sources_without_a_recording_are_counted() -> None:
    said = section(tries(trial(), orders=NO_RECORDING))
    assert said.startswith("#### Recorded trials\n\n1 held, 1 without a recording. ")
    assert "| <code>members</code> | held | 237 | 4 | 2026-11-27 |  |" in said
    assert "orders" not in said
    assert "Findings" not in said


def test_a_recording_of_a_stub_says_so() -> None:
    assert "| <code>members</code> | held | 237 | 4 | 2026-11-27 (stub) |  |" in section(tries(trial(of_stub=True)))


def test_failed_trials_come_first_with_their_finding_and_its_place() -> None:
    said = section(tries(trial("a-held"), trial("members", WARNED, NOT_RECORDED, records=100, calls=2)))
    assert "1 held, **1 failed**. " in said
    rows = [line for line in said.split("\n") if line.startswith("| <code>")]
    assert rows[0].startswith("| <code>members</code> | **failed** | 100 | 2 | 2026-11-27 | request 2 asks <code>offset&#61;200")
    assert rows[1].startswith("| <code>a-held</code> | held |")
    findings = said.partition("#### Findings\n\n")[2]
    assert findings.startswith("- **error** <code>specs&#47;sources")
    assert "hint: if this change is meant, record again" in findings.replace("&#44;", ",").replace("&#58;", ":")
    assert "limit" not in findings


def test_a_recording_that_cannot_be_read_is_a_failure() -> None:
    trials = read_trials(tries(trial(), users=BROKEN), "trials.json")
    said = trials_section(trials, no_links, 10_000)
    assert "1 held, **1 could not be tried**. " in said
    assert "| <code>users</code> | **not tried** |  |  |  | a call is missing" in said
    assert [(problem.severity, problem.file, problem.line) for problem in trials.problems] == [
        (Severity.ERROR, "specs/proofs/users/cassette.jsonl", 3)
    ]


def test_problems_have_the_severity_the_place_and_the_key_of_each_finding() -> None:
    first, second = read_trials(tries(trial("members", WARNED, NOT_RECORDED)), "p").problems
    assert (first.severity, first.code, first.file, first.line, first.column, first.key) == (
        Severity.ERROR,
        "not-recorded",
        "specs/sources/members/connection-spec.yaml",
        78,
        9,
        "members",
    )
    assert second.severity is Severity.WARNING


def test_a_missing_recording_is_no_problem() -> None:
    assert read_trials(tries(orders=NO_RECORDING), "p").problems == ()


def test_a_command_that_tried_nothing_says_why() -> None:
    report = render_failure_json(SettingsError("specs/reconciler.yaml cannot be used", hint="correct it")).encode()
    trials = read_trials(report, "trials.json")
    assert [(problem.severity, problem.message, problem.hint) for problem in trials.problems] == [
        (Severity.ERROR, "specs/reconciler.yaml cannot be used", "correct it")
    ]
    assert trials.outcome == "failed"
    assert "**nothing could be tried**" in trials_section(trials, no_links, 10_000)


@pytest.mark.parametrize("room", [600, 1_000, 4_000, 15_000])
def test_many_trials_fit_into_the_room_and_the_rest_are_counted(room: int) -> None:
    said = section(tries(*(trial(f"source-{number:04}", NOT_RECORDED) for number in range(400))), room)
    assert 0 < size(said) <= room
    assert "more source" in said


HOSTILE = "x | ![](https://evil.example) <script>\n::error::no\n@acme/all"


def test_what_a_spec_says_is_shown_as_text_only() -> None:
    said = section(
        tries(
            trial(
                HOSTILE,
                NOT_RECORDED | {"message": HOSTILE, "hint": HOSTILE.replace("\n", " "), "file": HOSTILE},
                recorded_at=HOSTILE,
            )
        )
    )
    assert "<script>" not in said
    assert "![]" not in said
    assert "@acme" not in said
    assert not any(line.startswith("::") for line in said.split("\n"))


@pytest.mark.parametrize(
    "change",
    [
        {"report": "try"},
        {"format_version": 2},
        {"trials": {}},
        {"trials": [{"key": "a"}]},
        {"outcome": "fine"},
        {"not_tried": [1]},
    ],
)
def test_anything_else_is_not_a_report_of_trials(change: Document) -> None:
    document = decode(tries(trial())) | change
    with pytest.raises(UsageError, match="is not a report of `try --all`"):
        read_trials(encode(document), "trials.json")


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"[" * 10_000])
def test_damaged_files_are_refused(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"trials\.json is not a report"):
        read_trials(data, "trials.json")
