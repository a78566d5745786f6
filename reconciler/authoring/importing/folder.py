"""The specs folder as it would be after some files are written, to check it before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import Listing, SpecTree


@dataclass(frozen=True, slots=True)
class Folder:
    """The spec files, the target that they are read for, and all targets."""

    tree: SpecTree
    target: str
    targets: tuple[str, ...] = ()
    display_prefix: str = "specs"
    layers: Layers | None = None
    """The overlays and variables of the target; None for a target without groups, fleet and variables."""

    @property
    def other_targets(self) -> tuple[str, ...]:
        return tuple(name for name in self.targets if name != self.target)

    @property
    def general(self) -> tuple[str, ...]:
        """The overlays that apply before the target's own: those of its groups and its fleet, in order."""
        return self.layers.order[:-1] if self.layers else ()

    def desired(self, files: Mapping[str, bytes]) -> DesiredSet:
        """The desired specs, with these files in place of those at the same paths."""
        return load_desired(WrittenTree(self.tree, files), self.target, self.display_prefix, self.targets, self.layers)

    def display(self, path: str) -> str:
        """The path of the file in reports."""
        return f"{self.display_prefix}/{path}" if self.display_prefix else path


@dataclass(frozen=True, slots=True)
class WrittenTree:
    """A tree with some files replaced or added. Paths are relative to it, with slashes."""

    tree: SpecTree
    files: Mapping[str, bytes] = field(default_factory=dict)

    def listing(self) -> Listing:
        below = self.tree.listing()
        return Listing(tuple(sorted({*below.paths, *self.files})), below.problems)

    def read(self, path: str) -> bytes:
        return self.files[path] if path in self.files else self.tree.read(path)
