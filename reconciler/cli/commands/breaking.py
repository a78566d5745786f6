"""`reconciler breaking`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from reconciler.cli.options.every_command import fleet_options, format_option
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.errors import ExitCode, exit_code_of

if TYPE_CHECKING:
    from reconciler.revisions.file_effects import FileEffects
    from reconciler.revisions.versions import Comparison

_EPILOG = """\b
Examples:
  reconciler breaking --against origin/main
  reconciler --target prod -v breaking
  reconciler breaking --against HEAD^1 --format json
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
def breaking(shell: Shell, keys: tuple[str, ...], against: str, base_specs: str | None, form: str) -> int:
    """Report changes since a commit, of all specs or only of KEYs, that break existing connections and flows.

    A KEY may also be the path of a spec file or folder, or a glob such as 'acme-*'. Works offline: it compares spec files with spec
    files. plan runs the same checks against the live specs. Exits with 3 if a change is breaking and safety.breaking does not allow it,
    and with 1 if a spec file has an error.
    """
    from reconciler.breaking.effect import Level
    from reconciler.cli.options.changed_specs import specs_named
    from reconciler.revisions.versions import Comparison

    if not shell.selection.is_one:
        return _over_targets(shell, keys, Comparison(against, base_specs), form)
    found = shell.sessions.breaking(shell.scope, against, base_specs)
    if keys:
        found = replace(found, specs=specs_named(shell, keys, found.specs))
    emit(_rendered(shell, found, form), fit=form == "text")
    code = exit_code_of(found.problems)
    if code is ExitCode.DONE and found.at(Level.BREAKING) and not found.allowed:
        return ExitCode.REFUSED
    return code


def _over_targets(shell: Shell, keys: tuple[str, ...], asked: Comparison, form: str) -> int:
    """The same for the chosen targets, in one report."""
    from reconciler.cli.options.changed_specs import keys_of_changed, named
    from reconciler.reports.compared import breaking_code, merged_effects, render_breakings_json
    from reconciler.reports.fleet.text import left_out_words
    from reconciler.revisions.versions import breaking_of_targets

    found = breaking_of_targets(shell.scope, shell.selection, asked)
    if keys:
        wanted = keys_of_changed(shell, keys, [spec for one in found.effects for spec in one.specs])
        found = replace(found, effects=tuple(replace(one, specs=named(wanted, one.specs)) for one in found.effects))
    merged = merged_effects(found)
    emit(_rendered(shell, merged, form) if form != "json" else render_breakings_json(found, shell.selection), fit=form == "text")
    if form == "text":
        emit("".join(f"{line}\n" for line in left_out_words(found.chosen.left_out)), fit=True)
    return max(map(breaking_code, found.effects), key=(ExitCode.DONE, ExitCode.REFUSED, ExitCode.WRONG).index)


def _rendered(shell: Shell, found: FileEffects, form: str) -> str:
    from reconciler.github.links import links_of
    from reconciler.reports.breaking.json import render_breaking_json
    from reconciler.reports.breaking.markdown import render_breaking_markdown
    from reconciler.reports.breaking.text import render_breaking_text
    from reconciler.reports.sinks.markdown import no_links

    match form:
        case "json":
            return render_breaking_json(found)
        case "markdown":
            return render_breaking_markdown(found, links=links_of(shell.environ, None) or no_links)
        case _:
            return render_breaking_text(found, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ))
