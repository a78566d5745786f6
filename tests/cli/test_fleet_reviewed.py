"""`apply --expect-reviewed` over several targets: embedded services, a repository, and the fake GitHub with the plans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.github.checks import FLEET, CheckScope, Report
from reconciler.github.fleet_record import fleet_record_of
from reconciler.reports.fleet.reading import read_fleet
from tests.cli.test_fleet import SPEC, Folder
from tests.cli.test_fleet_apply import SETTINGS, states
from tests.github.fake_api import DEFAULT_TOKEN, FakeGitHub
from tests.github.situations import REPO, World

ALL: Final = ("--target", "dev", "--target", "eu", "--target", "stage", "--target", "prod")


class Team:
    """A repository with two sources that are live everywhere, and its pull requests."""

    def __init__(self, folder: Folder, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.world, self.capsys = folder, world, capsys

    def merge(self, name: str, planned: tuple[str, ...] = ALL) -> None:
        """A pull request with what was written, planned for these targets, and merged."""
        git = self.folder.repository.git
        base = git("rev-parse", "main")
        git("checkout", "-q", "-b", name)
        git("add", "specs")
        git("commit", "-q", "-m", name)
        head = git("rev-parse", "HEAD")
        number = self.world.fake.open_pull_request(REPO, head, head_ref=name).number
        assert self.folder(*planned, "plan", "--report", "plan.json").code == 0
        view = read_fleet((self.folder.root / "plan.json").read_bytes(), "plan.json")
        report = Report("title", "summary", fleet_record_of(view, base=base))
        self.world.checks.complete(CheckScope("plan", FLEET), head, number, view.digest, "success", report)
        git("checkout", "-q", "main")
        git("merge", "-q", "--no-ff", "-m", name, name)
        self.world.fake.merge(REPO, number, git("rev-parse", "HEAD"))

    def apply(self, *words: str, keep_going: bool = False) -> tuple[int, Any, str]:
        """The exit code, the report and standard error of an apply of what was reviewed."""
        environ = {
            "GITHUB_API_URL": self.world.url,
            "GITHUB_REPOSITORY": REPO,
            "GITHUB_SHA": self.folder.repository.git("rev-parse", "HEAD"),
            "GITHUB_REF_NAME": "main",
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_TOKEN": DEFAULT_TOKEN,
        }
        flags = ["--yes", "--expect-reviewed", "--format", "json", *(["--keep-going"] if keep_going else [])]
        code = run([*words, "apply", *flags], Shell(environ, open_sessions))
        printed = self.capsys.readouterr()
        return code, json.loads(printed.out), printed.err


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Team]:
    made = Folder(tmp_path / "repository", capsys)
    monkeypatch.chdir(made.root)
    made.write("reconciler.yaml", SETTINGS)
    (made.root / ".gitignore").write_text(".reconciler/\nplan.json\n")
    for key in ("orders", "members"):
        made.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key))
    made.commit()
    assert made(*ALL, "apply", "--yes").code == 0
    fake = FakeGitHub()
    fake.add_repository(REPO, made.repository.git("rev-parse", "HEAD"))
    with fake.serving() as url, ExitStack() as clients:
        yield Team(made, World(fake, url, clients), capsys)


def describe(team: Team, key: str, description: str) -> None:
    team.folder.write(f"sources/{key}/connection-spec.yaml", SPEC.replace("KEY", key).replace("one", description))


def test_what_was_reviewed_for_all_is_applied_to_all(team: Team) -> None:
    describe(team, "orders", "two")
    team.merge("orders")
    code, report, _ = team.apply(*ALL)
    assert code == 0
    assert {state for state, _ in states(report).values()} == {"applied"}


def test_two_merges_are_applied_together(team: Team) -> None:
    describe(team, "orders", "two")
    team.merge("orders")
    describe(team, "members", "two")
    team.merge("members")
    assert team.apply(*ALL)[0] == 0


def test_a_target_that_no_plan_was_made_for_is_refused_and_named(team: Team) -> None:
    describe(team, "orders", "two")
    team.merge("orders", ("--target", "dev", "--target", "stage"))
    code, report, err = team.apply("--target", "dev", "--target", "eu", keep_going=True)
    assert code == 3
    assert states(report) == {"dev": ("applied", 0), "eu": ("refused", 3)}
    assert report["targets"][1]["why"] == "1 action of the plan was not reviewed"
    assert "error: eu: 1 action of the plan was not reviewed" in err
    assert 'update of connection spec orders "Acme orders" was not reviewed' in err
    assert f"gh workflow run apply.yml -f target=eu -f digest={report['targets'][1]['digest']}" in err


def test_what_comes_after_a_refused_target_is_blocked(team: Team) -> None:
    describe(team, "orders", "two")
    team.merge("orders", ("--target", "stage", "--target", "prod"))
    _, report, _ = team.apply("--target", "dev", "--target", "eu", "--target", "stage")
    assert states(report) == {"dev": ("refused", 3), "eu": ("refused", 3), "stage": ("blocked", 0)}
