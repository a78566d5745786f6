"""The evidence of trials in the specs folder: the recordings below `proofs/`, replayed without the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree, Unreadable
from reconciler.planning.tried import NEVER_TRIED, Tried, TriedOutcome

_CASSETTE: Final = "proofs/{key}/cassette.jsonl"


@dataclass(frozen=True, slots=True)
class RecordedTrials:
    """The recordings of one specs folder."""

    tree: SpecTree

    def __call__(self, desired: DesiredSpec) -> Tried:
        """The evidence for this content of a spec."""
        try:
            self.tree.read(_CASSETTE.format(key=desired.key))
        except Unreadable as error:
            is_missing = error.problem.code == "unreadable"
            return NEVER_TRIED if is_missing else Tried(TriedOutcome.NOT_TRIED, reason=error.problem.message)
        return Tried(TriedOutcome.NOT_TRIED, reason="its recording cannot be replayed by this version of reconciler")
