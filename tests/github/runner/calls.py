"""A job that calls a reusable workflow of another repository: what is read, and what it gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.github.runner.documents import WorkflowError, load_workflow
from tests.github.runner.entry import Plan
from tests.github.runner.expressions import Scope, expand
from tests.github.runner.permissions import granted

_USES = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)/(?P<path>\.github/workflows/[\w.-]+\.ya?ml)@(?P<ref>\S+)")
KNOWN = True
"""Whether this GitHub names the commit of a called workflow: older releases of GitHub Enterprise Server do not."""
_LEVELS = ("none", "read", "write")


@dataclass(frozen=True, slots=True)
class Called:
    """`job` is what the context of that name says of the workflow."""

    workflow: Mapping[str, Any]
    inputs: Mapping[str, Any]
    job: Mapping[str, str]


def called_by(plan: Plan) -> Called:
    """The workflow that this job calls. Raises `WorkflowError` for what GitHub would refuse."""
    found = _USES.fullmatch(plan.written["uses"])
    if (
        found is None
        or plan.written.get("secrets", "inherit") != "inherit"
        or found["repository"] not in plan.setting.repositories
    ):
        raise WorkflowError(
            f"{plan.written['uses']}: only workflows of the repositories at hand, with secrets: inherit, are called here"
        )
    workflow = load_workflow(plan.setting.repositories[found["repository"]] / found["path"])
    if "workflow_call" not in workflow["on"]:
        raise WorkflowError(f"{plan.written['uses']} has no workflow_call")
    for name, job in workflow["jobs"].items():
        _check_permissions(
            plan, name, granted(job.get("permissions", workflow.get("permissions")), from_fork=plan.event.from_fork)
        )
    job = {"workflow_repository": found["repository"], "workflow_sha": found["ref"]} if KNOWN else {}
    return Called(workflow, _inputs(plan, (workflow["on"]["workflow_call"] or {}).get("inputs") or {}), job)


def _check_permissions(plan: Plan, name: str, asked: Mapping[str, str]) -> None:
    """A called job may have no more than the job that calls."""
    for permission, level in asked.items():
        allowed = plan.permissions.get(permission, "none")
        if _LEVELS.index(level) > _LEVELS.index(allowed):
            raise WorkflowError(f"the job {name} requests {permission}: {level}, but is only allowed {permission}: {allowed}")


def _inputs(plan: Plan, declared: Mapping[str, Any]) -> dict[str, Any]:
    given = expand(plan.written.get("with") or {}, Scope(plan.contexts).only("github", "needs", "vars", "inputs"))
    if unknown := sorted(given.keys() - declared.keys()):
        raise WorkflowError(f"{plan.written['uses']} has no inputs {unknown}")
    missing = sorted(name for name, one in declared.items() if one.get("required") and name not in given)
    if missing:
        raise WorkflowError(f"{plan.written['uses']}: the required inputs {missing} are not given")
    return {name: given.get(name, one.get("default", "")) for name, one in declared.items()}
