"""`reconciler gitlab`: the steps of a pipeline around plan and apply. A new command is a module here and a line below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

from reconciler.cli.lazy_group import LazyGroup
from reconciler.cli.options.every_command import fleet_options

COMMANDS: Final[Mapping[str, str]] = {
    "note": "Create or update the merge request note of this target.",
    "drift-issue": "Open, update or close the drift issue of this target.",
}

_EPILOG: Final = """\b
Examples:
  reconciler --target stage gitlab note report.json
  reconciler --all gitlab note --merge reports/*.json
  reconciler --all gitlab drift-issue --merge drift.json

The commands call the GitLab REST API with the token in RECONCILER_GITLAB_TOKEN. docs/gitlab.md has a pipeline to copy.
"""


@click.group(cls=LazyGroup, table=COMMANDS, package="reconciler.cli.commands.gitlab", epilog=_EPILOG)
@fleet_options
def gitlab() -> None:
    """Post results to GitLab from a CI/CD job."""
