"""`reconciler diff`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from reconciler.cli.options.every_command import fleet_options, format_option
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.errors import UsageError, exit_code_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.revisions.spec_diff import SpecDiff
    from reconciler.revisions.versions import Comparison

_EPILOG = """\b
Examples:
  reconciler diff
  reconciler --target prod diff --against origin/main
  reconciler diff --against HEAD^1 --format markdown
  reconciler diff --targets stage,prod
"""


@click.command(epilog=_EPILOG)
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--against", default="HEAD", metavar="REVISION", show_default=True, help="The commit to compare with.")
@click.option(
    "--targets",
    "compared",
    multiple=True,
    metavar="NAME,NAME",
    help="Compare these targets with each other instead: targets, fleets and groups.",
)
@click.option(
    "--base-specs", metavar="DIR", help="Specs folder in that commit, relative to the repository root, if it was at another path."
)
@format_option("text", "json", "markdown")
@fleet_options
@pass_shell
def diff(shell: Shell, keys: tuple[str, ...], against: str, compared: tuple[str, ...], base_specs: str | None, form: str) -> int:
    """Diff the spec files against a commit, field by field: all, or only those of KEYs.

    A KEY may also be the path of a spec file or folder, or a glob such as 'acme-*'. Works offline and needs no credentials, so it also
    runs on pull requests from forks. To see what apply would do, use plan. Exits with 1 if a spec file has an error.

    With --targets, no commit is read: each place where the bodies of these targets differ is shown with its value in each of them, and
    where that comes from: the spec, the overlay of a group, a fleet or a target, or a variable.
    """
    from reconciler.cli.options.changed_specs import specs_named
    from reconciler.revisions.versions import Comparison

    if compared:
        return _between_targets(shell, keys, [name for names in compared for name in names.split(",") if name], form)
    if not shell.selection.is_one:
        return _over_targets(shell, keys, Comparison(against, base_specs), form)
    found = shell.sessions.diff(shell.scope, against, base_specs)
    if keys:
        found = replace(found, specs=specs_named(shell, keys, found.specs))
    emit(_rendered(shell, found, form), fit=form == "text")
    return exit_code_of(found.problems)


def _between_targets(shell: Shell, keys: tuple[str, ...], names: Sequence[str], form: str) -> int:
    """What separates these targets. Raises UsageError with options that choose targets or a commit, which mean something else."""
    from reconciler.cli.options.changed_specs import keys_of_changed
    from reconciler.github.links import links_of
    from reconciler.reports.diff.targets.json import render_target_diff_json
    from reconciler.reports.diff.targets.markdown import render_target_diff_markdown
    from reconciler.reports.diff.targets.text import render_target_diff_text
    from reconciler.reports.sinks.markdown import no_links
    from reconciler.revisions.targets.comparing import diff_of_targets

    _refuse_others(shell)
    found = diff_of_targets(shell.scope, names, keys_of_changed(shell, keys, ()) if keys else ())
    match form:
        case "json":
            emit(render_target_diff_json(found))
        case "markdown":
            emit(render_target_diff_markdown(found, links=links_of(shell.environ, None) or no_links))
        case _:
            emit(render_target_diff_text(found, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ)), fit=True)
    return exit_code_of(found.problems)


def _refuse_others(shell: Shell) -> None:
    context = click.get_current_context()
    given = [
        option
        for parameter, option in (("against", "--against"), ("base_specs", "--base-specs"))
        if context.get_parameter_source(parameter) is ParameterSource.COMMANDLINE
    ]
    chosen = shell.selection
    given += [
        option
        for option, is_given in (
            ("--target", chosen.targets),
            ("--group", chosen.groups),
            ("--all", chosen.everything),
            ("--except", chosen.excluded),
        )
        if is_given
    ]
    if given:
        raise UsageError(
            f"--targets compares targets with each other, and {given[0]} does not go with it",
            hint=f"leave out {given[0]}; name the targets in --targets, also fleets and groups",
        )


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
