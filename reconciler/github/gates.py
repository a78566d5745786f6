"""The gate: whether a run may plan against live, compare files only, write, or do nothing because it is superseded."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from reconciler.documents.json_text import value_at
from reconciler.github.api import GitHub
from reconciler.github.event import Event, is_commit
from reconciler.http.code_hosts import Fields

_MOST_FILES: Final = 300
"""Maximum number of files that a comparison lists; at this number there may be more."""


class Mode(StrEnum):
    """How far a run may go."""

    LIVE = "live"
    """Whatever its credential allows."""
    OFFLINE = "offline"
    """The run has no secrets: compare spec files only."""
    STALE = "stale"
    """The run is not for the tip of the default branch: write nothing."""


@dataclass(frozen=True, slots=True)
class Gate:
    """How far a run may go, and the reason for a limit."""

    mode: Mode
    reason: str | None = None


def gate_of(event: Event, github: Callable[[], AbstractContextManager[GitHub]], specs: str, *, writes: bool) -> Gate:
    """Return what this run may do. If it `writes`, its commit must be the tip of the default branch, regardless of the trigger.

    An ancestor of the tip is also allowed if nothing in the specs folder (`specs`) changed since, because no other run would apply it.

    Raises ServiceError if GitHub cannot be queried.
    """
    if event.pull_request is not None and not event.has_secrets:
        is_fork = event.pull_request.is_fork
        said = "this pull request is from a fork; its runs get no secrets" if is_fork else f"runs of {event.actor} get no secrets"
        return Gate(Mode.OFFLINE, said)
    if not writes:
        return Gate(Mode.LIVE)
    with github() as api:
        default = event.default_branch or api.get("").text("default_branch")
        if event.branch != default:
            return Gate(Mode.STALE, f"only {default} is applied; this run is for {event.branch}")
        found = api.get(f"/git/ref/heads/{quote(default)}")
        tip = found.text("object", "sha")
        if not is_commit(tip):
            raise found.without("object", "sha")
        if tip == event.commit:
            return Gate(Mode.LIVE)
        said = f"{event.commit[:10]} is no longer the tip of {default}"
        if _has_same_specs(api.get(f"/compare/{event.commit}...{tip}"), specs):
            return Gate(Mode.LIVE, f"{said}, but nothing under {specs} has changed since")
    return Gate(Mode.STALE, f"{said}: nothing is applied; the run for {tip[:10]} applies what was reviewed for it")


def _has_same_specs(comparison: Fields, specs: str) -> bool:
    """Whether the newer commit is ahead and left the specs folder unchanged, according to the files that GitHub lists.

    Raises ServiceError if the comparison does not say so: "no" leaves the apply to a run for the tip, which there may not be.
    """
    if comparison.one_of("status", "ahead", "behind", "diverged", "identical") != "ahead":
        return False
    files = comparison.items("files")
    names = [file.text("filename") for file in files]
    names += [file.text("previous_filename") for file in files if value_at(file.answer, "previous_filename") is not None]
    return specs != "." and len(files) < _MOST_FILES and not any(f"{name}/".startswith(f"{specs}/") for name in names)
