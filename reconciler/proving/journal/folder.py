"""The journals of the proofs of a repository, in `.reconciler/proofs` beside the specs folder: ignored by git, with a limited number."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from reconciler.errors import UsageError
from reconciler.http.clock import Clock
from reconciler.journal.lines import keep_out_of_git
from reconciler.journal.writing import file_name_of
from reconciler.proving.journal.reading import MadeResource, ProofRecord, read_proof_journal, read_proof_start
from reconciler.proving.journal.writing import ProofJournal, ProofStart

KEPT: Final = 50
"""How many journals are kept per key and target; those of proofs with leftovers are kept in addition."""
_LONGEST_PART: Final = 80
"""Characters of a target or key in the name of a file; the first event has the whole."""


def proof_journal_path(root: Path, target: str, key: str, now: float) -> Path:
    """The path of the journal of a new proof; `root` is the parent of the specs folder."""
    start = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return _folder(root) / f"{start}-{_part(target)}-{_part(key)}.jsonl"


def open_proof_journal(named: Path | None, root: Path, start: ProofStart, clock: Clock) -> ProofJournal:
    """Begin the journal of a new proof: the named file, or a new one in the folder, which then loses its oldest.

    Raises JournalError if it cannot be created or written.
    """
    path = named or proof_journal_path(root, start.target, start.key, clock.now())
    if named is None:
        keep_out_of_git(path.parent)
    journal = ProofJournal(path, clock.now)
    try:
        journal.start(start)
    except BaseException:
        journal.close()
        raise
    if named is None:
        _prune(root, start)
    return journal


def proof_journals(root: Path, target: str, key: str | None = None) -> Iterator[Path]:
    """The journals of the proofs on a target, of one key or of all, newest first. They may be of other organizations and sandboxes."""
    ending = f"-{_part(target)}-{'' if key is None else _part(key)}"
    try:
        found = sorted((path for path in _folder(root).iterdir() if path.suffix == ".jsonl"), reverse=True)
    except OSError:
        return
    for path in found:
        if ending not in path.name:
            continue
        start = read_proof_start(path)
        if start is not None and start.target == target and key in (None, start.key):
            yield path


def proof_records(root: Path, here: ProofStart, key: str | None) -> Iterator[ProofRecord]:
    """The journals, read, of the proofs of one key or of all in this organization, sandbox and repository, newest first.

    A journal that cannot be read is left out: clean-up finds what it was about by name.
    """
    place = (here.host, here.org_id, here.sandbox, here.repository)
    for path in proof_journals(root, here.target, key):
        record = _record(path)
        if record and (record.start.host, record.start.org_id, record.start.sandbox, record.start.repository) == place:
            yield record


def leftovers_of(records: Sequence[ProofRecord]) -> tuple[MadeResource, ...]:
    """What may still be there according to these journals: a clean-up that had a journal of its own counts, too."""
    gone = {(one.type, one.id or one.name) for record in records for one in record.deleted}
    return tuple(one for record in records for one in record.leftovers if (one.type, one.id or one.name) not in gone)


def _prune(root: Path, start: ProofStart) -> None:
    """Remove all but the newest journals of this key and target, except those of proofs that left something, or that cannot be read."""
    paths = list(proof_journals(root, start.target, start.key))
    if len(paths) <= KEPT:
        return
    records = [record for path in paths if (record := _record(path)) is not None]
    needed = leftovers_of(records)
    for record in records:
        if record.path in paths[KEPT:] and not set(needed) & set(record.made):
            with contextlib.suppress(OSError):
                record.path.unlink()


def _record(path: Path) -> ProofRecord | None:
    try:
        return read_proof_journal(path)
    except UsageError:
        return None


def _folder(root: Path) -> Path:
    return root / ".reconciler" / "proofs"


def _part(name: str) -> str:
    return file_name_of(name)[:_LONGEST_PART]
