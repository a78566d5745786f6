"""The contexts that an event and a setting give before anything is run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.github.runner.documents import WorkflowError
from tests.github.runner.events import Event
from tests.github.runner.setting import Setting


def github_context(event: Event, setting: Setting, workflow: Mapping[str, Any], job: str = "") -> dict[str, Any]:
    """`github`, but for what a job adds: token, workspace and the file of the event."""
    return {
        "event_name": event.name,
        "event": event.payload,
        "repository": event.repository,
        "repository_owner": event.repository.partition("/")[0],
        "sha": event.sha,
        "ref": event.ref,
        "ref_name": event.ref_name,
        "ref_type": "tag" if event.ref.startswith("refs/tags/") else "branch",
        "head_ref": event.head_ref,
        "base_ref": event.base_ref,
        "actor": event.actor,
        "triggering_actor": event.actor,
        "run_id": str(event.run_id),
        "run_number": "1",
        "run_attempt": str(event.run_attempt),
        "workflow": workflow.get("name", ""),
        "job": job,
        "server_url": setting.server_url,
        "api_url": setting.api_url,
        "graphql_url": f"{setting.api_url}/graphql",
        "action_path": "",
    }


def runner_context(temp: Path) -> dict[str, str]:
    folders = {"temp": str(temp / "_temp"), "tool_cache": str(temp / "tools")}
    return {"os": "Linux", "arch": "X64", "name": "GitHub Actions 1", "environment": "github-hosted", **folders}


def inputs_context(event: Event, workflow: Mapping[str, Any]) -> dict[str, Any]:
    """`inputs` of a run by hand: what was sent, else the default, each of its declared type. Raises `WorkflowError`."""
    if event.name != "workflow_dispatch":
        return {}
    triggers = workflow["on"]
    declared = (triggers.get("workflow_dispatch") or {}).get("inputs") or {} if isinstance(triggers, Mapping) else {}
    sent = event.payload.get("inputs", {})
    unexpected = sorted(sent.keys() - declared.keys())
    if unexpected:
        raise WorkflowError(f"Unexpected inputs provided: {unexpected}")
    return {name: _input(name, definition or {}, sent.get(name)) for name, definition in declared.items()}


def _input(name: str, definition: Mapping[str, Any], sent: str | None) -> Any:
    kind = definition.get("type", "string")
    if sent is None and definition.get("required") and "default" not in definition:
        raise WorkflowError(f"Required input '{name}' not provided")
    value = definition.get("default") if sent is None else sent
    if kind == "boolean":
        return value in (True, "true")
    if kind == "choice" and sent is not None and sent not in definition["options"]:
        raise WorkflowError(f"Provided value '{sent}' for input '{name}' not in the list of allowed values")
    if kind == "number":
        return None if value is None else float(value)
    return "" if value is None else str(value)
