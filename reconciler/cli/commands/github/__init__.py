"""`reconciler github`: the steps of a workflow around plan and apply. A new command is a module here and a line below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

from reconciler.cli.lazy_group import LazyGroup
from reconciler.cli.options.every_command import fleet_options

COMMANDS: Final[Mapping[str, str]] = {
    "gate": "Show what this run is allowed to do.",
    "comment": "Create or update the pull request comment of this target.",
    "summary": "Add a report to the job summary.",
    "annotate": "Annotate the pull request with problems.",
    "check": "Record a plan, the result of an apply, or a proof as a check run.",
    "applied": "Check that this run applied every target.",
    "drift-issue": "Open, update or close the drift issue of this target.",
}

_EPILOG: Final = """\b
Examples:
  reconciler github gate
  reconciler --target stage github comment plan.json

The commands that take a REPORT read a file that plan, apply, drift or prove wrote with --report. They call the GitHub REST API with
GITHUB_TOKEN. docs/github.md has workflows to copy.
"""


@click.group(cls=LazyGroup, table=COMMANDS, package="reconciler.cli.commands.github", epilog=_EPILOG)
@fleet_options
def github() -> None:
    """Post results to GitHub from a GitHub Actions workflow."""
