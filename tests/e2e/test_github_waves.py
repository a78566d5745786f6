"""Two sandboxes, one after the other: what is merged is applied wave by wave, and no environment is entered for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.documents.json_text import decode
from reconciler.emulator.model import Place
from tests.e2e.github_story import APPLY_SECRETS, ORG, READER, REPO, Story, commands_in, inputs_of, story
from tests.e2e.workplace import SETTINGS
from tests.github.runner.events import pull_request, push, schedule, workflow_dispatch
from tests.github.runner.results import WorkflowRun
from tests.github.runner.setting import Environment

TWO = SETTINGS.replace("network:", f"  prod: {{org_id: {ORG}, sandbox: prod, after: [stage]}}\nnetwork:")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path, TWO, promotes=True) as made:
        made.work.behave(read_only_clients=[READER], sandboxes=["dev", "prod"])
        there = {name: url for name, url in made.work.env.items() if name.endswith("_URL")}
        made.work.environ |= {name.replace("_STAGE_", "_PROD_"): url for name, url in there.items()}
        made.environments = {name: Environment(secrets=APPLY_SECRETS) for name in ("stage", "prod")}
        yield made


def live_in(team: Story, sandbox: str) -> set[str]:
    return {decode(row.body)["name"] for row in team.work.emulator.store.rows("connectionSpecs", Place(ORG, sandbox))}


def waves(run: WorkflowRun) -> dict[str, str]:
    return {name: run.job(f"waves/{name}").conclusion for name in ("wave-1", "wave-2", "wave-3", "waved")}


def test_what_was_reviewed_is_applied_wave_by_wave_and_later_no_environment_is_entered(team: Story) -> None:
    team.work.source("members")
    pull = team.open_pull_request()
    planned = team.run("plan", pull_request(pull, "opened"))
    assert planned.job("report").conclusion == "success", planned.job("report").log
    team.merge()
    run = team.run("promote", push(REPO, team.tip))
    log = "".join(job.log for jobs in run.jobs.values() for job in jobs)
    assert waves(run) == {"wave-1": "success", "wave-2": "success", "wave-3": "skipped", "waved": "success"}, log
    assert "members" in live_in(team, "dev") & live_in(team, "prod")
    assert run.job("waves/wave-2").environment == {"name": "prod"}
    assert run.job("waves/wave-2").concurrency == f"reconciler-apply-{ORG}"
    again = team.run("promote", schedule(REPO, team.tip, "47 * * * *"))
    assert waves(again) == {"wave-1": "skipped", "wave-2": "skipped", "wave-3": "skipped", "waved": "success"}


def test_what_no_review_had_is_refused_and_applied_by_the_command_that_the_refusal_shows(team: Story) -> None:
    team.work.source("members")
    team.push_main()
    run = team.run("promote", push(REPO, team.tip))
    refused = run.job("waves/wave-1")
    assert (refused.conclusion, waves(run)["wave-2"], waves(run)["waved"]) == ("failure", "skipped", "failure"), refused.log
    assert "members" not in live_in(team, "dev")
    command = next(one for one in commands_in(refused.summary)[::-1] if "digest=" in one)
    assert command.startswith("gh workflow run promote.yml -f targets=stage -f digest=")
    again = team.run("promote", workflow_dispatch(REPO, team.tip, inputs_of(command)))
    assert waves(again) == {"wave-1": "success", "wave-2": "skipped", "wave-3": "skipped", "waved": "success"}
    assert ("members" in live_in(team, "dev"), "members" in live_in(team, "prod")) == (True, False)


@pytest.mark.parametrize("targets", ["", "stage prod"])
def test_a_digest_without_its_only_target_is_refused_before_any_environment_is_entered(team: Story, targets: str) -> None:
    team.work.source("members")
    team.push_main()
    run = team.run("promote", workflow_dispatch(REPO, team.tip, {"targets": targets, "digest": "0" * 64}))
    listed = run.job("waves/list-1")
    said = [note.message for note in listed.annotations]
    assert said[:1] == [
        "a digest is of the plan of one target: name that target in the input 'targets', and run once for each target"
    ]
    assert waves(run) == {"wave-1": "skipped", "wave-2": "skipped", "wave-3": "skipped", "waved": "failure"}
    assert (listed.conclusion, team.work.writes()) == ("failure", [])
