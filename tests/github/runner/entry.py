"""One entry of a job's matrix: what it begins with, its steps, and what it leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.github.runner.contexts import github_context, runner_context
from tests.github.runner.events import Event
from tests.github.runner.expressions import Scope, check, expand, text
from tests.github.runner.job import Frame, Job
from tests.github.runner.log import Log
from tests.github.runner.permissions import granted
from tests.github.runner.results import JobRun
from tests.github.runner.setting import Environment, Setting
from tests.github.runner.steps import run_steps
from tests.github.runner.values import to_text

_AROUND = ("github", "needs", "strategy", "matrix", "vars", "inputs")
_IN_ENV = (*_AROUND, "secrets")
_IN_WORKFLOW_ENV = ("github", "secrets", "inputs", "vars")


@dataclass(frozen=True, slots=True)
class Plan:
    """A job that is to be run, as it is written. `contexts` are what is known before: `github`, `inputs`, `vars` and `needs`."""

    id: str
    written: Mapping[str, Any]
    workflow: Mapping[str, Any]
    event: Event
    setting: Setting
    contexts: Mapping[str, Any]

    @property
    def permissions(self) -> dict[str, str]:
        return granted(self.written.get("permissions", self.workflow.get("permissions")), from_fork=self.event.from_fork)


def entry_name(plan: Plan, contexts: Mapping[str, Any]) -> str:
    """The job's name, or its id with the values of the entry."""
    if "name" in plan.written:
        return text(plan.written["name"], Scope(contexts).only(*_AROUND))
    values = ", ".join(to_text(one) for one in contexts["matrix"].values())
    return f"{plan.id} ({values})" if values else plan.id


def run_entry(plan: Plan, contexts: Mapping[str, Any], number: int) -> JobRun:
    """Run one entry; `contexts` have its `matrix` and `strategy` too. Raises `WorkflowError`, `InvalidExpression`, `EvaluationError`."""
    around = Scope(contexts).only(*_AROUND)
    environment = _environment_name(plan, around)
    job = _begin(plan, contexts, number, environment)
    frame = Frame(job.contexts, defaults=_defaults(plan, around.also(env=job.variables)))
    check(plan.written.get("outputs"), frame.scope(job, {}))
    steps = run_steps(job, frame, plan.written["steps"])
    outputs = _outputs(plan, job, frame)
    return JobRun(
        id=plan.id,
        name=entry_name(plan, contexts),
        conclusion=job.status,
        matrix=contexts["matrix"],
        steps=steps,
        outputs=outputs,
        log="\n".join(job.log.shown),
        raw_log="\n".join(job.log.raw),
        annotations=tuple(job.log.annotations),
        summaries=tuple(job.summaries),
        masks=tuple(job.log.masks),
        permissions=plan.permissions,
        environment=_environment(plan, job, frame, environment),
        concurrency=expand(plan.written.get("concurrency"), around),
        continue_on_error=expand(plan.written.get("continue-on-error", False), around) is True,
    )


def _begin(plan: Plan, contexts: Mapping[str, Any], number: int, environment: str | None) -> Job:
    """The job before its first step: folders, token, secrets with their masks, and variables."""
    setting, temp = plan.setting, plan.setting.temp / f"{plan.id}-{number}"
    for folder in ("home", "_temp"):
        (temp / folder).mkdir(parents=True)
    (temp / "event.json").write_text(json.dumps(plan.event.payload))
    workspace = setting.workspace(plan.id, number) if callable(setting.workspace) else setting.workspace
    token = setting.token(plan.permissions) if callable(setting.token) else setting.token
    nothing = Environment()
    around = nothing if plan.event.from_fork else Environment(setting.secrets, setting.variables)
    place = nothing if plan.event.from_fork else setting.environments.get(environment or "", nothing)
    known = {
        **contexts,
        "github": github_context(plan.event, setting, plan.workflow, plan.id) | _of_job(token, workspace, temp),
        "vars": {**around.variables, **place.variables},
        "secrets": {**around.secrets, **place.secrets, "GITHUB_TOKEN": token},
        "runner": runner_context(temp),
    }
    log = Log()
    for secret in known["secrets"].values():
        log.mask(secret)
    return Job(setting, workspace, temp, known, _variables(plan, Scope(known)), log)


def _of_job(token: str, workspace: Any, temp: Any) -> dict[str, str]:
    return {"token": token, "workspace": str(workspace), "event_path": str(temp / "event.json")}


def _variables(plan: Plan, scope: Scope) -> dict[str, str]:
    """`env` of the workflow, and over it of the job. Neither sees the context `env`."""
    values = {**expand(plan.workflow.get("env") or {}, scope.only(*_IN_WORKFLOW_ENV))}
    values |= expand(plan.written.get("env") or {}, scope.only(*_IN_ENV))
    return {name: to_text(value) for name, value in values.items()}


def _defaults(plan: Plan, scope: Scope) -> dict[str, str]:
    """`defaults.run` of the workflow, and over it of the job."""
    workflow = (plan.workflow.get("defaults") or {}).get("run") or {}
    own = (plan.written.get("defaults") or {}).get("run") or {}
    return {name: text(value, scope) for name, value in {**workflow, **own}.items()}


def _outputs(plan: Plan, job: Job, frame: Frame) -> dict[str, str]:
    """What the job hands on. An output that may hold a secret is left out with a warning, as GitHub does."""
    scope = frame.scope(job, job.variables)
    outputs = {name: text(value, scope) for name, value in (plan.written.get("outputs") or {}).items()}
    for name, value in list(outputs.items()):
        if job.log.masked(value) != value:
            job.log.annotate("warning", f"Skip output '{name}' since it may contain secret.", plan.id)
            del outputs[name]
    return outputs


def _environment_name(plan: Plan, scope: Scope) -> str | None:
    written = plan.written.get("environment")
    name = written.get("name") if isinstance(written, Mapping) else written
    return None if name is None else text(name, scope) or None


def _environment(plan: Plan, job: Job, frame: Frame, name: str | None) -> dict[str, str] | None:
    """The environment with its address, which the steps may have found out."""
    if name is None:
        return None
    written = plan.written["environment"]
    if not isinstance(written, Mapping) or "url" not in written:
        return {"name": name}
    return {"name": name, "url": text(written["url"], frame.condition_scope(job, job.variables))}
