"""The journal folder of a repository, `.reconciler/journal` beside the specs folder: ignored by git, with a limited number of journals."""

from __future__ import annotations

import contextlib
import re
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from reconciler.errors import UsageError
from reconciler.http.clock import Clock
from reconciler.journal.lines import keep_out_of_git
from reconciler.journal.reading import has_ended, read_journal, read_start
from reconciler.journal.writing import Journal, file_name_of, journal_folder, journal_path
from reconciler.planning.plan import PlanTarget

_FAST = 24 * 3600
"""Seconds that a clock may be ahead."""
_NAMED: Final = re.compile(r"\d{8}T\d{6}\.\d{6}Z-(?P<target>.*)\.jsonl", re.DOTALL)
KEPT = 50
"""How many journals are kept per target; those of unfinished runs are kept in addition."""


def open_journal(named: Path | None, root: Path, target: PlanTarget, clock: Clock) -> Journal:
    """Open the journal of a new apply: the named file, or a new one in the folder, which then removes its oldest.

    Raises JournalError if it cannot be created.
    """
    if named is not None:
        return Journal(named, clock.now)
    path = journal_path(root, target.name, clock.now())
    keep_out_of_git(path.parent)
    journal = Journal(path, clock.now)
    _rotate(root, target)
    return journal


def journals_of(root: Path, target: PlanTarget, most: int) -> list[Path]:
    """The journals of the last applies to this host, organization and sandbox, newest first."""
    place = (target.host, target.org_id, target.sandbox)
    starts = ((path, read_start(path)) for path in reversed(_journals(root, target.name)))
    here = (path for path, start in starts if start and (start.target.host, start.target.org_id, start.target.sandbox) == place)
    return list(islice(here, most))


def _journals(root: Path, target: str) -> list[Path]:
    """The journals of one target, sorted by name: first those with impossible dates, then oldest first."""
    ours = file_name_of(target)
    try:
        found = [
            path for path in journal_folder(root).iterdir() if (named := _NAMED.fullmatch(path.name)) and named["target"] == ours
        ]
    except OSError:
        return []
    return sorted(found, key=lambda path: (not _is_in_the_future(path), path.name))


def future_journals(root: Path, target: PlanTarget) -> list[Path]:
    """The journals of this target with a date in the future, which our runs cannot have written."""
    return [path for path in _journals(root, target.name) if _is_in_the_future(path)]


def _is_in_the_future(path: Path) -> bool:
    """Whether the date in the name is more than a day ahead: a clock may be slightly fast."""
    latest = datetime.fromtimestamp(time.time() + _FAST, UTC).strftime("%Y%m%dT%H%M%S")
    return path.name[: len(latest)] > latest


def _rotate(root: Path, target: PlanTarget) -> None:
    """Remove all but the newest journals, except those with unfinished writes."""
    for path in _journals(root, target.name)[:-KEPT]:
        with contextlib.suppress(OSError, UsageError):  # an unreadable journal is kept; an empty one may go
            if path.stat().st_size == 0 or has_ended(path) or not read_journal(path).unfinished:
                path.unlink()
