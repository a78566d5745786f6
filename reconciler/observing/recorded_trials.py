"""The evidence of trials in the specs folder: the recordings below `proofs/`, replayed without the network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.desired.files import PROOFS
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree
from reconciler.planning.tried import NEVER_TRIED, Tried
from reconciler.proofs.folder import CASSETTE, proof_path


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
        if not self._paths:  # listed once for all specs
            self._paths.update(_by_folder(self.tree.listing().paths))
        keys = (desired.key, *desired.former_keys)
        paths = [path for name in ("", *keys) for path in self._paths.get(name, ())]
        if not any(proof_path(key, CASSETTE) in paths for key in keys):
            return NEVER_TRIED
        from reconciler.trying.tried import tried_from  # noqa: PLC0415 - most specs have no recording

        return tried_from(self.tree, desired, self.shown, paths)


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"": []}
    for path in paths:
        top, _, below = path.partition("/")
        if top == PROOFS:
            name, _, file = below.partition("/")
            found.setdefault(name if file else "", []).append(path)
    return found
