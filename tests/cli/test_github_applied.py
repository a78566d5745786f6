"""`github applied` after applies to several targets."""

from __future__ import annotations

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.github.applied_record import applied_record_of
from reconciler.github.checks import FLEET, CheckScope, Report
from tests.cli.github_runner import Runner
from tests.cli.test_github_drift_issues import SETTINGS
from tests.github.situations import TIP
from tests.reports.fleet.fleets import QUIET, settings, view_over


@pytest.fixture
def job(github: Runner) -> Runner:
    github.event("push", TIP, {})
    (github.folder / "specs").mkdir()
    (github.folder / "specs" / "reconciler.yaml").write_text(SETTINGS)
    names = [f"emea-{number:02}" for number in range(12)]
    text = applied_record_of(view_over(settings(*names), dict.fromkeys(names, QUIET)))
    checks = github.world.checks
    checks.complete(CheckScope("apply", FLEET), TIP, 1, None, "success", Report("done", "why", text))
    return github


def applied(job: Runner, *chosen: str) -> int:
    return run([*chosen, "github", "applied"], Shell(job.environ, open_sessions))


def test_the_targets_of_a_fleet_are_found_in_the_check_run_over_several(job: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    assert applied(job, "--group", "emea") == 0
    printed = capfd.readouterr().out
    assert (printed.count("success"), "stage" in printed) == (12, False)


def test_a_target_that_no_apply_names_fails_the_run(job: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    assert applied(job, "--group", "emea", "--target", "stage") == 1
    assert "stage: no apply" in capfd.readouterr().out
    assert applied(job) == 1


def test_where_promote_yml_applies_the_hint_is_for_that(job: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    workflows = job.folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "promote.yml").touch()
    applied(job, "--target", "stage")
    assert "gh workflow run promote.yml -f targets=stage" in capfd.readouterr().out
