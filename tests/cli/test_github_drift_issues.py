"""The drift issues of several targets: one for each that drifted, and beyond ten one for each fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.comparison import Cause
from reconciler.errors import ReconcilerError
from reconciler.planning.plan import Plan
from reconciler.settings.loading import load_settings
from tests.cli.fakes import Ran
from tests.cli.github_runner import Runner
from tests.github.situations import REPO, TIP
from tests.reports.fleet.fleets import QUIET, UNREADABLE, report_over
from tests.reports.plans import change, plan, spec, update

EMEA = tuple(f"emea-{number:02}" for number in range(12))
ALONE = ("stage", "prod", *(f"box{number}" for number in range(9)))
SETTINGS = f"""\
version: 1
repository: acme/aep-sources
fleets:
  emea: {{org_id: 1@AdobeOrg, sandboxes: [{", ".join(repr(name[5:]) for name in EMEA)}]}}
targets:
{"".join(f"  {name}: {{org_id: 1@AdobeOrg, sandbox: {name}}}" + chr(10) for name in ALONE)}"""
DRIFTED = replace(
    plan(replace(update(change("replace", "/a", 1, 2, Cause.DRIFT)), cause=Cause.DRIFT), specs=(spec("mailchimp-members"),)),
    digest="5" * 64,
)


class Job:
    """`drift` over all targets, then `github drift-issue --merge`; each run is one hour later."""

    def __init__(self, github: Runner, capfd: pytest.CaptureFixture[str]) -> None:
        self.github, self._capfd = github, capfd
        github.event("schedule", TIP, {})
        (github.folder / "specs").mkdir()
        (github.folder / "specs" / "reconciler.yaml").write_text(SETTINGS)
        self.settings = load_settings(github.folder / "specs")

    def __call__(self, plans: Mapping[str, Plan | ReconcilerError]) -> Ran:
        """Targets that are not given are in sync."""
        return self.of({**dict.fromkeys(self.settings.targets, QUIET), **plans}, "--all")

    def of(self, plans: Mapping[str, Plan | ReconcilerError], *chosen: str) -> Ran:
        """`drift` over these targets, which are chosen so."""
        (self.github.folder / "drift.json").write_bytes(report_over(self.settings, plans, "drift"))
        code = run([*chosen, "github", "drift-issue", "--merge", "drift.json"], Shell(self.github.environ, open_sessions))
        printed = self._capfd.readouterr()
        return Ran(code, printed.out, printed.err)

    @property
    def issues(self) -> dict[str, str]:
        """The text of each open issue by its title."""
        return {issue.title: str(issue.body) for issue in self.github.world.fake.issues(REPO) if issue.state == "open"}


@pytest.fixture
def job(github: Runner, capfd: pytest.CaptureFixture[str]) -> Job:
    return Job(github, capfd)


def test_each_target_that_drifted_has_its_issue_until_all_is_well(job: Job) -> None:
    assert job({"stage": DRIFTED, "prod": DRIFTED}).code == 0
    assert job.issues.keys() == {"Drift in prod: 1 spec", "Drift in stage: 1 spec"}
    assert job({"stage": DRIFTED, "prod": DRIFTED}).err.count("unchanged") == 2
    assert "drift issue of stage: closed" in job({"prod": DRIFTED}).err
    assert job.issues.keys() == {"Drift in prod: 1 spec"}
    job({})
    assert (job.issues, job({}).err) == ({}, "")


def test_more_than_ten_share_the_issue_of_their_fleet_with_the_table(job: Job) -> None:
    job({"stage": DRIFTED, "emea-01": DRIFTED})
    shared = "Drift in emea: 11 of 12 targets"
    job({"stage": DRIFTED} | dict.fromkeys(EMEA[:11], DRIFTED))
    assert job.issues.keys() == {"Drift in stage: 1 spec", shared}
    assert ("mailchimp-members" in job.issues[shared], "<code>stage</code>" in job.issues[shared]) == (True, False)
    assert "drift issue of emea: updated" in job(dict.fromkeys(EMEA, DRIFTED)).err
    assert job.issues.keys() == {"Drift in emea: 12 of 12 targets"}
    job({"emea-01": DRIFTED})
    assert job.issues.keys() == {"Drift in emea-01: 1 spec"}


def test_ten_have_an_issue_each(job: Job) -> None:
    job(dict.fromkeys(EMEA[:10], DRIFTED))
    assert len(job.issues) == 10


def test_more_than_ten_of_no_fleet_share_one(job: Job) -> None:
    job(dict.fromkeys(ALONE, DRIFTED))
    assert job.issues.keys() == {"Drift: 11 of 11 targets"}
    job({})
    assert job.issues == {}


def test_a_target_that_could_not_be_read_closes_no_issue(job: Job) -> None:
    job({"stage": DRIFTED})
    assert job({"stage": UNREADABLE}).err == ""
    assert job.issues.keys() == {"Drift in stage: 1 spec"}
    job(dict.fromkeys(EMEA, DRIFTED))
    job({"emea-01": UNREADABLE})
    assert job.issues.keys() == {"Drift in emea: 12 of 12 targets"}


def test_a_check_of_some_targets_of_a_fleet_does_not_close_its_issue(job: Job) -> None:
    job(dict.fromkeys(EMEA, DRIFTED))
    assert job.of({"emea-01": QUIET}, "--target", "emea-01").err == ""
    assert job.issues.keys() == {"Drift in emea: 12 of 12 targets"}
    assert "drift issue of emea: closed" in job.of(dict.fromkeys(EMEA, QUIET), "--group", "emea").err


def test_without_any_report_no_issue_is_changed(job: Job) -> None:
    job({"stage": DRIFTED})
    ran = job(dict.fromkeys(job.settings.targets, UNREADABLE))
    assert (ran.code, ran.err) == (0, "the drift check failed; no issue was changed\n")
    assert len(job.issues) == 1


def test_the_numbers_of_targets_are_outputs_of_the_step(job: Job) -> None:
    job({"stage": DRIFTED, "prod": DRIFTED, "emea-01": UNREADABLE})
    assert (job.github.folder / "output").read_text() == "drifted=2\nfailed=1\n"


def test_plans_are_no_drift(job: Job) -> None:
    (job.github.folder / "plan.json").write_bytes(report_over(job.settings, {"stage": QUIET}))
    assert run(["github", "drift-issue", "--merge", "plan.json"], Shell(job.github.environ, open_sessions)) == 1
