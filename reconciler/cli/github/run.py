"""Shared code of the commands that call GitHub: the client, and the account it writes as."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

from reconciler.cli.by_action import reviewed_by_action
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.by_hand import workflow_of
from reconciler.cli.terminal.output import tell
from reconciler.desired.git.branch import Branch
from reconciler.desired.git.history import History
from reconciler.github.api import GitHub, connect_github
from reconciler.github.checks import CheckRuns
from reconciler.github.comments import DEFAULT_AUTHOR
from reconciler.github.event import Event, read_event
from reconciler.github.merged_pulls import MergedPulls
from reconciler.github.reviews import Reviews
from reconciler.http.clock import SystemClock
from reconciler.reports.kept import Written
from reconciler.reports.sinks.text import Text
from reconciler.reviews.merged_plans import MergedPlans


def author_in(shell: Shell) -> str:
    """The login the token writes as: the job's own, or the one in `RECONCILER_GITHUB_AUTHOR`, such as `our-app[bot]`."""
    return shell.environ.get("RECONCILER_GITHUB_AUTHOR", "").strip() or DEFAULT_AUTHOR


_FARTHEST: Final = 20
"""How many commits back a merge may be that waits for its apply."""


@contextmanager
def github_for(shell: Shell, event: Event) -> Iterator[GitHub]:
    """The client for the repository of this run. Raises UsageError if there is no token."""
    github = connect_github(
        event.api_url,
        event.repository,
        shell.environ.get("GITHUB_TOKEN", "").strip(),
        clock=SystemClock(),
        rng=random.Random(),  # noqa: S311 - jitter
        stop=shell.signals.stop,
    )
    with closing(github):
        yield github


def say_written(what: str, written: Written, author: str) -> None:
    """Print what was done with a comment or an issue, and warn if the next run will not find it."""
    text = Text()
    text.line(f"{what}: {written.done}" + (f" {written.url}" if written.url else ""))
    if written.author not in (None, author):
        text.line(f"warning: written by {written.author}, but the next run looks for {author}, and will not find it")
        text.line(f"hint: set RECONCILER_GITHUB_AUTHOR to {written.author}", indent=1)
    tell(text.render())


@contextmanager
def reviews_for(shell: Shell, flags: Sequence[str] = ()) -> Iterator[Reviews]:
    """The reviews of the commit of this run, for an apply with these flags.

    Raises UsageError outside GitHub Actions, and without a token.
    """
    event = read_event(shell.environ)
    with github_for(shell, event) as github:
        checks = CheckRuns(github, event.run_url, author_in(shell))
        specs = shell.scope.specs.as_posix()
        merged = MergedPlans(MergedPulls(checks, specs, event.branch), Branch.of(shell.scope.specs, event.commit))
        by_action = reviewed_by_action(shell, flags)
        yield Reviews(
            checks,
            specs,
            event.commit,
            event.branch,
            flags,
            lambda: _ancestors(shell, event.commit),
            lambda target: merged if by_action(target) else None,
            workflow_of(shell.environ),
        )


def _ancestors(shell: Shell, commit: str) -> Iterator[str]:
    """The commits before this one, along first parents, as far as this clone has them."""
    with closing(History(shell.scope.specs)) as history:
        for back in range(1, _FARTHEST + 1):
            found = history.resolve(f"{commit}~{back}")
            if found is None:
                return
            yield found
