"""The option of the commands that post the reports of several jobs to GitHub as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from reconciler.cli.options.targets import refuse_several
from reconciler.errors import UsageError

F = TypeVar("F", bound=Callable[..., Any])

merge_option: Callable[[F], F] = click.option(
    "--merge", is_flag=True, help="Merge REPORTs of several targets into one; an expected target without a report has failed."
)


def only_report(reports: Sequence[Path]) -> Path | None:
    """The report of a command without --merge; None without one. Raises UsageError for several reports, and several targets."""
    refuse_several(click.get_current_context())
    if len(reports) > 1:
        raise UsageError(f"{len(reports)} reports were given, and this command posts one", hint="use --merge for several targets")
    return reports[0] if reports else None
