"""`reconciler init`."""

from __future__ import annotations

from typing import Any

import click

from reconciler.cli.options.every_command import global_options
from reconciler.cli.shell import Shell, pass_shell

_EPILOG = """\b
Examples:
  reconciler init
  reconciler init --github
  reconciler init --yes --repository acme/aep-sources
  reconciler --target dev init --yes --repository acme/aep-sources --org-id 1234567890@AdobeOrg --sandbox dev
"""


@click.command(epilog=_EPILOG)
@click.option(
    "--repository", metavar="OWNER/NAME", help="Name of the repository in ownership markers [default: that of the remote]."
)
@click.option("--org-id", metavar="ID", help="Organization, such as 1234567890@AdobeOrg.")
@click.option("--sandbox", metavar="NAME", help="Sandbox of the first target [default: no target but an emulator].")
@click.option("--branch", metavar="NAME", help="Default branch, for --github [default: that of the remote].")
@click.option("--github", is_flag=True, help="Also write workflows for GitHub Actions, and the settings of Dependabot.")
@click.option(
    "--actions", metavar="OWNER/NAME@COMMIT", help="Where the workflows get the actions from [default: a placeholder to replace]."
)
@click.option("--gitlab", is_flag=True, help="Also write the pipeline for GitLab.")
@click.option("--yes", is_flag=True, help="Do not ask: use the defaults. Required without a terminal.")
@global_options
@pass_shell
def init(shell: Shell, /, **given: Any) -> int:
    """Set up a repository: settings, schemas for editors, .gitignore, and workflows on request.

    On a terminal, asks for what is not given, and offers the sandboxes that the credentials in the environment can use. --target names the
    first target; its default is the name of the sandbox. Never overwrites a file, so it can be run again to add workflows.
    """
    from reconciler.cli.initializing.run import initialize

    return initialize(shell, given)
