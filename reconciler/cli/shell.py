"""The state passed to a command: its scope, the environment, and the sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.terminal.signals import Signals
from reconciler.settings.scope import Scope
from reconciler.settings.selection import Selection

if TYPE_CHECKING:  # slow to import, and `--help` does not need it
    from reconciler.sessions.protocols import Sessions


@dataclass(slots=True)
class Shell:
    """One run of the command line. Global options update it as they are parsed, before or after the command."""

    environ: Mapping[str, str]
    open_sessions: Callable[[Mapping[str, str]], Sessions]
    """Makes the sessions, with the credentials in this environment."""
    signals: Signals = field(default_factory=Signals)
    scope: Scope = field(default_factory=Scope)
    selection: Selection = field(default_factory=Selection)
    """The targets as chosen; `scope.target` is set if it is one."""
    named_specs: Path | None = None
    """The value of `--specs`."""
    specs_named: bool = False
    """Whether `--specs` or RECONCILER_SPECS names the specs folder."""
    verbose: bool = False
    report: Path | None = None
    """The value of `--report`: the JSON report also goes here."""
    reported: bool = False
    """Whether writing the report was tried; a later failure does not overwrite it."""

    @property
    def sessions(self) -> Sessions:
        """The sessions that open targets."""
        return self.open_sessions(self.environ)


pass_shell = click.make_pass_decorator(Shell)
"""Passes the Shell to a command as its first argument."""
