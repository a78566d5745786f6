"""Another proof of the same spec in the same sandbox: two at once would replace each other's mapping set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from reconciler.dataflows.resources import Resource
from reconciler.errors import Problem
from reconciler.proving.guards.before import refusal
from reconciler.proving.naming import began_at, ours
from reconciler.proving.resuming import Unfinished
from reconciler.proving.subject import Subject
from reconciler.proving.waiting import in_words


def other_proofs(
    subject: Subject,
    unfinished: Iterable[Unfinished],
    connections: Iterable[Resource],
    ended: frozenset[str],
    now: datetime,
    older_than: float,
) -> Iterator[Problem]:
    """A refusal for each run that began within `older_than` seconds and has no end.

    `connections` show the runs of other machines, without the `ended` runs of this one. `now` is by the service's clock, which names runs.
    """
    runs = [one.run for one in unfinished]
    for resource in connections:
        said = ours(resource, subject.repository, subject.target.sandbox)
        if said is not None and said.run is not None and said.key == subject.key and said.run not in ended:
            runs.append(said.run)
    for run in dict.fromkeys(runs):
        began = began_at(run)
        age = (now - began).total_seconds() if began is not None else 0.0
        if age < older_than:
            key, target = subject.key, subject.target.name
            hint = (
                f"if it is no longer at work: reconciler --target {target} prove {key} --resume {run}, "
                f"or: reconciler --target {target} prove {key} --cleanup {run}"
            )
            yield refusal(
                key, "another-proof", f"the proof {run} of {key!r} began {in_words(max(age, 0))} ago and has not ended", hint
            )
