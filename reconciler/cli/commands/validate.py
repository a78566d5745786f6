"""`reconciler validate`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from reconciler.cli.actions_log import print_commands
from reconciler.cli.global_options import format_option, global_options
from reconciler.cli.output import emit, wants_color
from reconciler.cli.shell import Shell, pass_shell
from reconciler.errors import ExitCode, Problem, UsageError
from reconciler.github.links import path_in_repository
from reconciler.reports.problems_github import render_problems_github
from reconciler.reports.problems_json import render_problems_json
from reconciler.reports.problems_sarif import render_problems_sarif
from reconciler.reports.problems_text import render_problems_text

_EPILOG = """\b
Examples:
  reconciler validate
  reconciler validate specs/sources/mailchimp-members
  reconciler validate --format json
  reconciler validate --format sarif > validate.sarif
"""


@click.command(epilog=_EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@format_option("text", "json", "sarif", "github")
@global_options
@pass_shell
def validate(shell: Shell, paths: tuple[Path, ...], form: str) -> int:
    """Check the spec files for every target, offline. With PATHs, only what concerns these files or folders is shown.

    All problems are found, not the first. Needs no network and no credentials. Exits with 1 when there is an error.
    """
    missing = next((path for path in paths if not path.exists()), None)
    if missing is not None:
        raise UsageError(f"there is no {missing}", hint="name files or folders below the specs folder")
    problems = tuple(_within(paths, shell.sessions.validate(shell.place)))
    (print_commands if form == "github" else emit)(_rendered(shell, problems, form))
    return ExitCode.WRONG if any(problem.is_error for problem in problems) else ExitCode.DONE


def _rendered(shell: Shell, problems: tuple[Problem, ...], form: str) -> str:
    match form:
        case "json":
            return render_problems_json(problems)
        case "sarif":
            return render_problems_sarif(problems)
        case "github":
            return render_problems_github(problems, lambda file: path_in_repository(shell.environ, file))
        case _:
            return render_problems_text(problems, color=wants_color(sys.stdout, shell.environ))


def _within(paths: tuple[Path, ...], problems: Iterable[Problem]) -> Iterable[Problem]:
    if not paths:
        return problems
    folders = [path.resolve() for path in paths]
    return (problem for problem in problems if problem.file and _is_below(Path(problem.file).resolve(), folders))


def _is_below(file: Path, folders: list[Path]) -> bool:
    return any(file.is_relative_to(folder) for folder in folders)
