"""Targets that come after others: what plan, apply and `gates` say and do, with embedded services in this process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.documents.json_text import encode
from reconciler.reports.report_reading import read_apply
from tests.cli.test_fleet import SPEC, Folder

SETTINGS = """\
version: 1
repository: acme/aep-sources
targets:
  stage: {emulator: .reconciler/stage.db}
  prod: {emulator: .reconciler/prod.db, after: [stage]}
  late: {emulator: .reconciler/late.db, after: [stage], soak: 24h}
network: {consistency_window: 0s, settle: 0s}
"""
SKIPS = ("--skip-gate", "same", "--skip-gate", "soak=members")
REASON = ("--reason", "the outage of last night")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """Two sources. Only `orders` is applied to stage."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\n")
    for key in ("orders", "members"):
        made.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key))
    made.commit()
    assert made("--target", "stage", "apply", "orders", "--yes").code == 0
    return made


def test_a_plan_has_what_is_ready_and_says_what_waits(repository: Folder) -> None:
    done = repository("--target", "prod", "plan")
    assert done.code == 0
    assert '+ connection spec orders "Acme orders"' in done.out
    assert (
        '1 change waits at a gate:\n  connection spec members "Acme members"  create\n    same: stage does not have it yet'
        in done.out
    )
    assert "hint: apply stage first" in done.out


def test_the_report_of_a_plan_has_what_waits_and_since_when(repository: Folder) -> None:
    plan = repository("--target", "late", "plan", "orders", "--format", "json").json
    (one,) = plan["waiting"]
    (wait,) = one["waits"]
    assert (plan["actions"], one["action"]["key"], wait["gate"], wait["on"]) == ([], "orders", "soak", "stage")
    assert wait["since"] < wait["until"]


def test_an_apply_writes_what_is_ready_and_waiting_is_no_failure(repository: Folder) -> None:
    done = repository("--target", "prod", "apply", "--yes", "--report", "../report.json")
    assert (done.code, done.out.splitlines()[-1]) == (0, "applied what was ready; 1 change waits at a gate")
    report = json.loads((repository.root / "../report.json").read_bytes())
    assert [(one["key"], one["waits"][0]["gate"]) for one in report["waiting"]] == [("members", "same")]
    assert read_apply(encode(report), "report.json").while_waiting == done.out.splitlines()[-1]
    status = repository("--target", "prod", "status", "--format", "json").json
    assert {spec["key"]: spec["state"] for spec in status["specs"]} == {"orders": "in_sync", "members": "create"}


@pytest.mark.parametrize("selection", [("--target", "prod"), ("--target", "prod", "--target", "late")])
def test_a_plan_in_which_something_only_waits_is_something_to_do(repository: Folder, selection: tuple[str, ...]) -> None:
    assert repository("--target", "prod", "apply", "orders", "--yes").code == 0
    assert [repository("--target", each, "plan", "--format", "json").json["actions"] for each in ("prod", "late")] == [[], []]
    assert repository(*selection, "plan", "--detailed-exitcode").code == 2
    assert repository("--target", "prod", "plan").code == 0
    assert repository("--target", "prod", "plan", "orders", "--detailed-exitcode").code == 0


def test_what_waits_is_refused_once_the_rest_is_written_if_all_is_required(repository: Folder) -> None:
    prod = ("--target", "prod")
    assert repository(*prod, "apply", "--yes", "--require-all").code == 3
    states = {spec["key"]: spec["state"] for spec in repository(*prod, "status", "--format", "json").json["specs"]}
    assert states == {"orders": "in_sync", "members": "create"}
    assert repository(*prod, "apply", "orders", "--yes", "--require-all").code == 0


def test_an_apply_with_nothing_ready_says_what_waits(repository: Folder) -> None:
    done = repository("--target", "late", "apply", "orders", "--yes")
    assert done.code == 0
    assert "nothing to do yet" in done.out
    assert "soak" in done.out


def test_without_the_upstream_target_nothing_goes_on(repository: Folder) -> None:
    (repository.root / ".reconciler/stage.db").write_bytes(b"this is no database")
    done = repository("--target", "prod", "apply", "--yes")
    assert "same: stage could not be read" in done.out
    assert repository("--target", "prod", "status", "--format", "json").json["summary"]["in_sync"] == 0


def test_a_change_that_stage_does_not_have_waits(repository: Folder) -> None:
    assert repository("--target", "prod", "apply", "--yes").code == 0
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders").replace("one", "two"))
    repository.commit()
    done = repository("--target", "prod", "gates", "orders")
    assert "orders  waits: same: stage has 1 change pending (description); apply stage first" in done.out


def test_a_gate_is_skipped_with_a_reason_that_the_marker_and_the_plan_keep(repository: Folder) -> None:
    done = repository("--target", "late", "apply", "orders", "--skip-gate", "soak", *REASON, "--yes")
    assert (done.code, "goes on although a gate is not passed: soak" in done.out) == (0, True)
    plan = repository("--target", "late", "plan", *SKIPS, *REASON, "--format", "json").json
    assert (plan["options"]["skip_gates"], plan["options"]["reason"]) == (["same", "soak=members"], "the outage of last night")
    assert [action["key"] for action in plan["actions"]] == ["members"]


def test_what_was_reviewed_without_the_skip_has_another_digest(repository: Folder) -> None:
    digest = repository("--target", "prod", "plan", "orders", "--format", "json").json["digest"]
    done = repository(
        "--target", "prod", "apply", "orders", "members", "--skip-gate", "same", *REASON, "--expect", digest, "--yes"
    )
    assert done.code == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--skip-gate", "same"], "--skip-gate needs a reason"),
        (["--reason", "the outage of last night"], "--reason has no effect without --skip-gate"),
        (["--skip-gate", "sam", *REASON], "'sam' is not one of same, soak, proved"),
        (["--skip-gate", "same=", *REASON], "'same=' is not one of same, soak, proved"),
        (["--skip-gate", "same", "--reason", "because"], "a reason has from 10 to 500 characters"),
    ],
)
def test_a_skip_without_a_gate_or_a_reason_is_an_error(repository: Folder, words: list[str], message: str) -> None:
    done = repository("--target", "prod", "plan", *words)
    assert (done.code, message in done.err) == (1, True), done.err


def test_a_skip_where_nothing_waits_for_another_target_is_an_error(repository: Folder) -> None:
    done = repository("--target", "stage", "plan", "--skip-gate", "same", *REASON)
    assert (done.code, "target 'stage' is after no other" in done.err) == (1, True)


def test_the_gates_of_several_targets_are_one_report(repository: Folder) -> None:
    done = repository("--target", "prod", "--target", "late", "gates")
    assert done.code == 0
    assert done.out.startswith(
        "prod · after stage\n  members  waits: same: stage does not have it yet; apply stage first\n  orders   ready\n"
    )
    assert "late · after stage, soak 1d\n" in done.out
    report = repository("--target", "prod", "--target", "late", "gates", "--format", "json").json
    assert (report["report"], report["fleet"], [target["name"] for target in report["targets"]]) == (
        "gates",
        True,
        ["prod", "late"],
    )


def test_something_that_waits_is_an_exit_code_if_asked_for(repository: Folder) -> None:
    assert repository("--target", "prod", "gates", "--detailed-exitcode").code == 2
    assert repository("--target", "prod", "gates", "orders", "--detailed-exitcode").code == 0


def test_jobs_are_only_for_targets_to_which_something_may_go_on(repository: Folder) -> None:
    words = ("--target", "prod", "--target", "late", "--target", "stage", "gates", "--by", "environment", "--format", "json")
    assert [job["targets"] for job in repository(*words, "--ready", "--wave", "2").json["jobs"]] == [["prod"]]
    assert [job["targets"] for job in repository(*words, "--wave", "2").json["jobs"]] == [["prod"], ["late"]]
    assert repository(*words, "--wave", "3").json["jobs"] == []


def test_one_run_plans_a_target_with_what_it_applies_to_the_one_before(repository: Folder) -> None:
    plan = repository("--target", "stage", "--target", "prod", "plan", "--format", "json").json
    keys = {target["name"]: [action["key"] for action in target["report"]["actions"]] for target in plan["targets"]}
    assert keys == {"stage": ["members"], "prod": ["members", "orders"]}


def test_one_run_applies_the_targets_in_their_order(repository: Folder) -> None:
    assert repository("--target", "prod", "--target", "stage", "apply", "--yes").code == 0
    assert repository("--target", "prod", "--target", "stage", "plan", "--detailed-exitcode").code == 0


def test_a_restore_asks_no_gate(repository: Folder) -> None:
    assert repository("--target", "prod", "apply", "--yes").code == 0
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders").replace("one", "two"))
    repository.commit()
    assert repository("--target", "stage", "apply", "orders", "--yes").code == 0
    assert repository("--target", "prod", "apply", "--yes", "--journal", "second.jsonl").code == 0
    (repository.root / ".reconciler/stage.db").write_bytes(b"this is no database")
    done = repository("--target", "prod", "restore", "second.jsonl", "--yes")
    assert (done.code, done.out.splitlines()[-1]) == (0, "converged: live matches the journal")


def test_a_skip_for_a_spec_that_does_not_exist_is_an_error(repository: Folder) -> None:
    done = repository("--target", "prod", "plan", "--skip-gate", "same=order", *REASON)
    assert (done.code, "no spec file has the key 'order'" in done.err) == (1, True)


def test_a_skip_without_a_reason_is_one_error_for_all_targets(repository: Folder) -> None:
    done = repository("--target", "prod", "--target", "late", "gates", "--skip-gate", "same")
    assert (done.code, done.out, "--skip-gate needs a reason" in done.err) == (1, "", True)


def test_gates_of_files_with_an_error_are_not_known(repository: Folder) -> None:
    repository.write("sources/orders/connection-spec.yaml", "kind: [")
    assert repository("--target", "prod", "gates").code == 1


def test_a_target_with_an_error_is_among_the_ready_ones_and_the_error_is_shown(repository: Folder) -> None:
    repository.write("sources/members/connection-spec.yaml", "kind: [")
    done = repository("--target", "stage", "gates", "--ready")
    assert (done.code, "specs/sources/members/connection-spec.yaml:" in done.out) == (1, True)


def test_a_target_after_no_other_with_an_error_is_not_without_work(repository: Folder) -> None:
    repository.write("sources/members/connection-spec.yaml", "kind: [")
    done = repository("--target", "stage", "gates")
    assert (done.code, "nothing to do" in done.out) == (1, False)
    assert done.out.startswith("stage · after no other target\nspecs/sources/members/connection-spec.yaml:")


def test_what_is_to_be_written_to_a_target_after_no_other_is_ready(repository: Folder) -> None:
    assert repository("--target", "stage", "gates").out == "stage · after no other target\n  1 change ready: no gate to pass\n"
    assert repository("--target", "stage", "apply", "--yes").code == 0
    assert repository("--target", "stage", "gates").out == "stage · after no other target\n  nothing to do\n"
