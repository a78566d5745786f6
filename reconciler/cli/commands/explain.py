"""`reconciler explain`."""

from __future__ import annotations

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler explain
  reconciler explain namesake
  reconciler explain not-kept --format json
"""


@click.command(epilog=_EPILOG)
@click.argument("code", required=False)
@format_option("text", "json")
@global_options
@pass_shell
def explain(shell: Shell, code: str | None, form: str) -> int:  # noqa: ARG001 - it needs nothing of this run
    """Explain a CODE that a command printed in brackets: what it means, why it matters, and what to do. Without CODE, list all.

    Knows the rules of validate, the findings of try, and the codes of problems, guards, checks, outcomes and breaking changes. A code
    that several commands use has an explanation for each.
    """
    from reconciler.explaining.pages import all_text, explained_text

    if form == "json":
        from reconciler.explaining.registry import explanations, explanations_of
        from reconciler.reports.codes import render_codes_json

        emit(render_codes_json(explanations() if code is None else explanations_of(code)))
    else:
        emit(all_text() if code is None else explained_text(code))
    return ExitCode.DONE
