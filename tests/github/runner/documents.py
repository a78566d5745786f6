"""Workflow and action files, read as GitHub reads them: YAML 1.2, so that `on` is a word, and dates are texts. Unknown keys are errors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

_WORKFLOW = frozenset({"name", "run-name", "on", "permissions", "env", "defaults", "concurrency", "jobs"})
_JOB = frozenset(
    {
        "name",
        "permissions",
        "needs",
        "if",
        "runs-on",
        "environment",
        "concurrency",
        "outputs",
        "env",
        "defaults",
        "steps",
        "timeout-minutes",
        "strategy",
        "continue-on-error",
    }
)
_CALL = frozenset({"name", "permissions", "needs", "if", "uses", "with", "secrets"})
_STEP = frozenset(
    {"id", "if", "name", "uses", "run", "working-directory", "shell", "with", "env", "continue-on-error", "timeout-minutes"}
)
_ACTION = frozenset({"name", "description", "author", "branding", "inputs", "outputs", "runs"})
_INPUT = frozenset({"description", "required", "default", "deprecationMessage"})


class WorkflowError(Exception):
    """A file that GitHub would refuse, or that asks for what this runner does not have."""


class _Texts(SafeConstructor):
    """Gives a plain date as the text that it is."""


_Texts.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def load(path: Path) -> dict[str, Any]:
    """The mapping in a file. Raises `WorkflowError`."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Texts
    document = yaml.load(path.read_text())
    if not isinstance(document, dict):
        raise WorkflowError(f"{path} is not a mapping")
    return document


def load_workflow(path: Path) -> dict[str, Any]:
    """A workflow whose keys are all known. Raises `WorkflowError`."""
    workflow = load(path)
    _known(workflow, _WORKFLOW, str(path))
    for name, job in workflow["jobs"].items():
        if "uses" in job:
            _known(job, _CALL, f"job {name}")
            continue
        _known(job, _JOB, f"job {name}")
        for part in ("runs-on", "steps"):
            if part not in job:
                raise WorkflowError(f"job {name} has no {part}")
        check_steps(job["steps"], f"job {name}")
    return workflow


def load_action(folder: Path) -> dict[str, Any] | None:
    """The composite action in a folder, or None where there is no file of one. Raises `WorkflowError`."""
    file = next((folder / name for name in ("action.yml", "action.yaml") if (folder / name).is_file()), None)
    if file is None:
        return None
    action = load(file)
    _known(action, _ACTION, str(file))
    runs = action.get("runs", {})
    if runs.get("using") != "composite":
        raise WorkflowError(f"{file}: only composite actions can be run here")
    for name, definition in action.get("inputs", {}).items():
        _known(definition, _INPUT, f"{file}: input {name}")
    check_steps(runs["steps"], str(file))
    for step in runs["steps"]:
        if "run" in step and "shell" not in step:
            raise WorkflowError(f"{file}: Required property is missing: shell")
    return action


def check_steps(steps: list[Mapping[str, Any]], place: str) -> None:
    """Steps with known keys, either `run` or `uses`, and ids of their own. Raises `WorkflowError`."""
    ids: set[str] = set()
    for step in steps:
        _known(step, _STEP, f"a step of {place}")
        if ("run" in step) == ("uses" in step):
            raise WorkflowError(f"a step of {place} must have either run or uses")
        name = step.get("id", "").lower()
        if name and name in ids:
            raise WorkflowError(f"{place}: the id {name} is used twice")
        ids.add(name)


def _known(mapping: Mapping[str, Any], names: frozenset[str], place: str) -> None:
    for name in mapping:
        if name not in names:
            raise WorkflowError(f"{place}: the key {name} is not known here")
