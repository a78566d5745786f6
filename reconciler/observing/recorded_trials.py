"""The evidence of trials in the specs folder: the recordings below `proofs/`, replayed without the network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.desired.files import PROOFS
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree
from reconciler.planning.tried import Tried


@dataclass(frozen=True, slots=True)
class RecordedTrials:
    """The recordings of one specs folder."""

    tree: SpecTree
    shown: str = "specs"
    """The folder, for display."""
    _paths: dict[str, list[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The files below `proofs/`, by the folder that they are in; those in no folder of their own have none."""

    def __call__(self, desired: DesiredSpec) -> Tried:
        """The evidence for this content of a spec."""
        from reconciler.trying.tried import tried_from  # noqa: PLC0415 - most plans change nothing that a trial is needed for

        if not self._paths:  # listed once for all specs
            self._paths.update(_by_folder(self.tree.listing().paths))
        folders = ("", desired.key, *desired.former_keys)
        return tried_from(self.tree, desired, self.shown, [path for name in folders for path in self._paths.get(name, ())])


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"": []}
    for path in paths:
        top, _, below = path.partition("/")
        if top == PROOFS:
            name, _, file = below.partition("/")
            found.setdefault(name if file else "", []).append(path)
    return found
