"""A fleet of eleven sandboxes on GitHub: one job, one comment and one drift issue for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from reconciler.documents.json_text import decode
from reconciler.emulator.model import Place
from tests.e2e.github_story import ORG, READER, REPO, Story, story
from tests.e2e.workplace import JANE, SETTINGS
from tests.github.runner.events import pull_request, schedule

SANDBOXES: Final = tuple(f"c{number}" for number in range(1, 12))
FLEET: Final = (
    SETTINGS + f"fleets:\n  customers: {{org_id: {ORG}, sandboxes: [{', '.join(SANDBOXES)}], environment: customers}}\n"
)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Story]:
    with story(tmp_path, FLEET) as made:
        made.work.behave(read_only_clients=[READER], sandboxes=["dev", *SANDBOXES])
        there = {name: url for name, url in made.work.env.items() if name.endswith("_URL")}
        for sandbox in SANDBOXES:
            made.work.environ |= {name.replace("_STAGE_", f"_CUSTOMERS_{sandbox.upper()}_"): url for name, url in there.items()}
        yield made


def edit(team: Story, sandbox: str) -> None:
    """A change of the only spec of the repository that somebody makes in this sandbox."""
    rows = team.work.emulator.store.rows("connectionSpecs", Place(ORG, sandbox))
    (ours,) = [row.id for row in rows if decode(row.body)["name"] == "members"]
    team.work.emulator.service.edit(ours, lambda body: body | {"sourceSpec": {"attributes": {"x": 9}}}, JANE)


def test_eleven_sandboxes_are_one_job_one_comment_and_one_drift_issue(team: Story) -> None:
    team.work.source("members")
    planned = team.run("plan", pull_request(team.open_pull_request(), "opened"))
    assert (planned.conclusion, len(planned.jobs["plan"])) == ("success", 2), planned.job("report").log
    assert all(f"customers-{sandbox}" in team.comment for sandbox in SANDBOXES)
    team.merge()
    applied = team.work.run("--all", "apply", "--yes", "--max-creates", "12")
    assert applied.code == 0, applied.out + applied.err
    for sandbox in SANDBOXES:
        edit(team, sandbox)
    drifted = team.run("drift", schedule(REPO, team.tip))
    assert drifted.conclusion == "success", drifted.job("drift").log
    (issue,) = team.github.issues(REPO)
    assert "customers" in issue.title
    assert all(f"customers-{sandbox}" in str(issue.body) for sandbox in SANDBOXES)
    edit(team, SANDBOXES[0])
    assert team.run("drift", schedule(REPO, team.tip)).conclusion == "success"
    assert [one.number for one in team.github.issues(REPO)] == [issue.number]
