"""The root command group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import click

from reconciler import __version__
from reconciler.cli.lazy_group import LazyGroup
from reconciler.cli.options.every_command import fleet_options

COMMANDS: Final[Mapping[str, str]] = {
    "init": "Set up a repository: settings, schemas, workflows.",
    "plan": "Show what apply would do.",
    "apply": "Apply the spec files to Flow Service.",
    "restore": "Restore the bodies recorded before an apply.",
    "drift": "Show changes made directly in Flow Service.",
    "status": "List every spec and its state.",
    "gates": "Show what may go on to each target, and what waits.",
    "show": "Show a saved plan, or a proof.",
    "validate": "Check the spec files offline.",
    "try": "Try a spec against the third party, a recording or a stub.",
    "prove": "Prove a live spec with Adobe's own engine, and clean up.",
    "submit": "Write what Adobe asks for before it publishes a source.",
    "import": "Import live specs or drift into spec files.",
    "convert": "Convert Adobe's JSON artifact to a spec file, or back.",
    "new": "Create the spec file of a new source.",
    "schema": "Print the JSON Schema of a file or a report.",
    "diff": "Diff the spec files against a commit.",
    "breaking": "Report breaking changes since a commit.",
    "doctor": "Check whether a target is in order.",
    "targets": "List the targets.",
    "github": "Post results to GitHub: comments, summaries, checks, issues.",
    "gitlab": "Post results to GitLab: merge request notes, drift issues.",
    "emulator": "Serve the embedded Flow Service over HTTP.",
    "explain": "Explain a code that a command printed.",
    "cache": "Show or empty the cache of spec files.",
    "completion": "Print the completion script of a shell.",
}
"""Each command and its one-line help. The module is `reconciler.cli.commands.<name>`, and the command in it has the same name."""

_EPILOG: Final = """\b
Examples:
  reconciler plan
  reconciler --target stage apply
  reconciler drift --format json

Exit codes: 0 success, 1 error, 2 differences found (drift; plan and gates --detailed-exitcode), 3 refused by a guard and nothing
written, 4 apply finished with specs that failed, are unknown or did not converge, a trial failed, or a source is not
proved, 130 SIGINT, 143 SIGTERM.
"""


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    package="reconciler.cli.commands",
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@fleet_options
@click.version_option(__version__, "--version", prog_name="reconciler", message="%(prog)s %(version)s")
def root() -> None:
    """Reconcile Adobe Experience Platform connection specs with the spec files in this repository."""
