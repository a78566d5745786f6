"""What a test hands to a run: where it takes place, what it may know, and who stands in for the actions of others."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.github.runner.log import Console


class ActionFailed(Exception):
    """An action that fails: its message is an error of the step."""


@dataclass(frozen=True, slots=True)
class ActionCall:
    """What a handler gets to know of the step that uses it, and what it can do to the job.

    `environment` is what a process of that step would have; `github` and `matrix` are contexts.
    """

    uses: str
    github: Mapping[str, Any]
    matrix: Mapping[str, Any]
    environment: Mapping[str, str]
    workspace: Path
    temp: Path
    console: Console
    _variables: dict[str, str]
    _paths: list[str]

    def set_variable(self, name: str, value: str) -> None:
        """As GITHUB_ENV would: later steps have it."""
        self._variables[name] = value

    def add_path(self, folder: Path) -> None:
        """As GITHUB_PATH would: later steps find what is there first."""
        self._paths.append(str(folder))

    def print(self, text: str) -> None:
        """Into the log, where workflow commands are obeyed."""
        self.console.write(text)


Handler = Callable[[Mapping[str, str], ActionCall], Mapping[str, str] | None]
"""Stands in for an action: from its inputs, as texts and without the action's own defaults, to its outputs. May raise `ActionFailed`."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A deployment environment, whose secrets and variables win in the jobs that name it."""

    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


def host_environment() -> dict[str, str]:
    """What of this machine's environment a process may have: how to find programs, and how to measure coverage."""
    return {name: value for name, value in os.environ.items() if name in ("PATH", "LANG") or name.startswith("COV")}


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything around a run.

    `workspace` is one folder for all jobs, or gives one for a job and the number of its matrix entry, since GitHub gives each job an empty
    one. `temp` is a folder for the runner's own files. `handlers` stand in for actions, by `owner/name/path` without the ref, or by
    `./path` for a local one. `token` is the job's, or gives one for the job's permissions. `host` is all that processes get of the
    machine's environment. `given` has `{"result", "outputs"}` for jobs that are not to be run, as `needs` shows them. `repositories` are
    checkouts of others, by `owner/name`, whose composite actions are run, whatever the ref.
    """

    workspace: Path | Callable[[str, int], Path]
    temp: Path
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    environments: Mapping[str, Environment] = field(default_factory=dict)
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    token: str | Callable[[Mapping[str, str]], str] = "ghs_test"
    api_url: str = "https://api.github.com"
    server_url: str = "https://github.com"
    host: Mapping[str, str] = field(default_factory=host_environment)
    given: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    repositories: Mapping[str, Path] = field(default_factory=dict)
