"""The workflows `prove` and `leftovers`, run as the runner runs them: by hand and on their schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.emulator.clocks import FastClock
from reconciler.emulator.model import CONNECTIONS, FLOWS
from reconciler.emulator.switches.faults import Fault
from reconciler.proofs.provider_file import stub_of
from tests.e2e.github_story import APPLY_SECRETS, REPO, Story, story
from tests.e2e.workplace import SETTINGS
from tests.github.runner.events import schedule, workflow_dispatch
from tests.github.runner.results import JobRun, WorkflowRun
from tests.github.runner.setting import Environment
from tests.sessions.proofs.laptop import KEY, PROOF, PROVIDER, SPEC

PASSWORD = "hunter2-and-more"
SECRETS = {"RECONCILER_PROOF_USER": "someone-else", "RECONCILER_PROOF_PASSWORD": PASSWORD}
HERE = Environment(APPLY_SECRETS | SECRETS, {"RECONCILER_PROOF_HOSTS": "api.acme.example"})
LINE = "          # RECONCILER_PROOF_NAME: ${{ secrets.RECONCILER_PROOF_NAME }}\n"
FILE = f"specs/proofs/{KEY}/proved-stage.json"


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    """A source that is live in the target, with a proof file that lists it. `--no-try`: nobody but the service reaches the API."""
    provider = tmp_path / "provider.yaml"
    provider.write_text(PROVIDER)
    settings = SETTINGS.replace("settle: 0s,", "settle: 0s, poll: 200ms,")
    with story(tmp_path, settings, providers=[stub_of(provider)], clock=FastClock(100)) as made:
        made.environments = {"stage": HERE}
        made.work.file(f"sources/{KEY}/connection-spec.yaml", SPEC)
        made.work.file(f"proofs/{KEY}/proof.yaml", PROOF.replace("[local]", "[stage]"))
        workflow = made.work.folder / ".github/workflows/prove.yml"
        given = "".join(f"          {name}: ${{{{ secrets.{name} }}}}\n" for name in SECRETS)
        text = workflow.read_text()
        assert LINE in text
        keys = "          keys: "
        text = text.replace(keys, f"          flags: ${{{{ inputs.flags || '--no-try' }}}}\n{keys}", 1)
        workflow.write_text(text.replace(LINE, given))
        made.push_main()
        made.work.apply()
        yield made


def by_hand(team: Story, **inputs: str) -> WorkflowRun:
    return team.run("prove", workflow_dispatch(REPO, team.tip, {"target": "stage", **inputs}))


def on_schedule(team: Story) -> WorkflowRun:
    return team.run("prove", schedule(REPO, team.tip, cron="23 4 * * 1"))


def made(team: Story) -> dict[str, int]:
    """What is in the sandbox."""
    return {kind: len(team.work.emulator.store.everywhere(kind)) for kind in (FLOWS, CONNECTIONS)}


def test_a_source_is_proved_by_hand_with_its_evidence_and_nothing_is_left(team: Story) -> None:
    run = by_hand(team, keys=KEY)
    job = run.job("prove")
    assert (job.conclusion, run.conclusion) == ("success", "success"), job.log
    assert (job.environment, job.permissions) == ({"name": "stage"}, {"contents": "read", "metadata": "read", "checks": "write"})
    assert team.artifacts["prove-stage-1"] == [f"{KEY}.{ending}" for ending in ("html", "json", "jsonl", "md")]
    assert team.artifacts["proved-stage-1"] == [FILE]
    (check,) = team.github.check_runs(REPO, team.tip)
    assert (check.name, check.conclusion) == (f"reconciler prove {KEY} (stage)", "success")
    assert f"gh run download {run_number(job)} --name proved-stage-1" in job.summary
    assert made(team) == {FLOWS: 0, CONNECTIONS: 0}
    kept = "".join(path.read_text() for path in sorted((team.root / "artifacts").rglob("*.*")))
    assert PASSWORD not in job.raw_log + kept
    assert "the run read 237" in kept


def run_number(job: JobRun) -> str:
    number: str
    (number,) = set(re.findall(r"\.reconciler/run-(\d+)", job.summary))
    return number


def test_what_the_summary_says_keeps_the_proof_and_then_the_schedule_has_nothing_to_prove(team: Story) -> None:
    run = on_schedule(team)
    assert (run.job("prove").conclusion, run.conclusion) == ("success", "success"), run.job("prove").log
    assert run.job("prove").matrix["keys"] == [KEY]
    team.download("proved-stage-1", team.work.folder)
    team.push_main()
    again = on_schedule(team)
    assert (again.job("prove").conclusion, again.conclusion) == ("skipped", "success")
    assert '"targets": []' in again.job("targets").log
    assert team.work.run("status").out.count("yes") == 1


def test_a_changed_source_is_proved_again_after_it_was_applied_and_refused_before(team: Story) -> None:
    by_hand(team, keys=KEY)
    team.download("proved-stage-1", team.work.folder)
    team.work.file(f"sources/{KEY}/connection-spec.yaml", SPEC.replace('limitValue: "100"', 'limitValue: "50"'))
    team.push_main()
    before = made(team)
    refused = on_schedule(team)
    job = refused.job("prove")
    assert (job.conclusion, refused.conclusion, made(team)) == ("failure", "failure", before)
    assert "**Not proved** in <code>stage</code>" in job.summary
    assert any("apply" in note.message for note in job.annotations if note.level == "error")
    (check, *_) = team.github.check_runs(REPO, team.tip)
    assert (check.name, check.conclusion) == (f"reconciler prove {KEY} (stage)", "failure")
    assert team.artifacts["prove-stage-1"] == [f"{KEY}.json"]
    team.work.apply()
    assert on_schedule(team).conclusion == "success"


def test_nothing_is_proved_in_a_target_that_no_proof_file_lists_or_in_production(team: Story) -> None:
    team.work.file(f"proofs/{KEY}/proof.yaml", PROOF)
    team.push_main()
    assert on_schedule(team).job("prove").conclusion == "skipped"
    team.work.file(f"proofs/{KEY}/proof.yaml", PROOF.replace("[local]", "[stage]"))
    settings = team.work.folder / "specs/reconciler.yaml"
    settings.write_text(settings.read_text().replace("sandbox: dev", "sandbox: prod"))
    team.push_main()
    assert on_schedule(team).job("prove").conclusion == "skipped"


def test_a_list_of_targets_that_was_dropped_is_red_and_says_why(team: Story) -> None:
    team.secrets["OTHER"] = KEY
    run = on_schedule(team)
    assert (run.job("prove").conclusion, run.conclusion) == ("skipped", "failure")
    assert "also the value of a secret" in run.job("proved").annotations[0].message


def test_without_the_secrets_of_the_api_nothing_is_made_and_what_is_missing_is_named(team: Story) -> None:
    team.environments["stage"] = Environment(APPLY_SECRETS, HERE.variables)
    job = by_hand(team, keys=KEY).job("prove")
    assert (job.conclusion, made(team)) == ("failure", {FLOWS: 0, CONNECTIONS: 0})
    assert any("RECONCILER_PROOF_PASSWORD" in note.message for note in job.annotations)


@pytest.mark.parametrize(
    ("name", "value"),
    [("keys", "a;id"), ("keys", "--yes"), ("flags", "--keep-resources"), ("flags", "--allow-target x"), ("flags", "$(id)")],
)
def test_an_input_that_is_no_key_and_no_flag_for_a_proof_is_refused(team: Story, name: str, value: str) -> None:
    job = by_hand(team, **{"keys": KEY, name: value}).job("prove")
    assert (job.conclusion, made(team)) == ("failure", {FLOWS: 0, CONNECTIONS: 0})
    assert [note.message for note in job.annotations if note.message.startswith("invalid")] == [
        f"invalid {name[:-1]} in the input '{name}'"
    ]


def leave_something(team: Story) -> None:
    """A proof that was not cleaned up, more than two hours ago."""
    ran = team.work.run(
        *("prove", KEY, "--yes", "--no-try", "--keep-resources"), **SECRETS, RECONCILER_PROOF_HOSTS="api.acme.example"
    )
    assert ran.code == 0, ran.out + ran.err
    team.work.emulator.service.timeline.advance(7_300)


def look(team: Story) -> WorkflowRun:
    return team.run("leftovers", schedule(REPO, team.tip, cron="47 */2 * * *"))


def test_what_proofs_left_is_cleaned_up_with_the_credential_of_the_environment(team: Story) -> None:
    quiet = look(team)
    assert (quiet.job("clean-up").conclusion, quiet.conclusion) == ("skipped", "success")
    leave_something(team)
    assert made(team) == {FLOWS: 1, CONNECTIONS: 1}
    run = look(team)
    assert (run.job("leftovers").conclusion, run.conclusion) == ("success", "success"), run.job("leftovers").log
    assert (run.job("clean-up").environment, made(team)) == ({"name": "stage"}, {FLOWS: 0, CONNECTIONS: 0})
    assert "would delete: flow" in run.job("leftovers").log
    assert look(team).job("clean-up").conclusion == "skipped"


def test_leftovers_that_cannot_be_deleted_are_a_warning_and_no_drift(team: Story) -> None:
    leave_something(team)
    team.work.emulator.service.faults.set([Fault(path="*", method="DELETE", status=403)])
    run = look(team)
    assert (run.job("clean-up").conclusion, run.conclusion) == ("success", "success")
    assert "that could not be deleted" in run.job("clean-up").annotations[-1].message
    assert made(team) == {FLOWS: 1, CONNECTIONS: 1}


def test_a_list_that_cannot_be_read_is_told_and_is_not_red(team: Story) -> None:
    team.work.emulator.service.faults.set([Fault(path="/flows", status=400)])
    run = look(team)
    assert run.job("leftovers").conclusion == "success"
    assert "the list cannot be read" in run.job("leftovers").log
