"""A spec with a change that was committed long ago and is not applied."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.documents.kinds import Kind


@dataclass(frozen=True, slots=True)
class Overdue:
    """One spec whose change is not applied. The fields are the keys of `overdue` in JSON.

    `commit` is the oldest commit of the branch that changed its file and that live does not contain, and `since` (ISO 8601, UTC) is when it
    arrived. Both are None if that is not known; `why_not` gives the reason then. With both, `why_not` says why it is not known whether the
    spec waits at a gate.
    """

    kind: Kind
    key: str
    file: str | None
    commit: str | None = None
    since: str | None = None
    commits: int = 0
    why_not: str | None = None
