"""Check runs: the reviewed plan at the head commit, a started apply at the merge commit, and proofs, which nothing reads back.

Anyone with write access can edit a comment; only the app that created a check run can edit it. Source: GitHub docs, "REST API endpoints for
check runs". `external_id` holds the target, the pull request and the digest; `output.text` holds the outline of the plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from reconciler.documents.json_text import Json, string_at
from reconciler.github.api import GitHub
from reconciler.github.comments import DEFAULT_AUTHOR
from reconciler.http.code_hosts import Fields

MAX_TEXT: Final = 65_000
"""Maximum number of characters of `summary` and of `text`; GitHub refuses more than 65,535."""

Conclusion: TypeAlias = Literal["success", "failure", "neutral", "cancelled"]
Purpose: TypeAlias = Literal["plan", "apply", "prove"]

_NEVER_ENDED: Final[Mapping[str, Json]] = {
    "status": "completed",
    "conclusion": "cancelled",
    "output": {"title": "never completed", "summary": "The run was killed or cancelled; a later run continued."},
}
FLEET: Final = "fleet"
"""In the place of a target: the check run over several targets."""
_EXTERNAL: Final = re.compile(r"reconciler:(?P<purpose>plan|apply):(?P<pull_request>\d{1,12}):(?P<digest>[0-9a-f]{64}|none)")


@dataclass(frozen=True, slots=True)
class CheckScope:
    """The subject of a check run: a target of a specs folder, or one spec in it."""

    purpose: Purpose
    target: str
    specs: str = "specs"
    key: str = ""

    @property
    def name(self) -> str:
        """The name of the check run, by which it is also found."""
        folder = "" if self.specs == "specs" else f", {self.specs}"
        return f"reconciler {self.purpose}{' ' if self.key else ''}{self.key} ({self.target}{folder})"


@dataclass(frozen=True, slots=True)
class Report:
    """The content of a check run: a title, and two texts in Markdown."""

    title: str
    summary: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One check run of ours. `digest` is None if there was no plan; `conclusion` and `completed_at` are None until it is completed."""

    id: int
    pull_request: int
    digest: str | None
    conclusion: str | None
    completed_at: str | None
    text: str
    url: str | None
    run_url: str | None


@dataclass(frozen=True, slots=True)
class CheckRuns:
    """The check runs of one app: the one behind `author`, whose login is its name and `[bot]`."""

    github: GitHub
    run_url: str | None = None
    author: str = DEFAULT_AUTHOR

    def begin(self, scope: CheckScope, commit: str, pull_request: int, digest: str) -> None:
        """Start a check run. Raises ServiceError."""
        self._create(scope, commit, pull_request, digest, {"status": "in_progress"})

    def complete(
        self, scope: CheckScope, commit: str, pull_request: int, digest: str | None, conclusion: Conclusion, report: Report
    ) -> str | None:
        """Complete the check run that this run began (keeping its digest), or else a new one; return its URL.

        Also completes check runs of interrupted runs. Raises ServiceError.
        """
        ended = {"status": "completed", "conclusion": conclusion, "output": _output(report)}
        begun = [run for run in self.of(scope, commit) if run.conclusion is None] if scope.purpose == "apply" else []
        ours = next((run for run in begun if run.run_url == self.run_url), None)
        for run in begun:
            if run is not ours:
                self.github.patch(f"/check-runs/{run.id}", _NEVER_ENDED)
        if ours is not None:
            return string_at(self.github.patch(f"/check-runs/{ours.id}", ended).answer, "html_url")
        return string_at(self._create(scope, commit, pull_request, digest, ended).answer, "html_url")

    def of(self, scope: CheckScope, commit: str) -> list[CheckRun]:
        """The check runs of this scope that our app created at this commit, newest first. Raises ServiceError."""
        ours = [run for item in self._items(scope, commit) if (run := _check_run(item, scope, commit)) is not None]
        return sorted(ours, key=lambda run: run.id, reverse=True)

    def _create(self, scope: CheckScope, commit: str, pull_request: int, digest: str | None, rest: dict[str, Json]) -> Fields:
        external_id = f"reconciler:{scope.purpose}:{pull_request}:{digest or 'none'}"
        details = {"details_url": self.run_url} if self.run_url else {}
        body = {"name": scope.name, "head_sha": commit, "external_id": external_id, **details, **rest}
        return self.github.post_once("/check-runs", body, lambda: self._made(scope, commit, external_id))

    def _made(self, scope: CheckScope, commit: str, external_id: str) -> Fields | None:
        """The check run that a POST with a lost response created in this run."""
        found = (item for item in self._items(scope, commit) if item.text_or_null("external_id") == external_id)
        return next((item for item in found if item.text_or_null("details_url") == self.run_url), None)

    def _items(self, scope: CheckScope, commit: str) -> Iterator[Fields]:
        """The check runs of our app; one of no app is not ours. Raises ServiceError."""
        path = f"/commits/{commit}/check-runs?check_name={quote(scope.name, safe='')}&filter=all"
        slug = self.author.removesuffix("[bot]")
        return (item for item in self.github.pages(path, "check_runs") if item.text_or_null("app", "slug") == slug)


def _output(report: Report) -> dict[str, Json]:
    output = {"title": report.title[:200], "summary": report.summary[:MAX_TEXT]}
    return output | ({"text": report.text[:MAX_TEXT]} if report.text else {})


def _check_run(run: Fields, scope: CheckScope, commit: str) -> CheckRun | None:
    """The check run, if it matches the query; the filters of the API are checked again. Raises ServiceError if it cannot be read."""
    found, name, head = _EXTERNAL.fullmatch(run.text_or_null("external_id") or ""), run.text("name"), run.text("head_sha")
    if found is None or found["purpose"] != scope.purpose or name != scope.name or head != commit:
        return None
    return CheckRun(
        id=run.number("id"),
        pull_request=int(found["pull_request"]),
        digest=None if found["digest"] == "none" else found["digest"],
        conclusion=run.text_or_null("conclusion"),
        completed_at=run.text_or_null("completed_at"),
        text=run.text_or_null("output", "text") or "",
        url=run.text_or_null("html_url"),
        run_url=run.text_or_null("details_url"),
    )
