"""Proofs in the commands for workflows: their check run, their summary and their annotations."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.errors import Problem, Refused, Severity, SpecFileError
from reconciler.proving.report import LeftOver, ProveReport, StepReport
from reconciler.reports.problems.json import render_failure_json
from reconciler.reports.proving.json import prove_json
from tests.cli.github_runner import Runner
from tests.github.api.records import CheckRun
from tests.github.situations import REPO, TIP
from tests.proving.samples import proof

FILE = "specs/proofs/members/proved-stage.json"
FAILED = proof(outcome="failed", steps=(StepReport("count", "failed", "the run read 100 of 237 records"),))
LEFT = proof(left=(LeftOver("flow", "flow-1", "reconciler-proof/members/20261127T1012-7f3a/flow", "1447-400: it is in use"),))


@pytest.fixture
def job(github: Runner) -> Runner:
    """A run on a schedule: no pull request, and the tip of the default branch."""
    github.event("schedule", TIP, {"repository": {"default_branch": "main"}})
    return github


def check_of(job: Runner, report: ProveReport) -> CheckRun:
    assert job("check", prove_json(report)).code == 0
    (run,) = job.world.fake.check_runs(REPO, TIP)
    return run


def test_a_proof_is_a_check_run_of_its_source_at_the_commit(job: Runner) -> None:
    run = check_of(job, proof())
    assert (run.name, run.conclusion) == ("reconciler prove members (stage)", "success")
    assert run.output["title"] == "proved: the run read 237 of 237 records, and none failed"
    assert "| <code>connection</code> | proved |" in run.output["summary"]


@pytest.mark.parametrize(
    ("report", "conclusion", "title"),
    [
        (FAILED, "failure", "not proved: the step 'count' failed: the run read 100 of 237 records"),
        (LEFT, "failure", "proved: the run read 237 of 237 records, and none failed, but 1 resource could not be deleted"),
        (replace(FAILED, interrupted=True), "cancelled", "interrupted: the step 'count' failed: the run read 100 of 237 records"),
    ],
    ids=["failed", "left", "interrupted"],
)
def test_a_proof_that_does_not_count_is_no_successful_check(
    job: Runner, report: ProveReport, conclusion: str, title: str
) -> None:
    run = check_of(job, report)
    assert (run.conclusion, run.output["title"]) == (conclusion, title)


def test_two_sources_have_a_check_run_each(job: Runner) -> None:
    other = proof()
    job("check", prove_json(other))
    job("check", prove_json(replace(other, spec=replace(other.spec, key="orders"))))
    names = sorted(run.name for run in job.world.fake.check_runs(REPO, TIP))
    assert names == ["reconciler prove members (stage)", "reconciler prove orders (stage)"]


def test_a_proof_that_was_not_begun_is_told_as_such_and_is_no_check_of_an_apply(job: Runner) -> None:
    refused = render_failure_json(Refused("members is not live in stage", hint="apply it first"))
    assert job("check", refused, "--proof", "members").code == 0
    (run,) = job.world.fake.check_runs(REPO, TIP)
    assert (run.name, run.conclusion) == ("reconciler prove members (stage)", "failure")
    assert run.output["title"] == "not proved: the proof was not begun"
    assert "members is not live in stage" in run.output["summary"]
    assert "Planning failed" not in run.output["summary"]


def test_a_spec_that_is_not_live_comes_with_the_command_that_applies_it_on_github(job: Runner) -> None:
    refused = render_failure_json(Refused("not live", hint="apply first: reconciler --target stage apply members"))
    ran = job("annotate", refused, "--proof", "members")
    assert "; on GitHub: gh workflow run apply.yml -f target=stage -f keys=members" in ran.out


def test_where_promote_yml_applies_the_command_is_for_that(job: Runner) -> None:
    workflows = job.folder / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "promote.yml").touch()
    refused = render_failure_json(Refused("not live", hint="apply first: reconciler --target stage apply members"))
    said = "; on GitHub: gh workflow run promote.yml -f targets=stage -f keys=members"
    assert said in job("annotate", refused, "--proof", "members").out
    job("check", refused, "--proof", "members")
    (run,) = job.world.fake.check_runs(REPO, TIP)
    assert ("promote" in run.output["summary"], "targets&#61;stage" in run.output["summary"]) == (True, True)


def test_the_mistakes_that_kept_a_proof_from_beginning_are_annotated_at_their_lines(job: Runner) -> None:
    mistake = Problem(Severity.ERROR, "missing", "a value is missing", "specs/proofs/members/proof.yaml", 4, 1, "add it")
    ran = job("annotate", render_failure_json(SpecFileError("members cannot be proved", [mistake])), "--proof", "members")
    assert "::error file=specs/proofs/members/proof.yaml,line=4," in ran.out
    assert "members cannot be proved" in ran.out


def test_a_proof_that_left_no_report_is_told_as_such(job: Runner) -> None:
    assert job("summary", None, "--proof", "members", str(job.folder / "none.json")).code == 0
    assert "the command ended before it wrote its report" in job.summary


def test_a_failed_proof_and_what_is_left_are_annotated(job: Runner) -> None:
    ran = job("annotate", prove_json(replace(FAILED, left=LEFT.left)))
    assert "members is not proved: the step 'count' failed: the run read 100 of 237 records" in ran.out
    assert "correct the spec or proof.yaml, and prove again" in ran.out
    assert "reconciler --target stage prove --cleanup 20261127T1012-7f3a" in ran.out


def test_a_kept_proof_comes_with_the_commands_that_commit_it(job: Runner) -> None:
    job("summary", prove_json(proof(written=(FILE, "specs/proofs/engine.yaml"))))
    shown = re.sub(r"</?\w+>", "", job.summary)
    assert "gh run download 7 --name proved-stage-1 --dir .reconciler/run-7\n" in shown
    assert "git add specs/proofs\n" in shown


@pytest.mark.parametrize("written", [(), ("specs/proofs/engine.yaml",)], ids=["nothing kept", "learnt only"])
def test_without_a_kept_proof_there_is_nothing_to_commit(job: Runner, written: tuple[str, ...]) -> None:
    job("summary", prove_json(replace(FAILED, written=written)))
    assert "Keep this proof" not in job.summary


def test_several_proofs_in_one_report_are_refused(job: Runner) -> None:
    ran = job("summary", '{"report": "prove-all", "format_version": 1, "proofs": []}')
    assert (ran.code, "has the proofs of several sources" in ran.err) == (1, True)


@pytest.mark.parametrize("changed", [{"outcome": "splendid"}, {"format_version": 2}, {"steps": 1}, {"more": 1}])
def test_a_report_of_another_shape_is_refused(job: Runner, changed: dict[str, object]) -> None:
    from reconciler.documents.json_text import decode, encode  # noqa: PLC0415

    ran = job("check", encode(decode(prove_json(proof())) | changed).decode())
    assert (ran.code, job.world.fake.check_runs(REPO, TIP)) == (1, [])


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("text", "proved: the run read 237"),
        ("json", '"report": "prove"'),
        ("markdown", "### Proof of"),
        ("html", "<!DOCTYPE html>"),
    ],
)
def test_a_report_of_a_proof_is_shown_in_every_format(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, said: str
) -> None:
    file = tmp_path / "members.json"
    file.write_text(prove_json(proof()))
    assert run(["show", str(file), "--format", form], Shell({}, open_sessions)) == 0
    assert said in capsys.readouterr().out
