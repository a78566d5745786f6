"""`--expect-reviewed`: the reviews of the merged pull request on GitHub, or of the merged merge request on GitLab."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from reconciler.cli.apply_run import Approval
from reconciler.cli.shell import Shell


def reviews_for(shell: Shell, flags: Sequence[str] = ()) -> AbstractContextManager[Approval]:
    """The reviews of the commit of this run, for an apply with these flags.

    Raises UsageError outside of GitHub Actions and GitLab CI/CD, and without a token.
    """
    if shell.environ.get("GITLAB_CI") and not shell.environ.get("GITHUB_ACTIONS"):
        from reconciler.cli.gitlab.run import reviews_on_gitlab

        return reviews_on_gitlab(shell, flags)
    from reconciler.cli.github.run import reviews_for as reviews_on_github

    return reviews_on_github(shell, flags)
