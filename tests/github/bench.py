"""A workspace with a workflow file in it, and a place to run it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.github.fake_api import a_sha
from tests.github.runner.events import Event, Pull, push
from tests.github.runner.results import JobRun, WorkflowRun
from tests.github.runner.run import run_workflow
from tests.github.runner.setting import Setting

REPO = "acme/aep-sources"
TIP, HEAD, MERGE = a_sha("tip"), a_sha("head"), a_sha("merge")
PUSH = push(REPO, TIP)
PULL = Pull(REPO, 7, HEAD, TIP, MERGE)


@dataclass
class Bench:
    """A workspace with a workflow file and actions, and a place to run it."""

    folder: Path

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def file(self, path: str, text: str) -> Path:
        file = self.workspace / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def run(self, text: str, event: Event = PUSH, **setting: Any) -> WorkflowRun:
        """Run the text of a workflow; `on` and `runs-on` may be left to it."""
        path = self.file("w.yml", text.replace("JOB", "runs-on: ubuntu-24.04"))
        return run_workflow(path, event, Setting(**{"workspace": self.workspace, "temp": self.folder / "runner", **setting}))

    def job(self, text: str, event: Event = PUSH, **setting: Any) -> JobRun:
        """The same for a workflow of one job, of which its steps are written, or all below `job:`."""
        body = text if "steps:" in text else "    steps:\n" + text
        return self.run("on: push\njobs:\n  job:\n    JOB\n" + body, event, **setting).job("job")

    def action(self, text: str, path: str = "act") -> None:
        """A composite action from its `inputs`, `outputs` and `steps`."""
        self.file(f"{path}/action.yml", "name: act\ndescription: acts\n" + text)
