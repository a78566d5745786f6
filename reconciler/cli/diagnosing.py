"""One run of `doctor`: check, and hints for the place where they are read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from reconciler.cli.shell import Shell
from reconciler.cli.terminal.actions_log import in_actions
from reconciler.cli.terminal.progress import progress_for
from reconciler.diagnosis.report import Check, Diagnosis

_VARIABLES: Final = re.compile(r"\bRECONCILER_[A-Z<>_]*(?:CLIENT_ID|CLIENT_SECRET|ACCESS_TOKEN|API_KEY|BASE_URL)\b")
_NETWORK: Final = re.compile(r"\b(?:HTTPS_PROXY|NO_PROXY|SSL_CERT_FILE)\b")


def diagnosis_of(shell: Shell) -> Diagnosis:
    """The diagnosis of the target. Raises ReconcilerError."""
    progress = progress_for(shell.environ, verbose=shell.verbose)
    try:
        found = shell.sessions.diagnose(shell.scope, progress, shell.signals.stop)
    finally:
        progress.clear()
    if not in_actions(shell.environ):
        return found
    name = found.target.name if found.target else shell.scope.target or "TARGET"
    return replace(found, checks=tuple(_on_github(check, name) for check in found.checks))


def _on_github(check: Check, target: str) -> Check:
    """The check, with a hint that also says where its variables are on GitHub."""
    if check.hint is None:
        return check
    if _VARIABLES.search(check.hint):
        return replace(check, hint=f"{check.hint}; on GitHub: Settings, Environments, {target}, secrets and variables")
    if _NETWORK.search(check.hint):
        return replace(check, hint=f"{check.hint}; on GitHub: set it with env: in the workflow")
    return check
