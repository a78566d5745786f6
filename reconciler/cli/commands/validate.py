"""`reconciler validate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

import click

from reconciler.cli.options.every_command import fleet_options, format_option
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.actions_log import print_commands
from reconciler.cli.terminal.output import emit, tell, wants_color
from reconciler.errors import ExitCode, Problem, UsageError

Chosen: TypeAlias = Callable[[Path], bool]
"""Whether a file is one of those that were named."""

_EPILOG = """\b
Examples:
  reconciler validate
  reconciler validate specs/sources/mailchimp-members
  reconciler validate 'acme-*'
  reconciler validate --fix --dry-run
  reconciler validate --explain offset-spelling
  reconciler validate --format sarif > validate.sarif

docs/rules.md lists all rules, and explains how to configure a rule or ignore a finding.
"""


@click.command(epilog=_EPILOG)
@click.argument("names", nargs=-1, metavar="[PATH or KEY]...")
@format_option("text", "json", "sarif", "github", "gitlab", "junit")
@click.option("--fix", is_flag=True, help="Fix findings that have a single correct fix; leave everything else byte for byte.")
@click.option("--dry-run", is_flag=True, help="With --fix: show a diff, and write nothing.")
@click.option("--explain", metavar="CODE", help="Explain a code, as `reconciler explain` does.")
@fleet_options
@pass_shell
def validate(shell: Shell, names: tuple[str, ...], form: str, fix: bool, dry_run: bool, explain: str | None) -> int:
    """Check the spec files for every target, or for the chosen ones, offline.

    With PATHs or KEYs, show only problems in these files or folders. A KEY may also be a glob such as 'acme-*'. Reports all problems, of
    the file format and of the rules. Needs no network and no credentials. Exits with 1 if there is an error.
    """
    from reconciler.cli.options.spec_names import paths_named

    if explain is not None:
        from reconciler.explaining.pages import explained_text

        emit(explained_text(explain))
        return ExitCode.DONE
    if dry_run and not fix:
        raise UsageError("--dry-run requires --fix", hint="leave out --dry-run: without --fix nothing is written")
    chosen = paths_named(shell, names)
    if fix:
        _fix(shell, chosen, is_dry=dry_run)
    if dry_run:
        return ExitCode.DONE
    if not shell.selection.is_one:
        return _over_targets(shell, chosen, form)
    problems = tuple(_within(chosen, shell.sessions.validate(shell.scope)))
    (print_commands if form == "github" else emit)(_rendered(shell, problems, form))
    return ExitCode.WRONG if any(problem.is_error for problem in problems) else ExitCode.DONE


def _over_targets(shell: Shell, chosen: Chosen | None, form: str) -> int:
    """Check the files for the chosen targets, and show each problem once."""
    from reconciler.reports.validated import validated_view
    from reconciler.sessions.validation import problems_of_targets

    found = problems_of_targets(shell.scope, shell.selection)
    problems = tuple(_within(chosen, found.problems))
    if form == "json":
        from reconciler.reports.validated import render_validated_json

        emit(render_validated_json(validated_view(shell.selection, found.chosen, problems)))
    elif form == "text":
        from reconciler.reports.validated import render_validated_text

        color = wants_color(sys.stdout, shell.environ)
        emit(render_validated_text(validated_view(shell.selection, found.chosen, problems), color=color))
    else:
        (print_commands if form == "github" else emit)(_rendered(shell, problems, form))
    return ExitCode.WRONG if any(problem.is_error for problem in problems) else ExitCode.DONE


def _fix(shell: Shell, chosen: Chosen | None, *, is_dry: bool) -> None:
    """Fix the files, or show the diff; the summary goes to standard error."""
    from reconciler.cli.fixing import changes_of_files, write
    from reconciler.errors import count

    if not shell.selection.is_one:
        hint = "leave out the options that choose targets, or --fix"
        raise UsageError("--fix changes files for every target", hint=hint)
    if shell.scope.target is not None:
        raise UsageError("--fix changes files for every target", hint="leave out --target, or --fix")
    changes = [change for change in changes_of_files(shell.scope) if chosen is None or chosen(change.file)]
    for change in changes:
        if is_dry:
            emit("".join(f"{_harmless(line)}\n" for line in change.diff()))
        else:
            write(change)
    number, files = sum(len(change.fixed.codes) for change in changes), count(len(changes), "file")
    tell(f"{count(number, 'fixable finding')} in {files}\n" if is_dry else f"fixed {count(number, 'finding')} in {files}\n")


def _harmless(line: str) -> str:
    from reconciler.reports.sinks.escaping import for_terminal, without_commands

    return without_commands(for_terminal(line.rstrip("\n")))


def _rendered(shell: Shell, problems: tuple[Problem, ...], form: str) -> str:
    match form:
        case "json":
            from reconciler.reports.problems.json import render_problems_json

            return render_problems_json(problems)
        case "sarif":
            from reconciler.github.links import links_of, path_in_repository
            from reconciler.reports.problems.sarif import render_problems_sarif

            links = links_of(shell.environ, None)
            pages = links.blobs if links else None
            return render_problems_sarif(problems, lambda file: path_in_repository(shell.environ, file), pages)
        case "github":
            from reconciler.github.links import path_in_repository
            from reconciler.reports.problems.github import render_problems_github

            return render_problems_github(problems, lambda file: path_in_repository(shell.environ, file))
        case "gitlab":
            from reconciler.github.links import path_in_repository
            from reconciler.reports.problems.gitlab import render_problems_gitlab
            from reconciler.settings.loading import FILE_NAME

            return render_problems_gitlab(
                problems, lambda file: path_in_repository(shell.environ, file), str(shell.scope.specs / FILE_NAME)
            )
        case "junit":
            from reconciler.github.links import path_in_repository
            from reconciler.reports.problems.junit import render_problems_junit

            return render_problems_junit(problems, lambda file: path_in_repository(shell.environ, file))
        case _:
            from reconciler.reports.problems.text import render_problems_text

            return render_problems_text(problems, color=wants_color(sys.stdout, shell.environ))


def _within(chosen: Chosen | None, problems: Iterable[Problem]) -> Iterable[Problem]:
    if chosen is None:
        return problems
    return (problem for problem in problems if problem.file and chosen(Path(problem.file)))
