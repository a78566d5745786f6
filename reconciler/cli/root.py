"""The group of all commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

from reconciler import __version__
from reconciler.cli.lazy_group import LazyGroup
from reconciler.cli.options.every_command import global_options

COMMANDS: Final[Mapping[str, str]] = {
    "plan": "Show what apply would do.",
    "apply": "Make live what the spec files say.",
    "restore": "Put the bodies from before an apply back.",
    "drift": "Show what somebody changed live.",
    "status": "List every spec and where it stands.",
    "show": "Show a saved plan again.",
    "validate": "Check the spec files offline.",
    "import": "Write live specs as spec files, or take drift over into them.",
    "convert": "Turn Adobe's JSON artifact into a spec file, and back.",
    "new": "Write the spec file of a new source to start from.",
    "schema": "Print the JSON Schema of a file format, for editors.",
    "diff": "Show what separates the spec files from those of a commit.",
    "breaking": "Tell what the spec files break that those of a commit did not.",
    "targets": "List the targets.",
    "github": "Tell GitHub: comments, summaries, annotations, checks, issues.",
    "emulator": "Serve the embedded Flow Service over HTTP.",
}
"""Each command and its help in one line; its module is `reconciler.cli.commands.<name>`, and in it the command has its name."""

_EPILOG: Final = """\b
Examples:
  reconciler plan
  reconciler --target stage apply
  reconciler drift --format json

Exit codes: 0 done, 1 something is wrong, 2 differences found (drift, plan --detailed-exitcode), 3 refused by a guard and
nothing written, 4 apply ended with something failed, unknown or not converged, 130 SIGINT, 143 SIGTERM.
"""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="reconciler.cli.commands",
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@global_options
@click.version_option(__version__, "--version", prog_name="reconciler", message="%(prog)s %(version)s")
def root() -> None:
    """Reconcile Adobe Experience Platform connection specs with the spec files of this repository."""
