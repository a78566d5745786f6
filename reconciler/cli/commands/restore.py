"""`reconciler restore`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.options.plan import Asked
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color
from reconciler.documents.kinds import Kind
from reconciler.errors import Refused, exit_code_of
from reconciler.settings.scope import Scope

if TYPE_CHECKING:
    from reconciler.cli.apply_run import Request
    from reconciler.observing.restore import Wanted
    from reconciler.reports.plan.view import PlanView

_EPILOG = """\b
Examples:
  reconciler restore .reconciler/journal/20261123T180034.123456Z-stage.jsonl --dry-run
  reconciler --target stage restore JOURNAL --id 4fe859de-3f5a-4f5e-9f5e-1a3f6c0de0c0
  reconciler restore JOURNAL --yes --expect 0f3a… --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("source", type=click.Path(path_type=Path), metavar="JOURNAL")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Put back only what is of this kind.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Put back only the spec with this id (repeatable).")
@click.option("--dry-run", is_flag=True, help="Show the plan, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask. Needed where there is no terminal.")
@click.option("--expect", metavar="DIGEST", help="Refuse any plan but the one with this digest.")
@click.option("--journal", type=click.Path(path_type=Path), metavar="FILE", help="Where the bodies that this replaces are kept.")
@click.option("--max-updates", type=click.IntRange(min=0), metavar="N", help="For this run, in the place of safety.max_updates.")
@click.option("--allow-rewind", is_flag=True, help="Undo what was applied since from a commit that is not here, too.")
@click.option("--allow-breaking", is_flag=True, help="Put back what breaks connections or flows that use a spec now.")
@format_option("text", "json")
@global_options
@pass_shell
def restore(
    shell: Shell, /, source: Path, ids: tuple[str, ...], dry_run: bool, expect: str | None, form: str, **flags: Any
) -> int:
    """Put the bodies from before an apply back, as its JOURNAL has them.

    The plan is made and shown first; nothing is written before "yes" on a terminal, or --yes. Ids that a flow spec holds stay, whoever
    attached them, and what was created stays, because nothing can delete it.
    """
    from reconciler.cli.apply_run import Request, carry_out
    from reconciler.observing.restore import Wanted

    if expect == "":
        raise Refused("--expect is empty, so it allows no plan", hint="give it the digest that restore --dry-run printed")
    kind, yes, journal = (flags.pop(name) for name in ("kind", "yes", "journal"))
    wanted = Wanted(source, Kind(kind) if kind else None, ids)
    request = Request((), Asked(**flags), yes=yes, expect=expect, journal=journal, form=form, restores=wanted)
    return _show(shell, request, wanted) if dry_run else carry_out(shell, request)


def _show(shell: Shell, request: Request, wanted: Wanted) -> int:
    """The plan, made with a client that cannot write, and how applying it would be refused."""
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
        emit(render_plan_text(view, verbose=shell.verbose, color=wants_color(sys.stdout, shell.environ), next_command=command))
    return exit_code_of(view.problems)


def _command(scope: Scope, view: PlanView, asked: Asked, wanted: Wanted) -> str:
    """The command that does exactly what was shown."""
    words = ["reconciler"] if scope.specs == Scope().specs else ["reconciler", "--specs", str(scope.specs)]
    words += ["--target", view.target.name, "restore", str(wanted.journal), *asked.flags]
    words += ["--kind", wanted.kind.value] if wanted.kind else []
    words += [word for spec_id in wanted.ids for word in ("--id", spec_id)]
    return shlex.join([*words, "--expect", view.digest])
