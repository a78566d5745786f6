"""Runs `reconciler github …` beside a stand-in for GitHub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.json_text import encode
from reconciler.errors import Problem
from reconciler.reports.plan.view import PlanView, view_of
from tests.cli.fakes import Ran
from tests.github.fake_api import DEFAULT_TOKEN
from tests.github.situations import HEAD, REPO, TIP, World
from tests.reports.plans import change, plan, update


class Runner:
    """One job of a workflow: its environment, its folder, and the commands that its steps run."""

    def __init__(self, world: World, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.world = world
        self.folder = folder
        self._capfd = capfd
        self.environ = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": world.url,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_REPOSITORY": REPO,
            "GITHUB_WORKSPACE": str(folder),
            "GITHUB_RUN_ID": "7",
            "GITHUB_TOKEN": DEFAULT_TOKEN,
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_OUTPUT": str(folder / "output"),
        }
        self.pull_request()

    def pull_request(self) -> None:
        head = {"sha": HEAD, "repo": {"full_name": REPO}}
        self.event("pull_request", TIP, {"pull_request": {"number": 1, "head": head, "base": {"sha": TIP}}})

    def push(self, sha: str) -> None:
        self.event("push", sha, {"repository": {"default_branch": "main"}})

    def event(self, name: str, sha: str, payload: dict[str, Any]) -> None:
        file = self.folder / "event.json"
        file.write_bytes(encode(payload))
        self.environ |= {
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(file),
            "GITHUB_SHA": sha,
            "GITHUB_REF_NAME": "main",
        }

    def __call__(self, command: str, text: str | None = None, *options: str) -> Ran:
        """`github COMMAND`, on a report with this text."""
        arguments = ["--target", "stage", "github", command, *options]
        if text is not None:
            (self.folder / "report.json").write_text(text)
            arguments.append(str(self.folder / "report.json"))
        code = run(arguments, Shell(self.environ, open_sessions))
        printed = self._capfd.readouterr()
        return Ran(code, printed.out, printed.err)

    @property
    def comment(self) -> str:
        (comment,) = self.world.fake.comments(REPO, 1)
        return comment.body

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text()


EDIT = update(change("replace", "/a", 1, 2))


def view(*problems: Problem) -> PlanView:
    return view_of(plan(EDIT, problems=problems))
