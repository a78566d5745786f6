"""All checks of one target, each on its own: one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from reconciler.diagnosis.checks.access import check_access
from reconciler.diagnosis.checks.answers import check_answers
from reconciler.diagnosis.checks.clock import check_clock, check_limits
from reconciler.diagnosis.checks.connection import check_connection
from reconciler.diagnosis.checks.permissions import check_permissions
from reconciler.diagnosis.checks.repository import check_repository
from reconciler.diagnosis.checks.sandboxes import check_sandbox
from reconciler.diagnosis.checks.token import check_token
from reconciler.diagnosis.checks.writing import check_writing
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.errors import ReconcilerError
from reconciler.observing.progress import Progress

Group: TypeAlias = Callable[[Subject], Iterator[Check]]

GROUPS: Final[tuple[tuple[str, Group], ...]] = (
    ("connection", check_connection),
    ("token", check_token),
    ("access", check_access),
    ("sandbox", check_sandbox),
    ("permissions", check_permissions),
    ("writes", check_writing),
    ("answers", check_answers),
    ("repository", check_repository),
    ("clock", check_clock),
    ("limits", check_limits),
)
"""The groups of checks, in the order in which they run and are shown."""


def run_checks(subject: Subject, progress: Progress, groups: tuple[tuple[str, Group], ...] = GROUPS) -> Iterator[Check]:
    """Every check of every group. What stops a group is itself one check that is unknown."""
    for name, group in groups:
        progress.step(f"checking {name}")
        yield from _shielded(name, group, subject)


def _shielded(name: str, group: Group, subject: Subject) -> Iterator[Check]:
    try:
        yield from group(subject)
    except ReconcilerError as error:
        yield Check(name, "unknown", error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - an answer that no check expected must not hide the other checks
        said = f"this check stopped with an unexpected {type(error).__name__}; this is a bug in reconciler"
        yield Check(name, "unknown", said, "please report it, with the output of the same command with -v")
