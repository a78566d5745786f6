"""`reconciler targets`."""

from __future__ import annotations

import click

from reconciler.cli.options.every_command import format_option, global_options
from reconciler.cli.shell import Shell, pass_shell
from reconciler.cli.terminal.output import emit
from reconciler.errors import ExitCode

_EPILOG = """\b
Examples:
  reconciler targets
  reconciler targets --format json
"""


@click.command(epilog=_EPILOG)
@format_option("text", "json", "names")
@click.option("--emulators", is_flag=True, help="Also list targets that use the embedded Flow Service.")
@global_options
@pass_shell
def targets(shell: Shell, form: str, emulators: bool) -> int:
    """List the targets of reconciler.yaml: name, host, organization and sandbox, with overrides from the environment.

    Needs no credentials. A workflow can build its matrix from the JSON; `names` prints one name per line. With --target, only that target
    is listed.
    """
    from reconciler.reports.targets import render_targets_json, render_targets_names, render_targets_text
    from reconciler.settings.loading import load_settings

    settings = load_settings(shell.scope.specs)
    names = settings.targets if shell.scope.target is None else [shell.scope.target]
    found = [settings.target(name, shell.environ) for name in names]
    shown = [target for target in found if emulators or target.emulator is None]
    renderers = {"text": render_targets_text, "json": render_targets_json, "names": render_targets_names}
    emit(renderers[form](shown))
    return ExitCode.DONE
