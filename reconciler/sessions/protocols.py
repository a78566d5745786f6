"""The protocols that commands use to open a target. `service` implements them with Flow Service; tests may substitute others."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # these take time to import, and `--help` needs none of them
    from pathlib import Path

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
    from reconciler.settings.scope import Scope
    from reconciler.settings.values import Safety


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

    def reading(self, scope: Scope, progress: Progress, stop: Stop) -> AbstractContextManager[Importing]:
        """The target, for a command that only reads."""
        ...

    def writing(self, scope: Scope, progress: Progress, stop: Stop) -> AbstractContextManager[Writing]:
        """The target, for a command that writes."""
        ...

    def validate(self, scope: Scope) -> Sequence[Problem]:
        """What is wrong with the spec files, for any target, found offline."""
        ...

    def diff(self, scope: Scope, against: str, base_specs: str | None = None) -> SpecDiff:
        """What separates the spec files from those of a revision, found offline."""
        ...

    def breaking(self, scope: Scope, against: str, base_specs: str | None = None) -> FileEffects:
        """What the spec files break that those of a revision did not, found offline."""
        ...
