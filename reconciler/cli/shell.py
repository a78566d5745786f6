"""What a command is handed: where it is to work, the environment, and the rest of the program behind two protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from reconciler.cli.terminal.signals import Signals

if TYPE_CHECKING:  # these take time to import, and `--help` needs none of them
    from reconciler.applying.outcome import ApplyReport
    from reconciler.applying.stopping import Stop
    from reconciler.authoring.importing.selection import Choice
    from reconciler.authoring.importing.specs import Import
    from reconciler.errors import Problem
    from reconciler.observing.progress import Progress
    from reconciler.observing.restore import Wanted
    from reconciler.planning.plan import Options, Plan
    from reconciler.revisions.file_effects import FileEffects
    from reconciler.revisions.spec_diff import SpecDiff
    from reconciler.settings import Safety


@dataclass(frozen=True, slots=True)
class Place:
    """The specs folder and the target (None: the default one) that a command is about."""

    specs: Path = Path("specs")
    target: str | None = None


class Reading(Protocol):
    """A target, opened to be read. Nothing in here can write."""

    @property
    def safety(self) -> Safety:
        """The limits that the settings allow."""
        ...

    def prepare(self, options: Options, *, users: bool = False) -> Plan:
        """What apply would do now; with `users`, and who uses what it would change. Raises ReconcilerError."""
        ...

    def prepare_restore(self, wanted: Wanted, options: Options) -> Plan:
        """What puts the bodies from before of a journal back, as of now. Raises ReconcilerError."""
        ...


class Importing(Reading, Protocol):
    """A target, opened to be read into spec files."""

    def prepare_import(self, choice: Choice) -> Import:
        """What makes the files say what is live, for the specs that are chosen. Raises ReconcilerError."""
        ...


class Writing(Reading, Protocol):
    """A target, opened to be read and written."""

    def apply(self, plan: Plan, journal: Path | None, stop: Stop) -> ApplyReport:
        """Carry out a plan that was prepared just now. Raises ReconcilerError before anything is written."""
        ...


class Sessions(Protocol):
    """Opens targets. Everything raises ReconcilerError."""

    def reading(self, place: Place, progress: Progress, stop: Stop) -> AbstractContextManager[Importing]:
        """The target, for a command that only reads."""
        ...

    def writing(self, place: Place, progress: Progress, stop: Stop) -> AbstractContextManager[Writing]:
        """The target, for a command that writes."""
        ...

    def validate(self, place: Place) -> Sequence[Problem]:
        """What is wrong with the spec files, for any target, found offline."""
        ...

    def diff(self, place: Place, against: str, base_specs: str | None = None) -> SpecDiff:
        """What separates the spec files from those of a revision, found offline."""
        ...

    def breaking(self, place: Place, against: str, base_specs: str | None = None) -> FileEffects:
        """What the spec files break that those of a revision did not, found offline."""
        ...


@dataclass(slots=True)
class Shell:
    """One run of the command line. The global options change it as they are parsed, before the command or after it."""

    environ: Mapping[str, str]
    handed_in: Sessions | None = None
    signals: Signals = field(default_factory=Signals)
    place: Place = Place()
    named_specs: Path | None = None
    """What `--specs` named."""
    verbose: bool = False
    report: Path | None = None
    """Where the report is kept as JSON, too, whatever it says."""
    reported: bool = False
    """Whether it is: what goes wrong later does not take its place."""

    @property
    def sessions(self) -> Sessions:
        """What opens targets: Flow Service, unless something else was handed in."""
        if self.handed_in is not None:
            return self.handed_in
        from reconciler.sessions.service import ServiceSessions  # noqa: PLC0415 - brings all of the program with it

        return ServiceSessions(self.environ)


pass_shell = click.make_pass_decorator(Shell)
"""Hands the Shell to a command as its first argument."""
