"""`reconciler github`: what a workflow does besides planning and applying. A new command is a module here and a line below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

from reconciler.cli.lazy_group import LazyGroup
from reconciler.cli.options.every_command import global_options

COMMANDS: Final[Mapping[str, str]] = {
    "gate": "Say what this run may do.",
    "comment": "Write the one comment of this target on the pull request.",
    "summary": "Write the job summary.",
    "annotate": "Show problems at their lines.",
    "check": "Keep a plan, or the end of an apply, as a check run.",
    "applied": "Check that this run applied every target.",
    "drift-issue": "Open, update or close the drift issue of this target.",
}

_EPILOG: Final = """\b
Examples:
  reconciler github gate
  reconciler --target stage github comment plan.json

They read a REPORT that `plan`, `apply` or `drift` wrote with --report, and call the REST API with GITHUB_TOKEN. docs/github.md has the
workflows to copy.
"""


@click.group(cls=LazyGroup, table=COMMANDS, package="reconciler.cli.commands.github", epilog=_EPILOG)
@global_options
def github() -> None:
    """Tell GitHub about a run, from inside of a GitHub Actions workflow."""
