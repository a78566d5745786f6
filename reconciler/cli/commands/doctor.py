"""`reconciler doctor`."""

from __future__ import annotations

import sys

import click

from reconciler.cli.options.every_command import format_option, global_options, report_option
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit, wants_color

_EPILOG = """\b
Examples:
  reconciler doctor --target stage
  reconciler doctor --target stage --format json
  reconciler doctor --target dev --deep

Exit codes: 0 everything is in order (there may be warnings), 1 the settings or credentials are not usable, 3 --deep
was refused, 4 a check failed or got no answer.
"""


@click.command(epilog=_EPILOG)
@click.option("--deep", is_flag=True, help="Also make a draft connection, and delete it again. Asks first.")
@click.option("--yes", is_flag=True, help="Do not ask before --deep makes the draft.")
@click.option("--allow-target", metavar="NAME", help="Allow --deep in a target that no proof file lists.")
@format_option("text", "json")
@report_option
@global_options
@pass_shell
def doctor(shell: Shell, form: str, deep: bool, yes: bool, allow_target: str | None) -> int:
    """Check whether a target is in order: settings, network, token, sandbox, permissions, answers.

    Changes nothing without --deep. Each check reports what was asked, what was seen, and the next step. What cannot be known without a
    write is reported as unknown.
    """
    from reconciler.cli.diagnosing import diagnosis_of
    from reconciler.cli.files import keep_report
    from reconciler.reports.diagnosis.json import render_diagnosis_json
    from reconciler.reports.diagnosis.text import render_diagnosis_text

    found = diagnosis_of(shell, deep=deep, yes=yes, allow_target=allow_target)
    as_json = render_diagnosis_json(found)
    emit(
        as_json if form == "json" else render_diagnosis_text(found, color=wants_color(sys.stdout, shell.environ)),
        fit=form == "text",
    )
    keep_report(shell, as_json)
    return shell.signals.stop.exit_code or found.exit_code
