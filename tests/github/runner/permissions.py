"""What a job's token may do: what the job asks for, else what the workflow asks for, else the restricted default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.github.runner.documents import WorkflowError

_ALL = (
    "actions",
    "attestations",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "id-token",
    "issues",
    "models",
    "packages",
    "pages",
    "pull-requests",
    "repository-projects",
    "security-events",
    "statuses",
)
_DEFAULT = {"contents": "read", "packages": "read"}


def granted(asked: Any, *, from_fork: bool) -> dict[str, str]:
    """Permissions by their names in workflows (`pull-requests`). What is not asked for is none, and a fork's run only reads.

    Raises `WorkflowError`.
    """
    wanted = _DEFAULT if asked is None else _wanted(asked)
    for name, level in wanted.items():
        if name not in _ALL or level not in ("read", "write", "none"):
            raise WorkflowError(f"permissions: {name}: {level} is not known")
    if from_fork:
        wanted = {name: "none" if name == "id-token" else "read" for name, level in wanted.items() if level != "none"}
    return {name: level for name, level in wanted.items() if level != "none"} | {"metadata": "read"}


def _wanted(asked: Any) -> Mapping[str, str]:
    if isinstance(asked, Mapping):
        return asked
    if asked not in ("read-all", "write-all"):
        raise WorkflowError(f"permissions: {asked} is not known")
    return dict.fromkeys(_ALL, asked.removesuffix("-all"))
