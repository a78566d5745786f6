"""The folder of a repository's journals, `.reconciler/journal` beside the specs folder: out of git, and never more than so many."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from reconciler.disk import make_folder, write_whole
from reconciler.errors import UsageError
from reconciler.http.clock import Clock
from reconciler.journal.reading import has_ended, read_journal, read_start
from reconciler.journal.writing import Journal, file_name_of, journal_path
from reconciler.planning.plan import PlanTarget

_FAST = 24 * 3600
"""Seconds by which a clock may be fast."""
KEPT = 50
"""How many journals of a target stay in the folder; those of a run that did not end stay on top of that."""


def open_journal(named: Path | None, root: Path, target: PlanTarget, clock: Clock) -> Journal:
    """The journal of an apply that starts now: the file that was named, or a new one in the folder, whose oldest then go.

    Raises JournalError when it cannot be made.
    """
    if named is not None:
        return Journal(named, clock.now)
    path = journal_path(root, target.name, clock.now())
    _keep_out_of_git(path.parent)
    journal = Journal(path, clock.now)
    _rotate(root, target)
    return journal


def newest_journal(root: Path, target: PlanTarget) -> Path | None:
    """The journal of the last apply to this host, organisation and sandbox, if the folder has one."""
    return next(_journals_of(root, target), None)


def journals_of(root: Path, target: PlanTarget, most: int) -> list[Path]:
    """The journals of the last applies to this host, organisation and sandbox, the newest first."""
    return list(islice(_journals_of(root, target), most))


def _journals_of(root: Path, target: PlanTarget) -> Iterator[Path]:
    place = (target.host, target.org_id, target.sandbox)
    for path in reversed(_journals(root, target.name)):
        start = read_start(path)
        if start and (start.target.host, start.target.org_id, start.target.sandbox) == place:
            yield path


def _journals(root: Path, target: str) -> list[Path]:
    """The journals of one target, by their names: those with impossible dates, which hide none of the others, then the oldest first."""
    folder = journal_path(root, target, 0).parent
    named = re.compile(rf"\d{{8}}T\d{{6}}\.\d{{6}}Z-{re.escape(file_name_of(target))}\.jsonl")
    try:
        found = [path for path in folder.iterdir() if named.fullmatch(path.name)]
    except OSError:
        return []
    return sorted(found, key=lambda path: (not _is_in_the_future(path), path.name))


def future_journals(root: Path, target: PlanTarget) -> list[Path]:
    """The journals of this target whose names say that they will be written, which no run of ours has done."""
    return [path for path in _journals(root, target.name) if _is_in_the_future(path)]


def _is_in_the_future(path: Path) -> bool:
    """Whether the name has a date after tomorrow: a clock may be a little fast."""
    latest = datetime.fromtimestamp(time.time() + _FAST, UTC).strftime("%Y%m%dT%H%M%S")
    return path.name[: len(latest)] > latest


def _keep_out_of_git(folder: Path) -> None:
    """Bodies of specs are not for the repository. Whatever goes wrong here goes wrong again, and is told, when the journal is made."""
    if folder.exists():
        return
    with contextlib.suppress(OSError):
        make_folder(folder)
        write_whole(folder.parent / ".gitignore", b"*\n", mode=0o666, is_new=True)


def _rotate(root: Path, target: PlanTarget) -> None:
    """Remove what is older than the newest journals, but for those that somebody may still need to understand."""
    for path in _journals(root, target.name)[:-KEPT]:
        if _may_go(path):
            with contextlib.suppress(OSError):
                path.unlink()


def _may_go(path: Path) -> bool:
    """Whether every write in this journal has a result. One that cannot be read is left alone; an empty one tells nothing."""
    try:
        return path.stat().st_size == 0 or has_ended(path) or not read_journal(path).unfinished
    except (OSError, UsageError):
        return False
