"""Shared code of the commands that call GitLab: the client, and the reviews."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from reconciler.cli.by_action import reviewed_by_action
from reconciler.cli.shell import Shell
from reconciler.desired.git.branch import Branch
from reconciler.gitlab.api import TOKEN, GitLab, connect_gitlab
from reconciler.gitlab.merged_requests import MergedRequests
from reconciler.gitlab.pipeline import Job, read_job
from reconciler.gitlab.recorded import RecordedPlans
from reconciler.gitlab.reviews import Reviews
from reconciler.http.clock import SystemClock
from reconciler.reviews.merged_plans import MergedPlans


@contextmanager
def gitlab_for(shell: Shell, job: Job) -> Iterator[GitLab]:
    """The client for the project of this job. Raises UsageError if there is no token."""
    gitlab = connect_gitlab(
        job.api_url,
        job.project,
        shell.environ.get(TOKEN, "").strip(),
        clock=SystemClock(),
        rng=random.Random(),  # noqa: S311 - jitter
        stop=shell.signals.stop,
    )
    with closing(gitlab):
        yield gitlab


@contextmanager
def reviews_on_gitlab(shell: Shell, flags: Sequence[str] = ()) -> Iterator[Reviews]:
    """The reviews of the commit of this job, for an apply with these flags. Raises UsageError outside of a job, and without a token."""
    job = read_job(shell.environ)
    with gitlab_for(shell, job) as gitlab:
        recorded = RecordedPlans(gitlab)
        merged = MergedPlans(MergedRequests(recorded, job.branch), Branch.of(shell.scope.specs, job.commit))
        by_action = reviewed_by_action(shell, flags)
        yield Reviews(recorded, job, _artifact(shell), lambda target: merged if by_action(target) else None)


def _artifact(shell: Shell) -> str | None:
    """The path of `--report` from the project's root, where GitLab keeps artifacts; None if it is not below it."""
    if shell.report is None:
        return None
    path = os.path.relpath(shell.report.absolute(), shell.environ.get("CI_PROJECT_DIR") or Path.cwd())
    return None if path.startswith("..") else Path(path).as_posix()
