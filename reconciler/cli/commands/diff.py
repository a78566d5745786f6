"""`reconciler diff`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.every_command import fleet_options, format_option
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.errors import exit_code_of

if TYPE_CHECKING:
    from reconciler.revisions.spec_diff import SpecDiff
    from reconciler.revisions.versions import Comparison

_EPILOG = """\b
Examples:
  reconciler diff
  reconciler --target prod diff --against origin/main
  reconciler diff --against HEAD^1 --format markdown
"""


@click.command(epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--against", default="HEAD", metavar="REVISION", show_default=True, help="The commit to compare with.")
@click.option(
    "--base-specs", metavar="DIR", help="Specs folder in that commit, relative to the repository root, if it was at another path."
)
@format_option("text", "json", "markdown")
@fleet_options
@pass_shell
def diff(shell: Shell, keys: tuple[str, ...], against: str, base_specs: str | None, form: str) -> int:
    """Diff the spec files against a commit, field by field: all, or only those of KEYs.

    A KEY may also be the path of a spec file or folder, or a glob such as 'acme-*'. Works offline and needs no credentials, so it also
    runs on pull requests from forks. To see what apply would do, use plan. Exits with 1 if a spec file has an error.
    """
    from reconciler.cli.options.changed_specs import specs_named
    from reconciler.revisions.versions import Comparison

    if not shell.selection.is_one:
        return _over_targets(shell, keys, Comparison(against, base_specs), form)
    found = shell.sessions.diff(shell.scope, against, base_specs)
    if keys:
        found = replace(found, specs=specs_named(shell, keys, found.specs))
    emit(_rendered(shell, found, form), fit=form == "text")
    return exit_code_of(found.problems)


def _over_targets(shell: Shell, keys: tuple[str, ...], asked: Comparison, form: str) -> int:
    """The same for the chosen targets, in one report."""
    from reconciler.cli.options.changed_specs import keys_of_changed, named
    from reconciler.reports.compared import merged_diff, render_diffs_json
    from reconciler.reports.fleet.text import left_out_words
    from reconciler.revisions.versions import diffs_of_targets

    found = diffs_of_targets(shell.scope, shell.selection, asked)
    if keys:
        wanted = keys_of_changed(shell, keys, [spec for one in found.diffs for spec in one.specs])
        found = replace(found, diffs=tuple(replace(one, specs=named(wanted, one.specs)) for one in found.diffs))
    merged = merged_diff(found)
    emit(_rendered(shell, merged, form) if form != "json" else render_diffs_json(found, shell.selection), fit=form == "text")
    if form == "text":
        emit("".join(f"{line}\n" for line in left_out_words(found.chosen.left_out)), fit=True)
    return exit_code_of(merged.problems)


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
