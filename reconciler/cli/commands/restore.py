"""`reconciler restore`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.options.expected import expected_digest
from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import columns_of, emit, wants_color
from reconciler.documents.kinds import Kind
from reconciler.errors import exit_code_of
from reconciler.settings.scope import Scope

if TYPE_CHECKING:
    from reconciler.cli.apply_run import Request
    from reconciler.observing.restore import Wanted
    from reconciler.reports.plan.view import PlanView

_EPILOG = """\b
Examples:
  reconciler restore .reconciler/journal/20261123T180034.123456Z-stage.jsonl --dry-run
  reconciler --target stage restore JOURNAL --id 4fe859de-3f5a-4f5e-9f5e-1a3f6c0de0c0
  reconciler restore JOURNAL --yes --expect 0f3a9c1e77b2 --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("source", type=click.Path(path_type=Path), metavar="JOURNAL")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Restore only specs of this kind.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Restore only the spec with this id (repeatable).")
@click.option("--dry-run", is_flag=True, help="Show the plan, and write nothing.")
@click.option("--yes", is_flag=True, help="Apply without asking. Required without a terminal.")
@click.option("--expect", metavar="DIGEST", help="Refuse unless the plan has this digest; its first 12 digits are enough.")
@click.option(
    "--journal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the journal of this restore to FILE [default: a new file in .reconciler/journal].",
)
@click.option("--max-updates", type=click.IntRange(min=0), metavar="N", help="Override safety.max_updates for this run.")
@click.option(
    "--allow-rewind", is_flag=True, help="Also undo later changes applied from a commit that this checkout does not contain."
)
@click.option("--allow-breaking", is_flag=True, help="Allow changes that break connections or flows that use a spec.")
@format_option("text", "json")
@global_options
@pass_shell
def restore(
    shell: Shell, /, source: Path, ids: tuple[str, ...], dry_run: bool, expect: str | None, form: str, **flags: Any
) -> int:
    """Restore the bodies recorded before an apply, from its JOURNAL.

    Shows the plan first. Nothing is written until you answer "yes" on a terminal, or pass --yes. Ids in a flow spec are never removed,
    regardless of who attached them, and created specs remain: a spec cannot be deleted.
    """
    from reconciler.cli.apply_run import Request, carry_out
    from reconciler.observing.restore import Wanted

    expect = expected_digest(expect, "restore --dry-run")
    kind, yes, journal = (flags.pop(name) for name in ("kind", "yes", "journal"))
    wanted = Wanted(source, Kind(kind) if kind else None, ids)
    request = Request((), PlanFlags(**flags), yes=yes, expect=expect, journal=journal, form=form, restores=wanted)
    return _show(shell, request, wanted) if dry_run else carry_out(shell, request)


def _show(shell: Shell, request: Request, wanted: Wanted) -> int:
    """Show the plan, made with a client that cannot write, and return the exit code of its problems."""
    from reconciler.cli.terminal.progress import progress_for
    from reconciler.reports.plan.json import render_plan_json
    from reconciler.reports.plan.text import render_plan_text
    from reconciler.reports.plan.view import view_of

    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        with shell.sessions.reading(shell.scope, progress, shell.signals.stop) as session:
            view = view_of(request.plan(session))
    finally:
        progress.clear()
    if request.form == "json":
        emit(render_plan_json(view))
    else:
        command = _command(shell.scope, view, request.asked, wanted)
        color, columns = wants_color(sys.stdout, shell.environ), columns_of(sys.stdout)
        emit(render_plan_text(view, verbose=shell.verbose, color=color, columns=columns, next_command=command), fit=True)
    return exit_code_of(view.problems)


def _command(scope: Scope, view: PlanView, asked: PlanFlags, wanted: Wanted) -> str:
    """The command that applies exactly the plan just shown."""
    from reconciler.reports.plan.closing import digest_for

    words = ["reconciler"] if scope.specs == Scope().specs else ["reconciler", "--specs", str(scope.specs)]
    words += ["--target", view.target.name, "restore", str(wanted.journal), *asked.flags]
    words += ["--kind", wanted.kind.value] if wanted.kind else []
    words += [word for spec_id in wanted.ids for word in ("--id", spec_id)]
    return shlex.join([*words, "--expect", digest_for(view.digest, columns_of(sys.stdout))])
