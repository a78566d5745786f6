"""What a command is handed: its scope, the environment, and what opens targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.terminal.signals import Signals
from reconciler.settings.scope import Scope

if TYPE_CHECKING:  # takes time to import, and `--help` does not need it
    from reconciler.sessions.protocols import Sessions


@dataclass(slots=True)
class Shell:
    """One run of the command line. The global options change it as they are parsed, before the command or after it."""

    environ: Mapping[str, str]
    open_sessions: Callable[[Mapping[str, str]], Sessions]
    """What opens targets, with the credentials of this environment."""
    signals: Signals = field(default_factory=Signals)
    scope: Scope = field(default_factory=Scope)
    named_specs: Path | None = None
    """What `--specs` named."""
    verbose: bool = False
    report: Path | None = None
    """Where the report is kept as JSON, too, whatever it says."""
    reported: bool = False
    """Whether it is: what goes wrong later does not take its place."""

    @property
    def sessions(self) -> Sessions:
        """What opens targets."""
        return self.open_sessions(self.environ)


pass_shell = click.make_pass_decorator(Shell)
"""Hands the Shell to a command as its first argument."""
