"""One run of `doctor`: check, and hints for the place where they are read."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from reconciler.cli.shell import Shell
from reconciler.cli.terminal.actions_log import in_actions
from reconciler.cli.terminal.output import tell
from reconciler.cli.terminal.progress import progress_for
from reconciler.cli.terminal.questions import somebody_is_there
from reconciler.diagnosis.deep.means import Deep
from reconciler.diagnosis.report import Check, Diagnosis
from reconciler.errors import UsageError
from reconciler.reports.sinks.text import Text

_VARIABLES: Final = re.compile(r"\bRECONCILER_[A-Z<>_]*(?:CLIENT_ID|CLIENT_SECRET|ACCESS_TOKEN|API_KEY|BASE_URL)\b")
_NETWORK: Final = re.compile(r"\b(?:HTTPS_PROXY|NO_PROXY|SSL_CERT_FILE)\b")


def diagnosis_of(shell: Shell, *, deep: bool = False, yes: bool = False, allow_target: str | None = None) -> Diagnosis:
    """The diagnosis of the target. Raises ReconcilerError.

    With `deep`, a draft may be made once somebody agreed; from then on a signal waits until it is deleted again.
    """
    if (yes or allow_target is not None) and not deep:
        raise UsageError("--yes and --allow-target are for --deep", hint="add --deep, or leave them out")
    progress = progress_for(shell.environ, verbose=shell.verbose)
    with ExitStack() as until_deleted:

        def agree(lines: tuple[str, ...]) -> bool:
            progress.clear()
            show(lines)
            agreed = yes or asked()
            if agreed:
                until_deleted.enter_context(shell.signals.finishing())
            return agreed

        try:
            found = shell.sessions.diagnose(
                shell.scope, progress, shell.signals.stop, Deep(agree, allow_target) if deep else None
            )
        finally:
            progress.clear()
    if not in_actions(shell.environ):
        return found
    name = found.target.name if found.target else shell.scope.target or "TARGET"
    return replace(found, checks=tuple(_on_github(check, name) for check in found.checks))


def show(lines: tuple[str, ...]) -> None:
    """Show what is made and what stays, before anything is made."""
    text = Text()
    for line in lines:
        text.line(line)
    tell(text.render())


def asked() -> bool:
    """Ask whether to go on. Without a terminal the answer is no."""
    if not somebody_is_there():
        return False
    import click

    try:
        answer: str = click.prompt("Type 'yes' to go on", default="no", show_default=False, err=True)
    except click.Abort:
        tell("\n")  # end the line of the prompt
        return False
    return answer.strip() == "yes"


def _on_github(check: Check, target: str) -> Check:
    """The check, with a hint that also says where its variables are on GitHub."""
    if check.hint is None:
        return check
    if _VARIABLES.search(check.hint):
        return replace(check, hint=f"{check.hint}; on GitHub: Settings, Environments, {target}, secrets and variables")
    if _NETWORK.search(check.hint):
        return replace(check, hint=f"{check.hint}; on GitHub: set it with env: in the workflow")
    return check
