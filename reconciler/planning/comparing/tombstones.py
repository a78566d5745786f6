"""Tombstones: the `retired` entries in reconciler.yaml, which are reviewed like any other line and carried out by every apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity, count
from reconciler.settings.values import Tombstone


def tombstone_of(retired: Iterable[Tombstone], kind: Kind, spec_id: str, key: str) -> Tombstone | None:
    """The `retired` entry that names this live spec, by id or else by key; None if there is none."""
    found = [entry for entry in retired if entry.names(kind, spec_id, key)]
    return next((entry for entry in found if entry.id is not None), found[0] if found else None)


def still_has_a_file(specs: Iterable[DesiredSpec], retired: Iterable[Tombstone]) -> Iterator[Problem]:
    """An error for each spec file whose key or pinned id is retired."""
    entries = tuple(retired)
    for desired in specs:
        if any(entry.names(desired.kind, desired.pinned_id or "", desired.key) for entry in entries):
            yield retired_and_kept(desired)


def retired_and_kept(desired: DesiredSpec) -> Problem:
    """The error that a spec is retired and still has a file."""
    return Problem(
        Severity.ERROR,
        "retired-key",
        f"{desired.kind.words} {desired.key!r} has a file, but is also listed under `retired:` in reconciler.yaml",
        file=desired.file,
        hint="remove the file to retire the spec, or remove the entry in reconciler.yaml to keep it",
        key=desired.key,
    )


def too_many_retired(number: int, limit: int) -> tuple[Problem, ...]:
    """The error that one apply would retire more specs than allowed."""
    if number <= limit:
        return ()
    return (
        Problem(
            Severity.ERROR,
            "too-many-retired",
            f"{count(number, 'spec')} would be retired, and `safety.max_retired` allows {limit}",
            hint=f"set `safety: {{max_retired: {number}}}` in reconciler.yaml, or retire fewer at once",
            guard=True,
        ),
    )
