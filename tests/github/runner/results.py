"""What a run was: its jobs, their steps, and what each left behind. Outcomes are `success`, `failure`, `cancelled` and `skipped`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Annotation:
    """An `error`, `warning` or `notice`, secrets masked. `step` is the id or name of the step that gave it."""

    level: str
    message: str
    step: str
    title: str | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class StepRun:
    """One step. `conclusion` is the outcome after `continue-on-error`; `steps` are those of an action that it used."""

    id: str | None
    name: str
    outcome: str
    conclusion: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    uses: str | None = None
    steps: tuple[StepRun, ...] = ()


@dataclass(frozen=True, slots=True)
class JobRun:
    """One job, or one entry of its matrix. `log` is as it is shown, `raw_log` as it came out of the processes, secrets and all.

    `summaries` are those of the steps that wrote one; `permissions`, `environment` and `concurrency` are what the job asked for.
    """

    id: str
    name: str
    conclusion: str
    matrix: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[StepRun, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)
    log: str = ""
    raw_log: str = ""
    annotations: tuple[Annotation, ...] = ()
    summaries: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    permissions: Mapping[str, str] = field(default_factory=dict)
    environment: Any = None
    concurrency: Any = None
    continue_on_error: bool = False

    @property
    def summary(self) -> str:
        """All summaries, as the page of the run shows them one after the other."""
        return "".join(self.summaries)

    def step(self, name: str) -> StepRun:
        """The one step of that id or name."""
        (found,) = [one for one in self.steps if name in (one.id, one.name)]
        return found


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run: for each job, its entries in the matrix's order, a job without a matrix having one."""

    jobs: Mapping[str, list[JobRun]]
    concurrency: Any = None

    @property
    def conclusion(self) -> str:
        return summed_up([one for runs in self.jobs.values() for one in runs])

    def job(self, name: str) -> JobRun:
        """The only entry of a job."""
        (found,) = self.jobs[name]
        return found


def summed_up(runs: list[JobRun]) -> str:
    """The result of several: a failure wins unless it may continue, then what was cancelled; all skipped is skipped."""
    results = {"success" if one.conclusion == "failure" and one.continue_on_error else one.conclusion for one in runs}
    return next((one for one in ("failure", "cancelled", "success") if one in results), "skipped")
