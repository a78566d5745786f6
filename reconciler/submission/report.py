"""What `submit` found and wrote, as a value that every format renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.errors import ExitCode, count
from reconciler.submission.check import Check, Outcome


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place in a page that people have to fill in."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that exists and was not overwritten. `diff` is from what it says to what the spec would say now; empty if equal."""

    file: str
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission before anything is written: all files by path, and what was found. `ready` is whether it may be written."""

    key: str
    target: str
    draft: bool
    checks: tuple[Check, ...]
    files: Mapping[str, bytes] = field(repr=False)
    pages: Mapping[str, str] = field(repr=False)
    """From the path in the submission to that in a fork of the documentation."""
    open_places: tuple[OpenPlace, ...] = ()
    kept: tuple[KeptPage, ...] = ()

    @property
    def refused(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.outcome is Outcome.REFUSE)

    @property
    def ready(self) -> bool:
        """Whether it may be written. A secret is not written into a draft either."""
        return not any(check.id == "secrets" for check in self.refused) if self.draft else not self.refused


@dataclass(frozen=True, slots=True)
class SubmitReport:
    """What one `submit` did. `place` is where the files are, for display; `written` are their paths; both empty if refused."""

    submission: Submission
    place: str = ""
    written: tuple[str, ...] = ()
    commit: str | None = None
    """The commit that `--branch` made."""
    others: tuple[str, ...] = ()
    """Files in the same folder that are not part of this submission."""
    docs: str = ""
    """The fork of the documentation that has the pages; empty without --docs."""

    @property
    def next_steps(self) -> tuple[str, ...]:
        """What is to be done with what was written; nothing for a draft, which is worked on."""
        if not self.written or self.submission.draft:
            return ()
        sending = "send it to your contact at Adobe with the text of SUBMISSION.md; --branch prepares a pull request instead"
        pushing = "push the branch, and open a pull request in Adobe's repository"
        pages = "commit the pages, and open a pull request to AdobeDocs/experience-platform.en; sign its contributor license"
        pages += ' agreement, and keep "Allow edits by maintainers"'
        return (pushing if self.commit else sending, *((pages,) if self.docs else ()))

    @property
    def exit_code(self) -> ExitCode:
        return ExitCode.DONE if self.submission.ready else ExitCode.REFUSED

    @property
    def summary(self) -> str:
        """One line: ready or not, and how many checks stand in the way."""
        submission = self.submission
        warnings = sum(check.outcome is Outcome.WARN for check in submission.checks)
        if not submission.ready:
            return f"not ready: {count(len(submission.refused), 'check')} refused, nothing written"
        if submission.draft:
            return f"draft written: {count(len(submission.refused), 'check')} refused, {count(warnings, 'warning')}"
        return f"ready: {count(warnings, 'warning')}"
