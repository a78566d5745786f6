"""The report of `try --all` in the commands that post results to GitHub."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reconciler.errors import UsageError

if TYPE_CHECKING:
    from reconciler.reports.trying.saved import SavedTrials

F = TypeVar("F", bound=Callable[..., Any])

trials_option: Callable[[F], F] = click.option(
    "--trials",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also post the trials in FILE, which `try --all` wrote with --report.",
)


def load_trials(path: Path | None) -> SavedTrials | None:
    """The trials in this file; None without a file. A missing file is a command that ended too early. Raises UsageError."""
    if path is None:
        return None
    from reconciler.cli.files import MAX_REPORT
    from reconciler.disk import read_regular
    from reconciler.reports.problems.view import ErrorView, NoPlanView
    from reconciler.reports.trying.saved import read_trials, without_trials

    try:
        return read_trials(read_regular(path, MAX_REPORT), str(path))
    except FileNotFoundError:
        return without_trials(
            NoPlanView(ErrorView("no-report", "the command ended before it wrote its report", "check its log"), ())
        )
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}", hint="pass a file that --report wrote") from None


def nothing_given() -> UsageError:
    """The error of a command without any report."""
    return UsageError("no report was given", hint="pass REPORT, --trials FILE, or both")
