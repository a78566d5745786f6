"""`apply` over several targets, each an embedded service, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from reconciler.cli.fleets.approval import check_sums as check_sums_over_all
from tests.cli.test_fleet import SPEC, Folder, cells

SETTINGS: Final = """\
version: 1
repository: acme/aep-sources
groups: [test]
targets:
  dev: {emulator: .reconciler/dev.db, groups: [test]}
  eu: {emulator: .reconciler/eu.db, org_id: 2@AdobeOrg, groups: [test]}
  stage: {emulator: .reconciler/stage.db, groups: [test], after: [dev]}
  prod: {emulator: .reconciler/prod.db, groups: [test], after: [stage], by_name: true}
network: {consistency_window: 0s, settle: 0s}
"""
ALL: Final = ("--group", "test", "--target", "prod")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Folder:
    """Two sources that are live nowhere."""
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\n")
    for key in ("orders", "members"):
        made.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key))
    made.commit()
    return made


def change(repository: Folder, description: str = "two") -> None:
    repository.write("sources/orders/connection-spec.yaml", SPEC.replace("KEY", "orders").replace("one", description))
    repository.commit()


def spoil(repository: Folder, target: str) -> None:
    (repository.root / ".reconciler").mkdir(exist_ok=True)
    (repository.root / ".reconciler" / f"{target}.db").write_bytes(b"no database")


def states(report: Any) -> dict[str, tuple[str, int]]:
    return {target["name"]: (target["state"], target["exit_code"]) for target in report["targets"]}


def test_all_targets_are_applied_in_their_waves(repository: Folder) -> None:
    done = repository(*ALL, "apply", "--yes")
    assert done.code == 0
    begun = [line.partition(":")[0] for line in done.err.splitlines() if "applying" in line]
    assert begun == ["dev", "eu", "stage", "prod"]
    assert done.out.splitlines()[-1] == "4 targets: 4 applied"
    assert repository(*ALL, "plan", "--detailed-exitcode").code == 0


def test_the_report_has_each_target_with_its_own_report(repository: Folder) -> None:
    report = repository(*ALL, "apply", "--yes", "--format", "json").json
    assert report["report"] == "apply"
    assert states(report) == dict.fromkeys(("dev", "eu", "stage", "prod"), ("applied", 0))
    assert cells(report)["orders"] == ["applied"] * 4
    assert report["summary"]["applied"] == 4
    alone = report["targets"][0]["report"]
    assert (alone["report"], alone["converged"], len(alone["results"])) == ("apply", True, 2)
    assert "plan" not in alone


def test_the_kept_report_has_the_plans_that_were_carried_out(repository: Folder) -> None:
    repository(*ALL, "apply", "--yes", "--report", "apply.json")
    kept = json.loads((repository.root / "apply.json").read_text())
    assert [len(target["report"]["plan"]["actions"]) for target in kept["targets"]] == [2] * 4


def test_the_journal_of_each_target_names_the_run(repository: Folder) -> None:
    digest = repository(*ALL, "plan", "--format", "json").json["digest"]
    repository(*ALL, "apply", "--yes")
    starts = [json.loads(path.read_text().splitlines()[0]) for path in (repository.root / ".reconciler/journal").glob("*.jsonl")]
    assert [start["fleet"] for start in starts] == [{"digest": digest, "targets": ["dev", "eu", "stage", "prod"]}] * 4


def test_the_journal_of_one_target_names_no_run(repository: Folder) -> None:
    repository("--target", "dev", "apply", "--yes")
    (path,) = (repository.root / ".reconciler/journal").glob("*.jsonl")
    assert "fleet" not in json.loads(path.read_text().splitlines()[0])


@pytest.mark.parametrize("selection", [("--group", "test"), ("--group", "test", "--except", "eu")])
def test_a_target_with_by_name_is_left_out_unless_it_is_named(repository: Folder, selection: tuple[str, ...]) -> None:
    done = repository(*selection, "apply", "--yes", "--format", "json")
    assert {"target": "prod", "why": "by_name"} in done.json["selection"]["left_out"]
    assert "prod" not in states(done.json)
    assert "prod" in states(repository(*selection, "plan", "--format", "json").json)


def test_what_is_left_out_is_said(repository: Folder) -> None:
    out = repository("--group", "test", "apply", "--yes").out
    assert "left out: prod (`by_name` is set: apply to them with --target)" in out


def test_only_targets_with_by_name_are_none(repository: Folder) -> None:
    repository.write(
        "reconciler.yaml",
        SETTINGS.replace("groups: [test]}", "groups: [test], by_name: true}").replace("[test], after", "[], after"),
    )
    done = repository("--group", "test", "apply", "--yes")
    assert done.code == 1
    assert "no target is left" in done.err


def test_with_the_digest_of_the_plans_they_are_applied(repository: Folder) -> None:
    digest = repository(*ALL, "plan", "--format", "json").json["digest"]
    assert repository(*ALL, "apply", "--yes", "--expect", digest[:12]).code == 0


def test_with_another_digest_nothing_is_written_anywhere(repository: Folder) -> None:
    done = repository(*ALL, "apply", "--yes", "--expect", "0" * 12, "--format", "json")
    assert done.code == 3
    assert set(states(done.json).values()) == {("refused", 3)}
    assert "--expect requires 000000000000" in done.err
    assert repository(*ALL, "plan", "--format", "json").json["summary"]["to_do"] == 4


def test_without_a_terminal_nothing_is_written_unless_it_is_confirmed(repository: Folder) -> None:
    done = repository(*ALL, "apply")
    assert done.code == 1
    assert "there is no terminal to confirm on" in done.err
    assert repository(*ALL, "plan", "--format", "json").json["summary"]["to_do"] == 4


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("reconciler.cli.fleets.approval.somebody_is_there", lambda: True)
    monkeypatch.setattr("sys.stdin.readline", lambda: f"{answer}\n", raising=False)


@pytest.mark.parametrize(("answer", "code"), [("yes", 0), ("y", 3), ("", 3)])
def test_it_asks_once_with_the_creates_of_each_target(
    repository: Folder, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    on_a_terminal(monkeypatch, answer)
    done = repository(*ALL, "apply")
    assert done.code == code
    assert "8 creates, permanent, cannot be deleted once created: dev 2, eu 2, stage 2, prod 2" in done.err
    assert done.err.count("Type 'yes':") == 1


def test_with_nothing_to_do_it_asks_nothing(repository: Folder) -> None:
    repository(*ALL, "apply", "--yes")
    done = repository(*ALL, "apply")
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("4 targets: 0 applied, 4 in sync\n")


@pytest.mark.parametrize(
    ("safety", "flags", "code"),
    [
        ("max_creates: 7", (), 3),
        ("max_creates: 8", (), 0),
        ("max_creates: 2, fleet_max_creates: 8", (), 0),
        ("max_creates: 20, fleet_max_creates: 7", (), 3),
        ("max_creates: 2", ("--max-creates", "8"), 0),
        ("max_creates: 20", ("--max-creates", "7"), 3),
    ],
)
def test_creates_are_limited_over_all_targets(repository: Folder, safety: str, flags: tuple[str, ...], code: int) -> None:
    repository.write("reconciler.yaml", f"{SETTINGS}safety: {{{safety}}}\n")
    repository.commit()
    done = repository(*ALL, "apply", "--yes", *flags)
    assert done.code == code
    assert ("8 creates over all targets, but at most 7" in done.err) == (code == 3)


@pytest.mark.parametrize(("flags", "code"), [((), 0), (("--max-updates", "4"), 0), (("--max-updates", "3"), 3)])
def test_updates_are_limited_over_all_targets_by_a_flag(repository: Folder, flags: tuple[str, ...], code: int) -> None:
    repository.write("reconciler.yaml", f"{SETTINGS}safety: {{max_updates: 1}}\n")
    repository(*ALL, "apply", "--yes", "--allow-dirty")
    change(repository)
    assert repository(*ALL, "apply", "--yes", *flags).code == code


def test_after_a_failure_no_new_target_is_begun_and_what_comes_after_is_blocked(
    repository: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: spoil(repository, "dev"))
    done = repository(*ALL, "apply", "--yes", "--format", "json")
    assert done.code == 1
    assert states(done.json) == {"dev": ("failed", 1), "eu": ("not_started", 0), "stage": ("blocked", 0), "prod": ("blocked", 0)}
    assert cells(done.json)["orders"] == ["create", "not_started", "blocked", "blocked"]


def test_with_keep_going_only_what_comes_after_is_blocked(repository: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: spoil(repository, "dev"))
    done = repository(*ALL, "apply", "--yes", "--keep-going", "--format", "json")
    assert done.code == 1
    assert states(done.json) == {"dev": ("failed", 1), "eu": ("applied", 0), "stage": ("blocked", 0), "prod": ("blocked", 0)}


def test_a_target_that_cannot_be_read_begins_no_other_of_its_wave(repository: Folder) -> None:
    spoil(repository, "dev")
    done = repository(*ALL, "apply", "--yes", "--format", "json")
    assert done.code == 1
    assert (states(done.json)["dev"], states(done.json)["eu"]) == (("failed", 1), ("not_started", 0))


def test_the_settings_may_allow_more_failures(repository: Folder) -> None:
    repository.write("reconciler.yaml", f"{SETTINGS}fleet: {{max_failures: 2}}\n")
    repository.commit()
    spoil(repository, "dev")
    assert states(repository(*ALL, "apply", "--yes", "--format", "json").json)["eu"] == ("applied", 0)


def test_a_wave_that_is_done_stays_done_when_a_later_one_fails(repository: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: spoil(repository, "stage"))
    done = repository(*ALL, "apply", "--yes", "--format", "json")
    assert states(done.json) == {"dev": ("applied", 0), "eu": ("applied", 0), "stage": ("failed", 1), "prod": ("blocked", 0)}


def test_every_target_has_a_line_with_the_reason(repository: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: spoil(repository, "stage"))
    lines = repository(*ALL, "apply", "--yes").out.splitlines()[-8:]
    assert lines[:2] == ["dev    applied  2 created", "eu     applied  2 created"]
    assert lines[2].startswith("stage  failed   cannot open the emulator's database ")
    assert lines[3] == "prod   blocked  after stage, not applied"
    assert lines[5:] == ["hint: fix what failed first, then run apply again", "", "4 targets: 2 applied, 1 failed, 1 blocked"]


def test_the_next_run_does_what_is_left(repository: Folder) -> None:
    spoil(repository, "stage")
    repository(*ALL, "apply", "--yes")
    (repository.root / ".reconciler" / "stage.db").unlink()
    done = repository(*ALL, "apply", "--yes", "--format", "json")
    assert states(done.json) == {"dev": ("in_sync", 0), "eu": ("in_sync", 0), "stage": ("applied", 0), "prod": ("applied", 0)}


def test_a_target_that_a_guard_refuses_is_refused_with_the_reason(repository: Folder) -> None:
    repository(*ALL, "apply", "--yes")
    repository.write("reconciler.yaml", f"{SETTINGS}safety: {{max_updates: 0}}\n")
    change(repository)
    done = repository(*ALL, "apply", "--yes", "--format", "json")
    assert done.code == 3
    assert (states(done.json)["dev"], states(done.json)["eu"]) == (("refused", 3), ("refused", 3))
    assert done.json["targets"][0]["why"].startswith("the plan has 1 error: ")


def test_the_journal_of_one_target_is_refused_for_several(repository: Folder) -> None:
    done = repository(*ALL, "apply", "--yes", "--journal", "j.jsonl")
    assert done.code == 1
    assert "one target" in done.err


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let this happen after the plans were shown, before the first target is written."""

    def check_sums(*given: Any) -> None:
        check_sums_over_all(*given)
        happens()

    monkeypatch.setattr("reconciler.cli.fleets.apply.check_sums", check_sums)


def test_a_target_whose_plan_changed_since_it_was_shown_is_refused(repository: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(*ALL, "apply", "--yes")
    change(repository)
    meanwhile(monkeypatch, (repository.root / ".reconciler" / "dev.db").unlink)
    done = repository(*ALL, "apply", "--yes", "--keep-going", "--format", "json")
    assert done.code == 3
    assert {name: state for name, (state, _) in states(done.json).items()} == {
        "dev": "refused",
        "eu": "applied",
        "stage": "blocked",
        "prod": "blocked",
    }
    assert "its plan changed after it was shown" in done.json["targets"][0]["why"]


def test_what_waits_at_a_gate_is_no_failure(repository: Folder) -> None:
    repository(*ALL, "apply", "--yes")
    change(repository)
    done = repository("--target", "eu", "--target", "stage", "apply", "--yes")
    assert done.code == 0
    assert done.out.splitlines()[-4:] == [
        "eu     applied  1 updated",
        "stage  waiting  1 change waits at a gate",
        "",
        "2 targets: 1 applied, 1 waiting",
    ]


def test_what_waits_at_a_gate_is_refused_if_all_is_required(repository: Folder) -> None:
    repository(*ALL, "apply", "--yes")
    change(repository)
    done = repository("--target", "eu", "--target", "stage", "apply", "--yes", "--require-all", "--format", "json")
    assert done.code == 3
    assert states(done.json) == {"eu": ("applied", 0), "stage": ("waiting", 0)}


def test_what_a_target_waits_for_may_be_applied_by_the_same_run(repository: Folder) -> None:
    repository(*ALL, "apply", "--yes")
    change(repository)
    done = repository(*ALL, "apply", "--yes", "--require-all", "--format", "json")
    assert done.code == 0
    assert set(states(done.json).values()) == {("applied", 0)}


def test_a_plan_has_the_digest_that_apply_requires_without_targets_with_by_name(repository: Folder) -> None:
    line = repository("--group", "test", "plan").out.splitlines()[-1]
    assert line.startswith("apply leaves out prod (`by_name` is set): without it digest ")
    assert repository("--group", "test", "apply", "--yes", "--expect", line.split()[-1]).code == 0
    assert "apply leaves out" not in repository(*ALL, "plan").out


def test_markdown_says_what_became_of_each_target(repository: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: spoil(repository, "stage"))
    done = repository(*ALL, "apply", "--yes", "--format", "markdown")
    assert done.code == 1
    assert done.out.startswith("<!-- reconciler:plan fleet=acme%2Faep-sources specs=specs -->\n\n### Apply to 4 targets\n")
    assert "**1 failed, 2 applied, 1 blocked**\n" in done.out
    for state in ("dev</code> | applied", "eu</code> | applied", "stage</code> | failed", "prod</code> | blocked"):
        assert f"| <code>{state} |" in done.out
    assert "#### Not applied" in done.out
    assert "- <code>prod</code>: after stage, not applied\\\n  hint: fix what failed first" in done.out
    assert "will be created" not in done.out


def test_markdown_of_a_refused_run_says_why_for_each_target(repository: Folder) -> None:
    done = repository(*ALL, "apply", "--yes", "--expect", "0" * 12, "--format", "markdown")
    assert done.code == 3
    assert "**4 refused**" in done.out
    assert "but <code>--expect</code> requires <code>000000000000</code>" in done.out


def test_markdown_of_nothing_to_do_is_one_line(repository: Folder) -> None:
    repository(*ALL, "apply", "--yes")
    out = repository(*ALL, "apply", "--yes", "--format", "markdown").out
    assert out.splitlines()[2:] == ["**reconciler** 4 targets · nothing to do: 2 specs in sync"]


@pytest.mark.parametrize("targets", [ALL, ("--target", "dev")])
def test_a_page_is_a_format_of_plan_for_one_target_and_for_several(repository: Folder, targets: tuple[str, ...]) -> None:
    done = repository(*targets, "apply", "--yes", "--format", "html")
    assert (done.code, done.out) == (1, "")
    assert "'html' is not one of 'text', 'json', 'markdown'" in done.err
    assert "hint:" in done.err
