"""The jobs for several targets on the GitLab page, added to the example and run as GitLab runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from reconciler.emulator.model import Place
from tests.docs.gitlab_runner import EXAMPLE, READER, Example, JobRun, Runner, example
from tests.docs.test_gitlab_example import MERGE_REQUEST, PUSH, SCHEDULE
from tests.e2e.workplace import ORG, SETTINGS, Workplace
from tests.gitlab.fake_api import FakeGitLab

PAGE = EXAMPLE.parent / "gitlab.md"


def with_snippet() -> Example:
    """The example with the jobs of the section on many targets, and without the plan of one target."""
    section = PAGE.read_text().partition("## Many targets")[2]
    found = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert found is not None
    jobs = {name: job for name, job in example().document.items() if name != "plan stage"}
    return Example(jobs | YAML(typ="safe", pure=True).load(found[1]))


class Team(Runner):
    """`prod` comes after `stage`, in another sandbox of the same organization."""

    def propose(self, number: int, key: str) -> JobRun:
        """A merge request with a new source, and the plan of its pipeline."""
        self.work.git("checkout", "-q", "-b", key)
        self.work.source(key)
        head = self.work.commit()
        self.gitlab.open(head, number)
        return self.run("plan", MERGE_REQUEST | {"CI_MERGE_REQUEST_IID": str(number)}, head)

    def merge(self, number: int, key: str) -> str:
        self.work.git("checkout", "-q", "main")
        self.work.git("merge", "-q", "--no-ff", "-m", key, key)
        merged = self.work.git("rev-parse", "HEAD")
        self.gitlab.merge(number, datetime.now(UTC).isoformat(), merge_commit_sha=merged)
        return merged

    def in_prod(self) -> set[str]:
        """The names of the sources that prod has."""
        rows = self.work.emulator.store.rows("connectionSpecs", Place(ORG, "prod"))
        return {key for key in ("members", "orders") if any(f'"{key}"'.encode() in bytes(row.body) for row in rows)}


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    fake = FakeGitLab()
    with build(":memory:") as emulator, serving(emulator.app) as url, fake.serving() as api:
        work = Workplace(tmp_path / "checkout", url, emulator)
        work.behave(read_only_clients=[READER])
        head, network, rest = SETTINGS.partition("network:")
        work.environ |= {f"RECONCILER_PROD_{name}": work.env[f"RECONCILER_STAGE_{name}"] for name in ("BASE_URL", "TOKEN_URL")}
        work.settings(f"{head}  prod: {{org_id: {ORG}, sandbox: prod, after: [stage]}}\n{network}{rest}")
        work.live()
        work.commit("the team's repository")
        yield Team(tmp_path, work, fake, api, with_snippet())


def test_what_was_reviewed_in_two_merge_requests_is_applied_to_prod_once_stage_has_it(team: Team) -> None:
    planned = team.propose(1, "members")
    assert planned.code == 0, planned.log
    (note,) = team.gitlab.texts(1)
    assert "Merging allows exactly these plans." in note
    first = team.merge(1, "members")
    assert team.run("apply stage", PUSH, first).code == 0
    assert team.propose(2, "orders").code == 0
    second = team.merge(2, "orders")
    assert team.run("apply stage", PUSH, second).code == 0
    promoted = team.run("apply prod", SCHEDULE | {"PROMOTE": "1"}, second)
    assert (promoted.code, team.in_prod()) == (0, {"members", "orders"}), promoted.log


def test_an_action_that_no_merge_request_shows_is_refused_and_named(team: Team) -> None:
    team.propose(1, "members")
    first = team.merge(1, "members")
    assert team.run("apply stage", PUSH, first).code == 0
    team.work.source("orders")
    pushed = team.work.commit()
    refused = team.run("apply stage", PUSH, pushed)
    digest = re.findall(r"DIGEST set to ([0-9a-f]{64})", refused.log)[0]
    assert team.run("apply stage", PUSH | {"DIGEST": digest}, pushed).code == 0
    ran = team.run("apply prod", SCHEDULE | {"PROMOTE": "1"}, pushed)
    assert (ran.code, team.in_prod()) == (3, set()), ran.log
    said = "create of connection spec orders was not reviewed: no merge request merged since it was last applied shows it"
    assert said in ran.log
    assert "create of connection spec members" not in ran.log.partition("not reviewed")[2]
