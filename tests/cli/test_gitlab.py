"""`reconciler gitlab`, with the command in this process and a fake GitLab."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace
from starlette.responses import JSONResponse

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.errors import ReconcilerError
from reconciler.planning.overdue import Overdue
from reconciler.planning.plan import Plan
from reconciler.reports.drift.view import drift_of
from reconciler.reports.plan.json import render_drift_json, render_plan_json
from reconciler.reports.plan.view import view_of
from reconciler.settings.loading import load_settings
from reconciler.settings.targets import Settings
from tests.cli.fakes import CommandLine, Ran
from tests.gitlab.fake_api import TOKEN, FakeGitLab, a_sha
from tests.reports.fleet.fleets import QUIET, UNREADABLE, report_over
from tests.reports.plans import change, plan, spec, update

VIEW = view_of(plan(update(change("replace", "/a", 1, 2))))
JOB = {
    "CI_PROJECT_ID": "7",
    "CI_COMMIT_SHA": a_sha("head"),
    "CI_JOB_ID": "12",
    "CI_MERGE_REQUEST_IID": "1",
    "RECONCILER_GITLAB_TOKEN": TOKEN,
}


@pytest.fixture
def report(tmp_path: Path) -> str:
    path = tmp_path / "report.json"
    path.write_text(render_plan_json(VIEW))
    return str(path)


def test_a_plan_becomes_a_note_without_words_about_github(reconciler: CommandLine, report: str) -> None:
    fake = FakeGitLab()
    fake.open(a_sha("head"))
    with fake.serving() as url:
        ran = reconciler("gitlab", "note", report, environ=JOB | {"CI_API_V4_URL": url})
    (note,) = fake.texts()
    assert (ran.code, ran.err) == (0, "note on !1: created\n")
    assert "Merging allows exactly this plan for <code>stage</code>." in note
    assert "gh workflow" not in note


def test_a_command_that_ended_too_early_is_noted(reconciler: CommandLine, tmp_path: Path) -> None:
    fake = FakeGitLab()
    fake.open(a_sha("head"))
    with fake.serving() as url:
        reconciler("--target", "stage", "gitlab", "note", str(tmp_path / "missing.json"), environ=JOB | {"CI_API_V4_URL": url})
    assert "**Planning failed** for <code>stage</code>" in fake.texts()[0]


def test_outside_of_a_merge_request_and_a_merge_nothing_is_written(reconciler: CommandLine, report: str) -> None:
    fake = FakeGitLab()
    with fake.serving() as url:
        ran = reconciler("gitlab", "note", report, environ=JOB | {"CI_MERGE_REQUEST_IID": "", "CI_API_V4_URL": url})
    assert (ran.code, fake.texts()) == (0, [])
    assert "no merge request was merged as" in ran.err


def test_outside_of_a_job_it_names_what_is_missing(reconciler: CommandLine, report: str) -> None:
    ran = reconciler("gitlab", "note", report)
    assert (ran.code, ran.err.splitlines()[0]) == (1, "error: CI_PROJECT_ID is not set")


def test_without_a_token_it_says_which_one_to_create(reconciler: CommandLine, report: str) -> None:
    job = JOB | {"RECONCILER_GITLAB_TOKEN": "", "CI_API_V4_URL": "https://gitlab.example/api/v4"}
    ran = reconciler("gitlab", "note", report, environ=job)
    assert (ran.code, ran.err.splitlines()[0]) == (1, "error: RECONCILER_GITLAB_TOKEN is not set")


def test_drift_has_no_note(reconciler: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "drift.json"
    path.write_text(render_drift_json(drift_of(VIEW)))
    ran = reconciler("gitlab", "note", str(path), environ=JOB | {"CI_API_V4_URL": "https://gitlab.example/api/v4"})
    assert (ran.code, ran.err.splitlines()[0]) == (1, "error: this report has no note")


@pytest.mark.parametrize(
    ("names", "code", "said"), [(("stage", "prod"), 0, "2 to do"), (("stage",), 1, "no report of it was found")]
)
def test_the_plans_of_all_targets_are_one_note(
    reconciler: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    targets = "".join(f"  {name}: {{org_id: 1234567890@AdobeOrg, sandbox: {name}}}\n" for name in ("stage", "prod"))
    (tmp_path / "specs" / "reconciler.yaml").write_text(f"version: 1\nrepository: acme/aep-sources\ntargets:\n{targets}")
    for name in names:
        (tmp_path / f"{name}.json").write_text(
            render_plan_json(replace(VIEW, target=dataclasses.replace(VIEW.target, name=name)))
        )
    fake = FakeGitLab()
    fake.open(a_sha("head"))
    with fake.serving() as url:
        files = [f"{name}.json" for name in names]
        ran = reconciler("--all", "gitlab", "note", "--merge", *files, environ=JOB | {"CI_API_V4_URL": url})
    (note,) = fake.texts()
    assert (ran.code, ran.err) == (code, "note on !1: created\n")
    assert note.startswith("<!-- reconciler:plan fleet=acme%2Faep-sources specs=specs -->")
    assert said in note
    assert ("Merging allows exactly these plans." in note) == (code == 0)


TARGETS = ("stage", "prod", *(f"emea-{number:02}" for number in range(12)))
SETTINGS = f"""\
version: 1
repository: acme/aep-sources
fleets:
  emea: {{org_id: 1@AdobeOrg, sandboxes: [{", ".join(repr(f"{number:02}") for number in range(12))}]}}
targets:
  stage: {{org_id: 1@AdobeOrg, sandbox: stage}}
  prod: {{org_id: 1@AdobeOrg, sandbox: prod}}
"""
DRIFTED = dataclasses.replace(
    plan(
        dataclasses.replace(update(change("replace", "/a", 1, 2, Cause.DRIFT)), cause=Cause.DRIFT),
        specs=(spec("mailchimp-members"),),
    ),
    digest="5" * 64,
)
PUSH = JOB | {"CI_MERGE_REQUEST_IID": "", "CI_JOB_URL": "https://gitlab.example/job/12"}


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "reconciler.yaml").write_text(SETTINGS)
    return load_settings(tmp_path / "specs")


def drift(reconciler: CommandLine, team: Settings, url: str, plans: Mapping[str, Plan | ReconcilerError]) -> Ran:
    """`drift` over all targets, then the issues; targets that are not given are in sync."""
    given: dict[str, Plan | ReconcilerError] = {**dict.fromkeys(TARGETS, QUIET), **plans}
    Path("drift.json").write_bytes(report_over(team, given, "drift"))
    return reconciler("--all", "gitlab", "drift-issue", "--merge", "drift.json", environ=PUSH | {"CI_API_V4_URL": url})


def test_each_target_that_drifted_has_an_issue_and_more_than_ten_share_that_of_their_fleet(
    reconciler: CommandLine, team: Settings
) -> None:
    fake = FakeGitLab()
    with fake.serving() as url:
        first = drift(reconciler, team, url, {"stage": DRIFTED, "emea-01": DRIFTED})
        assert (first.code, first.err.count("created")) == (0, 2)
        assert list(fake.open_issues()) == ["Drift in stage: 1 spec", "Drift in emea-01: 1 spec"]
        drift(reconciler, team, url, {"stage": DRIFTED} | dict.fromkeys(TARGETS[2:], DRIFTED))
        assert list(fake.open_issues()) == ["Drift in stage: 1 spec", "Drift in emea: 12 of 12 targets"]
        assert "mailchimp-members" in fake.open_issues()["Drift in emea: 12 of 12 targets"]
        drift(reconciler, team, url, {"stage": UNREADABLE})
        assert list(fake.open_issues()) == ["Drift in stage: 1 spec"]
        last = drift(reconciler, team, url, {})
    assert (last.err, fake.open_issues()) == (
        "drift issue of stage: closed https://gitlab.example/acme/aep-sources/-/issues/1\n",
        {},
    )
    assert [notes[-1]["body"] for notes in fake.comments.values()][-1] == "The drift is gone: https://gitlab.example/job/12."
    assert fake.quick_actions == []


@pytest.mark.usefixtures("team")
def test_the_issue_of_one_target_says_how_to_keep_and_how_to_undo_its_drift(reconciler: CommandLine) -> None:
    Path("drift.json").write_text(render_drift_json(drift_of(view_of(DRIFTED))))
    fake = FakeGitLab()
    with fake.serving() as url:
        ran = reconciler("--target", "stage", "gitlab", "drift-issue", "drift.json", environ=PUSH | {"CI_API_V4_URL": url})
    (text,) = fake.open_issues().values()
    assert (ran.code, ran.err.startswith("drift issue: created https://")) == (0, True)
    assert "import --drift mailchimp-members" in text
    assert "apply mailchimp-members" in text


@pytest.mark.usefixtures("team")
def test_the_address_that_gitlab_gives_an_issue_commands_no_terminal(reconciler: CommandLine) -> None:
    Path("drift.json").write_text(render_drift_json(drift_of(view_of(DRIFTED))))
    fake = FakeGitLab()
    fake.failures = [
        None,
        None,
        JSONResponse({"id": 1, "iid": 1, "web_url": "https://gitlab.example/\x1b[2J\nsection_end:0:x\r"}),
    ]
    with fake.serving() as url:
        ran = reconciler("--target", "stage", "gitlab", "drift-issue", "drift.json", environ=PUSH | {"CI_API_V4_URL": url})
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert not {"\x1b", "\r"} & set(ran.err)


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(
    ("options", "content", "code", "said"),
    [
        ((), "", 0, "the drift check failed; the issue was not changed"),
        ((), render_plan_json(VIEW), 1, "error: drift.json is not a drift report"),
        (("--merge",), render_plan_json(VIEW), 1, "error: drift.json is not a drift report"),
        (("--merge",), "", 0, "the drift check failed; no issue was changed"),
    ],
)
def test_no_issue_is_changed_by_what_is_no_drift(
    reconciler: CommandLine, options: tuple[str, ...], content: str, code: int, said: str
) -> None:
    if content:
        Path("drift.json").write_text(content)
    environ = PUSH | {"CI_API_V4_URL": "https://gitlab.example/api/v4"}
    chosen = ("--all",) if options else ("--target", "stage")
    ran = reconciler(*chosen, "gitlab", "drift-issue", *options, "drift.json", environ=environ)
    assert (ran.code, ran.err.splitlines()[0]) == (code, said)


@pytest.mark.usefixtures("team")
def test_the_issue_of_what_was_never_applied_says_what_its_apply_did(reconciler: CommandLine) -> None:
    late = Overdue(Kind.CONNECTION_SPEC, "orders", "specs/orders.yaml", a_sha("head"), "2026-11-01T00:00:00Z", 1)
    Path("drift.json").write_text(render_drift_json(drift_of(view_of(dataclasses.replace(QUIET, overdue=(late,))))))
    fake = FakeGitLab()
    job = fake.job(fake.pipeline(a_sha("head"), "main"), "apply stage", None, "failed")
    environ = PUSH | {"CI_COMMIT_BRANCH": "main"}
    with fake.serving() as url:
        ran = reconciler("--target", "stage", "gitlab", "drift-issue", "drift.json", environ=environ | {"CI_API_V4_URL": url})
    assert ran.code == 0, ran.err
    (text,) = fake.open_issues().values()
    said = f"apply ended with failure: [its run](<https://gitlab.example/acme/aep-sources/-/jobs/{job}>)"
    assert f"#### Apply runs\n\n- <code>{a_sha('head')[:10]}</code>: {said}" in text
