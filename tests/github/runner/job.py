"""A job while it runs, and the frames in which its steps stand: the job's own, and one for each composite action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.github.runner.expressions import Scope
from tests.github.runner.log import Console, Log
from tests.github.runner.results import StepRun
from tests.github.runner.setting import Setting

_IN_ACTION = ("github", "inputs", "strategy", "matrix", "steps", "job", "runner", "env")
_IN_CONDITION = ("github", "needs", "strategy", "matrix", "job", "runner", "env", "vars", "steps", "inputs")


@dataclass
class Job:
    """What all steps of a job share.

    `contexts` has all but `env`, `steps` and `job`; `variables` grow by GITHUB_ENV, and `paths` by GITHUB_PATH.
    """

    setting: Setting
    workspace: Path
    temp: Path
    contexts: dict[str, Any]
    variables: dict[str, str]
    log: Log
    paths: list[str] = field(default_factory=list)
    summaries: list[str] = field(default_factory=list)
    status: str = "success"
    processes: int = 0


@dataclass
class Frame:
    """Steps that stand together, and know each other by id.

    `variables` are those of the steps that use the action; `defaults` are of `run`. An action does not know `secrets`, `vars` and `needs`.
    """

    contexts: Mapping[str, Any]
    variables: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    in_action: bool = False
    steps: dict[str, Any] = field(default_factory=dict)
    succeeded: bool = True

    def scope(self, job: Job, variables: Mapping[str, str]) -> Scope:
        """For the values of a step."""
        contexts = {
            **self.contexts,
            "env": variables,
            "steps": self.steps,
            "job": {**self.contexts.get("job", {}), "status": job.status},
        }
        scope = Scope(contexts)
        return scope.only(*_IN_ACTION) if self.in_action else scope

    def condition_scope(self, job: Job, variables: Mapping[str, str]) -> Scope:
        """For the `if` of a step, which knows no secrets, but how things stand."""
        status = {
            "success": lambda: self.succeeded,
            "failure": lambda: not self.succeeded,
            "always": lambda: True,
            "cancelled": lambda: False,
        }
        return Scope(self.scope(job, variables).only(*_IN_CONDITION).contexts, status)


@dataclass
class Turn:
    """One step's turn. `key` is its id or a made-up one, `own` its own variables, `variables` all that it sees as `env`."""

    job: Job
    frame: Frame
    step: Mapping[str, Any]
    key: str
    depth: int
    console: Console
    variables: dict[str, str]
    own: dict[str, str] = field(default_factory=dict)
    inner: tuple[StepRun, ...] = ()

    @property
    def scope(self) -> Scope:
        return self.frame.scope(self.job, self.variables)

    @property
    def github(self) -> dict[str, Any]:
        return {**self.frame.contexts["github"], "action": self.key}
