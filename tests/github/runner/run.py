"""Runs a workflow file as GitHub's runner would: `run_workflow(path, event, setting)`.

Jobs run one after the other, each after those that it needs; those of a workflow that is called are `caller/job`. Not here: containers and
services, cancelling, time limits, caches, and what actions do after a job; `on` is not looked at (`triggers` does that).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.github.runner.calls import called_by
from tests.github.runner.contexts import github_context, inputs_context
from tests.github.runner.documents import WorkflowError, load_workflow
from tests.github.runner.entry import Plan
from tests.github.runner.events import Event
from tests.github.runner.expressions import Scope, condition, expand
from tests.github.runner.jobs import run_job
from tests.github.runner.results import JobRun, WorkflowRun, summed_up
from tests.github.runner.setting import Setting

Needs = dict[str, dict[str, Any]]


def run_workflow(path: Path, event: Event, setting: Setting) -> WorkflowRun:
    """Run every job. A step that fails is a result; a workflow that GitHub would refuse is an error.

    Raises `WorkflowError`, `InvalidExpression`, and `EvaluationError` for what is worked out outside of steps.
    """
    workflow = load_workflow(path)
    contexts = {
        "github": github_context(event, setting, workflow),
        "inputs": inputs_context(event, workflow),
        "vars": {} if event.from_fork else dict(setting.variables),
        "job": {"workflow_repository": event.repository, "workflow_sha": event.sha},
    }
    return _run_jobs(workflow, event, setting, contexts)


def _run_jobs(workflow: Mapping[str, Any], event: Event, setting: Setting, contexts: Mapping[str, Any]) -> WorkflowRun:
    concurrency = expand(workflow.get("concurrency"), Scope(contexts))
    runs: dict[str, list[JobRun]] = {}
    needs: Needs = {name: {"result": one["result"], "outputs": one.get("outputs", {})} for name, one in setting.given.items()}
    for name, ancestors in _in_order(workflow["jobs"]):
        if name in setting.given:
            continue
        written = workflow["jobs"][name]
        known = {**contexts, "needs": {one: needs[one] for one in needed(written)}}
        plan = Plan(name, written, workflow, event, setting, known)
        is_wanted = _wanted(plan, [needs[one]["result"] for one in ancestors])
        if is_wanted and "uses" in written:
            run = _run_called(plan)
            runs |= {f"{name}/{one}": ran for one, ran in run.jobs.items()}
            needs[name] = {"result": run.conclusion, "outputs": {}}
            continue
        runs[name] = run_job(plan) if is_wanted else [_skipped(plan)]
        needs[name] = {"result": summed_up(runs[name]), "outputs": _outputs(runs[name])}
    return WorkflowRun(runs, concurrency)


def _run_called(plan: Plan) -> WorkflowRun:
    """The jobs of a called workflow, which know the event and the secrets of the caller, but not its variables."""
    called = called_by(plan)
    return _run_jobs(called.workflow, plan.event, plan.setting, {**plan.contexts, "inputs": called.inputs, "job": called.job})


def needed(job: Mapping[str, Any]) -> list[str]:
    """The jobs that a job names in `needs`."""
    names = job.get("needs") or []
    return [names] if isinstance(names, str) else list(names)


def _wanted(plan: Plan, before: list[str]) -> bool:
    """The job's `if`. `success()` asks all jobs before it, through those that it needs, and one that was skipped is no success."""
    status = {
        "success": lambda: all(one == "success" for one in before),
        "failure": lambda: "failure" in before,
        "always": lambda: True,
        "cancelled": lambda: False,
    }
    return condition(plan.written.get("if"), Scope(plan.contexts, status))


def _skipped(plan: Plan) -> JobRun:
    return JobRun(plan.id, str(plan.written.get("name", plan.id)), "skipped", permissions=plan.permissions)


def _outputs(runs: list[JobRun]) -> dict[str, str]:
    """A later entry of a matrix wins, unless it has nothing to say."""
    outputs: dict[str, str] = {}
    for one in runs:
        outputs |= {name: value for name, value in one.outputs.items() if value or name not in outputs}
    return outputs


def _in_order(jobs: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each job after those that it needs, with all that come before it, however far. Raises `WorkflowError`."""
    before: dict[str, list[str]] = {}
    while len(before) < len(jobs):
        ready = next((name for name in jobs if name not in before and all(one in before for one in needed(jobs[name]))), None)
        if ready is None:
            raise WorkflowError(f"needs: a job that is not there, or a circle, among {sorted(jobs.keys() - before.keys())}")
        direct = needed(jobs[ready])
        before[ready] = list(dict.fromkeys([*direct, *(far for one in direct for far in before[one])]))
        yield ready, before[ready]
