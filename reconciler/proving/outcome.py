"""The result of `prove`: the report, the files to write, and a last look for secrets in whatever is about to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import ExitCode
from reconciler.proving.cleaning import Cleaned
from reconciler.proving.report import ProveAllReport, ProveReport, TargetProved
from reconciler.trying.outcome import check_for_secrets, file_text, no_secret


@dataclass(frozen=True, slots=True)
class Proven:
    """One run of `prove`. `finds` names a secret that a text contains; None if it contains none."""

    report: ProveReport | ProveAllReport
    finds: Callable[[str], str | None] = no_secret
    files: tuple[tuple[Path, bytes], ...] = ()
    """The files to write with --keep."""

    def check(self, texts: Iterable[str]) -> None:
        """Raises SecretInOutput if one of these texts, or of the files, contains a secret."""
        check_for_secrets(self.finds, (*texts, *map(file_text, self.files)), "the service")


@dataclass(frozen=True, slots=True)
class CleanupReport:
    """One run of `prove --cleanup`: `keys` are empty for all sources, `runs` is the name of a run or `all`.

    In a `dry_run` nothing was deleted, and what is left is what would be.
    """

    target: TargetProved
    keys: tuple[str, ...]
    runs: str
    cleaned: Cleaned
    interrupted: bool = False
    dry_run: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """4 if something is left; 0 also where runs that may be at work were spared."""
        return ExitCode.UNFINISHED if self.cleaned.left or self.interrupted else ExitCode.DONE
