"""The GitLab example: which jobs a pipeline has, and the life of a change through them, with the installed command."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.documents.json_text import decode
from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from reconciler.emulator.switches.faults import Fault
from tests.docs.gitlab_runner import EXAMPLE, READER, Runner, example
from tests.e2e.shops import PAGING, record_shop, write_shop
from tests.e2e.third_party import by_offset, third_party
from tests.e2e.workplace import Workplace
from tests.gitlab.fake_api import TOKEN, FakeGitLab

PUSH = {"CI_PIPELINE_SOURCE": "push", "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BRANCH": "main"}
BRANCH = PUSH | {"CI_COMMIT_BRANCH": "change"}
SCHEDULE = PUSH | {"CI_PIPELINE_SOURCE": "schedule"}
MERGE_REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_DEFAULT_BRANCH": "main",
    "CI_MERGE_REQUEST_IID": "1",
    "CI_MERGE_REQUEST_PROJECT_ID": "7",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7",
}
FORK = MERGE_REQUEST | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "8"}


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Runner]:
    fake = FakeGitLab()
    with build(":memory:") as emulator, serving(emulator.app) as url, fake.serving() as api:
        work = Workplace(tmp_path / "checkout", url, emulator)
        work.behave(read_only_clients=[READER])
        work.live()
        work.commit("the team's repository")
        yield Runner(tmp_path, work, fake, api)


def propose(team: Runner, **sections: Any) -> tuple[dict[str, str], str]:
    """A merge request that adds or changes a source: its variables, and its head."""
    base = team.work.git("rev-parse", "HEAD")
    team.work.git("checkout", "-q", "-B", "change")
    team.work.source("members", **sections)
    head = team.work.commit()
    team.gitlab.open(head)
    return MERGE_REQUEST | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}, head


def merge(team: Runner) -> str:
    """The merge commit on the default branch."""
    team.work.git("checkout", "-q", "main")
    team.work.git("merge", "-q", "--no-ff", "-m", "merged", "change")
    merged = team.work.git("rev-parse", "HEAD")
    team.gitlab.merge(1, datetime.now(UTC).isoformat(), merge_commit_sha=merged)
    return merged


def reviewed(team: Runner, **sections: Any) -> str:
    """A change that was planned on its merge request and merged; the merge commit."""
    request, head = propose(team, **sections)
    ran = team.run("plan stage", request, head)
    assert ran.code == 0, ran.log
    return merge(team)


def merge_a_source(team: Runner) -> str:
    """A new source on the default branch."""
    team.work.source("members")
    return team.work.commit()


def apply_it(team: Runner, commit: str) -> None:
    ran = team.run("apply stage", PUSH, commit)
    assert ran.code == 0, ran.log


@pytest.mark.parametrize(
    ("predefined", "jobs"),
    [
        pytest.param(MERGE_REQUEST, {"validate": "on_success", "plan stage": "on_success"}, id="merge request"),
        pytest.param(FORK, {"validate": "on_success"}, id="merge request from a fork"),
        pytest.param(PUSH, {"apply stage": "on_success"}, id="default branch"),
        pytest.param(SCHEDULE, {"drift": "on_success"}, id="schedule"),
        pytest.param(SCHEDULE | {"PROMOTE": "1"}, {"apply stage": "on_success"}, id="schedule of what waits"),
        pytest.param(SCHEDULE | {"CI_COMMIT_BRANCH": "change"}, {}, id="schedule of another branch"),
        pytest.param(
            SCHEDULE | {"CI_COMMIT_BRANCH": "change"} | {"PROMOTE": "1"}, {}, id="schedule of another branch, of what waits"
        ),
        pytest.param(
            PUSH | {"CI_PIPELINE_SOURCE": "web", "PROVE": "members"},
            {"prove stage": "on_success"},
            id="by hand, with sources to prove",
        ),
        pytest.param(BRANCH, {}, id="branch, which may have a merge request"),
    ],
)
def test_a_pipeline_has_these_jobs(predefined: dict[str, str], jobs: dict[str, str]) -> None:
    assert example().jobs(predefined) == jobs


def test_a_change_is_checked_planned_noted_merged_and_applied_as_it_was_reviewed(team: Runner) -> None:
    request, change = propose(team)
    checked = team.run("validate", request, change)
    assert (checked.code, "1 spec added" in checked.log) == (0, True), checked.log
    (issue,) = decode((team.artifacts("validate") / "code-quality.json").read_bytes())
    assert (issue["check_name"], issue["location"]["path"]) == ("no-request", "specs/sources/members/connection-spec.yaml")
    planned = team.run("plan stage", request, change)
    assert (planned.code, "note on !1: created" in planned.log) == (0, True), planned.log
    assert sorted(path.name for path in team.artifacts("plan stage").iterdir()) == ["plan.html", "plan.json", "report.json"]
    (note,) = team.gitlab.texts()
    assert "**1 to create, 1 id to attach**" in note
    assert f"https://gitlab.example/acme/aep-sources/-/blob/{change}/specs/sources/members/connection-spec.yaml#L1" in note
    assert team.work.live().get("members") is None
    apply_it(team, merge(team))
    assert len(team.work.live()["members"]) == 1
    assert sorted(path.name for path in team.artifacts("apply stage").iterdir()) == ["apply.json", "journal.jsonl"]
    (after,) = team.gitlab.texts()
    assert ("applied" in after.lower(), after == note) == (True, False)


def test_the_token_is_in_no_log_and_in_no_artifact(team: Runner) -> None:
    request, change = propose(team)
    logs = [team.run("plan stage", request, change).log, team.run("apply stage", PUSH, merge(team)).log]
    kept = [path.read_text() for path in (team.root / "artifacts").rglob("*") if path.is_file()]
    assert not [text for text in (*logs, *kept) if TOKEN in text]


def test_the_note_of_an_older_push_is_not_written(team: Runner) -> None:
    request, old = propose(team)
    propose(team, sourceSpec={"attributes": {"x": 2}})
    ran = team.run("plan stage", request, old)
    assert (ran.code, team.gitlab.texts()) == (0, [])
    assert "has newer commits than this pipeline" in ran.log


def test_a_commit_that_was_pushed_without_a_merge_request_is_applied_only_with_its_digest(team: Runner) -> None:
    commit = merge_a_source(team)
    refused = team.run("apply stage", PUSH, commit)
    assert (refused.code, "no merge request was merged as" in refused.log, team.work.live().get("members")) == (3, True, None)
    digest = re.findall(r"DIGEST set to ([0-9a-f]{64})", refused.log)[0]
    other = team.run("apply stage", PUSH | {"DIGEST": "0" * 64}, commit)
    assert (other.code, team.work.live().get("members")) == (3, None)
    assert team.run("apply stage", PUSH | {"DIGEST": digest}, commit).code == 0
    assert len(team.work.live()["members"]) == 1


def test_flags_of_one_run_are_reviewed_with_the_plan_that_they_make(team: Runner) -> None:
    settings = (team.work.folder / "specs" / "reconciler.yaml").read_text()
    team.work.settings(settings + "safety: {max_creates: 0}\n")
    commit = merge_a_source(team)
    assert team.run("apply stage", PUSH, commit).code == 3
    flags = PUSH | {"FLAGS": "--max-creates 1"}
    refused = team.run("apply stage", flags, commit)
    digest = re.findall(r"DIGEST set to ([0-9a-f]{64})", refused.log)[0]
    assert team.run("apply stage", flags | {"DIGEST": digest}, commit).code == 0


def test_a_mistake_in_a_file_fails_the_plan_and_leaves_its_report(team: Runner) -> None:
    team.work.file("sources/members/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: a, name: b}\n")
    ran = team.run("plan stage", MERGE_REQUEST, team.work.commit())
    assert ran.code == 1
    assert "duplicate" in (team.artifacts("plan stage") / "report.json").read_text()


def test_a_changed_pagination_fails_the_check_of_a_fork_before_the_merge(team: Runner) -> None:
    with third_party(by_offset()) as api:
        write_shop(team.work, api)
        record_shop(team.work)
        base = team.work.commit()
        request = FORK | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
        held = team.run("validate", request, base)
        assert (held.code, "1 source held" in held.log) == (0, True), held.log
        write_shop(team.work, api, PAGING | {"offSetName": "start"})
        failed = team.run("validate", request, team.work.commit())
    assert failed.code == 4
    assert "request 1 asks start" in failed.log


def test_live_that_changed_between_review_and_apply_is_refused_and_nothing_is_written(team: Runner) -> None:
    apply_it(team, reviewed(team))
    commit = reviewed(team, sourceSpec={"attributes": {"x": 2}})
    team.work.edit("members", sourceSpec={"attributes": {"x": 9}})
    before = team.work.the("members")
    team.work.requests()
    ran = team.run("apply stage", PUSH, commit)
    assert (ran.code, team.work.writes(), team.work.the("members")) == (3, [], before)
    assert "differs from the one reviewed on merge request !1" in ran.log
    assert [path.name for path in team.artifacts("apply stage").iterdir()] == ["apply.json"]


def test_an_apply_that_ended_half_way_is_finished_by_its_retry(team: Runner) -> None:
    commit = reviewed(team)
    team.work.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", status=400)])
    assert team.run("apply stage", PUSH, commit).code == 4
    team.work.emulator.service.faults.set([])
    apply_it(team, commit)
    assert len(team.work.live()["members"]) == 1


def test_only_the_jobs_that_write_are_given_the_credential_that_writes() -> None:
    jobs = ("validate", "plan stage", "apply stage", "prove stage", "drift")
    assert [name for name in jobs if "environment" in example().job(name)] == ["apply stage", "prove stage"]


def test_a_proof_that_is_refused_fails_the_job_and_leaves_its_report(team: Runner) -> None:
    commit = merge_a_source(team)
    ran = team.run("prove stage", PUSH | {"PROVE": "members"}, commit)
    assert (ran.code, "cannot be proved" in ran.log) == (3, True), ran.log
    assert [path.name for path in (team.artifacts("prove stage") / "prove").iterdir()] == ["members.json"]


def test_drift_fails_the_job_with_2_and_has_an_issue_until_it_is_gone(team: Runner) -> None:
    commit = reviewed(team)
    apply_it(team, commit)
    quiet = team.run("drift", SCHEDULE, commit)
    assert (quiet.code, team.gitlab.issues) == (0, []), quiet.log
    body = team.work.the("members")
    team.work.edit("members", sourceSpec={"attributes": {"x": 9}})
    ran = team.run("drift", SCHEDULE, commit)
    assert (ran.code, "drift issue of stage: created" in ran.log) == (2, True), ran.log
    assert (team.artifacts("drift") / "drift.json").exists()
    (issue,) = team.gitlab.open_issues().values()
    assert "jane" in issue
    assert f"https://gitlab.example/acme/aep-sources/-/blob/{commit}/specs/sources/members/connection-spec.yaml" in issue
    team.work.edit("members", sourceSpec=body["sourceSpec"])
    gone = team.run("drift", SCHEDULE, commit)
    assert (gone.code, team.gitlab.open_issues()) == (0, {}), gone.log


def test_a_service_that_cannot_be_asked_is_not_told_as_drift(team: Runner) -> None:
    commit = merge_a_source(team)
    team.work.emulator.service.faults.set([Fault(path="/connectionSpecs", status=403)])
    ran = team.run("drift", SCHEDULE, commit)
    assert (ran.code, team.gitlab.issues) == (1, []), ran.log


def test_the_example_is_what_gitlab_s_schema_allows() -> None:
    ran = subprocess.run(  # noqa: S603 - a program of the development environment
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci", str(EXAMPLE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_what_is_run_before_each_job_is_what_the_shell_can_read() -> None:
    lines = example().document["default"]["before_script"]
    ran = subprocess.run(["bash", "-n", "-c", "\n".join(lines)], capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert (ran.returncode, ran.stderr) == (0, "")
