"""Goes on with a run that did not end: what its journals say it made, and what of that still answers.

A journal may be forged, so each resource is read, and only one whose name and description are those of the run is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import Resource
from reconciler.proving.journal.reading import MadeResource, ProofRecord
from reconciler.proving.naming import Ours, ours
from reconciler.proving.subject import Subject

_RUN_FACT: Final = "run "


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run that did not end, from all of its journals, newest first."""

    run: str
    records: tuple[ProofRecord, ...]

    @property
    def began(self) -> float:
        """When it began, in seconds since the epoch."""
        return min(record.at for record in self.records)

    @property
    def made(self) -> Mapping[str, MadeResource]:
        """What it made, or may have made, by step. An answered call counts before a lost one."""
        found: dict[str, MadeResource] = {}
        for record in self.records:
            for one in record.made:
                if one.step not in found or found[one.step].id is None:
                    found[one.step] = one
        return found

    @property
    def runs(self) -> Mapping[str, str]:
        """The runs on demand that it started, by time range."""
        facts = (fact for record in self.records for fact in record.facts)
        return {
            name.removeprefix(_RUN_FACT): value
            for step, name, value in facts
            if step == "windows" and name.startswith(_RUN_FACT) and isinstance(value, str)
        }

    @property
    def has_sent(self) -> bool:
        """Whether it sent events: what of them is in the dataset cannot be told from those of another run."""
        return any(step == "send" for record in self.records for step, _, _ in record.facts)

    def is_of(self, subject: Subject) -> bool:
        """Whether it proves the same content as is to be proved now."""
        start = self.records[0].start
        return (
            start.spec_id == subject.spec.id
            and dict(start.digests) == dict(subject.spec.digests)
            and start.proof_digest == subject.proof_digest
        )


@dataclass(frozen=True, slots=True)
class Resumed:
    """What of a run still answers, by step."""

    run: str
    known: Mapping[str, Resource] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)


def unfinished_runs(records: Iterable[ProofRecord]) -> tuple[Unfinished, ...]:
    """The runs of which no journal has an end, newest first."""
    by_run: dict[str, list[ProofRecord]] = {}
    for record in records:
        by_run.setdefault(record.start.run, []).append(record)
    open_runs = (Unfinished(run, tuple(found)) for run, found in by_run.items() if not any(one.ended for one in found))
    return tuple(sorted(open_runs, key=lambda one: one.began, reverse=True))


def still_there(run: Unfinished, subject: Subject, reader: ProofReader) -> Resumed | None:
    """What the run made and can be gone on with; None if something of it is gone. Raises ServiceError."""
    known: dict[str, Resource] = {}
    for step, made in run.made.items():
        found = _the_one(made, reader)
        if made.type == "mappingSet":  # it is replaced, so one that is gone or not ours is no obstacle
            if found is not None and _is_ours(found, run.run, subject):
                known[step] = found
            continue
        if found is None and made.id is not None:
            return None
        if found is not None:
            if not _is_ours(found, run.run, subject):
                return None
            known[step] = found
    return Resumed(run.run, known, run.runs)


def _the_one(made: MadeResource, reader: ProofReader) -> Resource | None:
    """The resource of this entry, read by its id; by its name if the answer to its POST was lost."""
    if made.id is not None:
        return reader.get(made.type, made.id)
    listed: Sequence[Resource] = reader.find(made.type, made.name)
    return next((found for one in listed if (found := reader.get(made.type, one.id)) is not None), None)


def _is_ours(resource: Resource, run: str, subject: Subject) -> bool:
    """Whether its name and description say that this run, or an earlier one for all later ones, made it."""
    said = ours(resource, subject.repository, subject.target.sandbox)
    return said in (Ours(run, subject.key), Ours(None, subject.key))
