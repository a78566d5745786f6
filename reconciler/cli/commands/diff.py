"""`reconciler diff`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.errors import exit_code_of

if TYPE_CHECKING:
    from reconciler.revisions.spec_diff import SpecDiff

_EPILOG = """\b
Examples:
  reconciler diff
  reconciler --target prod diff --against origin/main
  reconciler diff --against HEAD^1 --format markdown
"""


@click.command(epilog=_EPILOG)
@click.option("--against", default="HEAD", metavar="REVISION", show_default=True, help="The commit to compare the files with.")
@click.option(
    "--base-specs", metavar="DIR", help="The specs folder in that commit, from the repository's root, if it was elsewhere."
)
@format_option("text", "json", "markdown")
@global_options
@pass_shell
def diff(shell: Shell, against: str, base_specs: str | None, form: str) -> int:
    """Show what separates the spec files from those of a commit, field by field. Offline: nothing is asked of Flow Service.

    It is what can be told without credentials, as on a pull request from a fork. What apply would do, plan shows. Exits with 1 when a
    spec file is in error.
    """
    found = shell.sessions.diff(shell.scope, against, base_specs)
    emit(_rendered(shell, found, form))
    return exit_code_of(found.problems)


def _rendered(shell: Shell, found: SpecDiff, form: str) -> str:
    from reconciler.github.links import links_of
    from reconciler.reports.diff.json import render_diff_json
    from reconciler.reports.diff.markdown import render_diff_markdown
    from reconciler.reports.diff.text import render_diff_text
    from reconciler.reports.sinks.markdown import no_links

    match form:
        case "json":
            return render_diff_json(found)
        case "markdown":
            return render_diff_markdown(found, links=links_of(shell.environ, None) or no_links)
        case _:
            return render_diff_text(found, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ))
