"""Which job applied a target at a commit, and how it ended there."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reconciler.documents.json_text import decode
from reconciler.errors import GitLabError, Refused
from reconciler.gitlab import apply_jobs
from reconciler.gitlab.apply_jobs import ApplyJob, ApplyJobs
from reconciler.gitlab.recorded import RecordedPlans
from reconciler.reports.apply.json import render_refusal_json
from reconciler.reports.fleet.json import render_fleet_json
from reconciler.reports.fleet.view import TargetState
from tests.gitlab.conftest import World
from tests.gitlab.fake_api import MR_REF, a_sha
from tests.reports.fleet.fleets import QUIET, settings, view_over

HEAD = a_sha("head")


def over(**ends: tuple[TargetState, int]) -> bytes:
    """The report of an apply over these targets, each with its state and exit code."""
    view = view_over(settings(*ends), dict.fromkeys(ends, QUIET), "apply")
    targets = []
    for one in view.targets:
        (state, code), plan = ends[one.name], view.plans[one.name]
        report = decode(render_refusal_json(plan, Refused("it differs", hint="plan again"), plan=plan))
        assert isinstance(report, dict)
        begun = state is not TargetState.BLOCKED
        targets.append(replace(one, state=state, exit_code=code, digest=plan.digest, report=report if begun else None))
    return render_fleet_json(replace(view, targets=tuple(targets))).encode()


def found(world: World, target: str = "stage", commit: str = HEAD) -> list[str | None]:
    return [job.conclusion for job in ApplyJobs(RecordedPlans(world.client), "main").of(target, commit)]


@pytest.mark.parametrize(
    ("status", "conclusion"), [("success", "success"), ("failed", "failure"), ("canceled", "cancellation"), ("running", None)]
)
@pytest.mark.parametrize("name", ["apply stage", "apply: [stage]"])
def test_the_job_of_a_target_says_how_its_apply_ended(world: World, name: str, status: str, conclusion: str | None) -> None:
    job = world.fake.job(world.fake.pipeline(HEAD, "main"), name, None, status)
    (apply,) = ApplyJobs(RecordedPlans(world.client), "main").of("stage", HEAD)
    assert apply == ApplyJob(conclusion, f"https://gitlab.example/acme/aep-sources/-/jobs/{job}")


@pytest.mark.parametrize("status", ["skipped", "manual", "created", "scheduled"])
def test_a_job_that_did_not_run_is_no_apply(world: World, status: str) -> None:
    world.fake.job(world.fake.pipeline(HEAD, "main"), "apply stage", None, status)
    assert found(world) == []


def test_other_jobs_commits_and_branches_are_no_evidence(world: World) -> None:
    world.fake.job(world.fake.pipeline(HEAD, "main"), "apply prod", None)
    world.fake.job(world.fake.pipeline(HEAD, "main"), "reapply stage", None)
    world.fake.job(world.fake.pipeline(HEAD, MR_REF), "apply stage", None)
    world.fake.job(world.fake.pipeline(a_sha("other"), "main"), "apply stage", None)
    assert found(world) == []
    assert found(world, commit="../../jobs") == []


def test_the_newest_pipeline_counts(world: World) -> None:
    world.fake.job(world.fake.pipeline(HEAD, "main"), "apply stage", None, "failed")
    world.fake.job(world.fake.pipeline(HEAD, "main"), "apply stage", None, "success")
    world.fake.job(world.fake.pipeline(HEAD, "main"), "drift", None, "failed")
    assert found(world) == ["success"]


def test_an_apply_to_several_targets_is_that_of_each_as_it_ended_there(world: World) -> None:
    report = over(stage=(TargetState.APPLIED, 0), prod=(TargetState.FAILED, 4), eu=(TargetState.BLOCKED, 0))
    world.fake.job(world.fake.pipeline(HEAD, "main"), "apply customers", None, "failed", apply=report)
    assert [found(world, name) for name in ("stage", "prod", "eu", "us")] == [["success"], ["failure"], [], []]


@pytest.mark.parametrize("report", [b"", b"{}", b"[" * 100_000, b'{"report":"plan","fleet":true}'])
def test_a_report_that_cannot_be_read_is_no_apply(world: World, report: bytes) -> None:
    world.fake.job(world.fake.pipeline(HEAD, "main"), "apply customers", None, "success", apply=report)
    assert found(world) == []


def test_what_is_not_looked_at_is_not_said_to_be_absent(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply_jobs, "_PIPELINES", 2)
    for _ in range(3):
        world.fake.job(world.fake.pipeline(HEAD, "main"), "drift", None)
    with pytest.raises(GitLabError, match=r"the 2 newest pipelines of .* have no apply of stage; older ones were not read"):
        found(world)


def test_pipelines_and_jobs_are_read_once_for_all_targets(world: World) -> None:
    world.fake.job(world.fake.pipeline(HEAD, "main"), "apply prod", None)
    applies = ApplyJobs(RecordedPlans(world.client), "main")
    for target in ("stage", "prod", "eu"):
        applies.of(target, HEAD)
    assert len(world.fake.requests) == len({path for _, path in world.fake.requests})
