"""The evidence of trials in the specs folder: the recordings below `proofs/`, replayed without the network."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree
from reconciler.planning.tried import Tried


@dataclass(frozen=True, slots=True)
class RecordedTrials:
    """The recordings of one specs folder."""

    tree: SpecTree
    shown: str = "specs"
    """The folder, for display."""
    _paths: list[tuple[str, ...]] = field(default_factory=list, init=False, repr=False, compare=False)

    def __call__(self, desired: DesiredSpec) -> Tried:
        """The evidence for this content of a spec."""
        from reconciler.trying.tried import tried_from  # noqa: PLC0415 - most plans change nothing that a trial is needed for

        if not self._paths:  # listed once for all specs
            self._paths.append(self.tree.listing().paths)
        return tried_from(self.tree, desired, self.shown, self._paths[0])
