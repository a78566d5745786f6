"""The specs folder as it would be with some of its files written: to be read before anything is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import Listing, SpecTree


@dataclass(frozen=True, slots=True)
class Folder:
    """Where spec files are, and what they are read for: the target, and all targets that there are."""

    tree: SpecTree
    target: str
    targets: tuple[str, ...] = ()
    display_prefix: str = "specs"

    @property
    def other_targets(self) -> tuple[str, ...]:
        return tuple(name for name in self.targets if name != self.target)

    def desired(self, files: Mapping[str, bytes]) -> DesiredSet:
        """What the files want, with these in the place of those at the same paths."""
        return load_desired(WrittenTree(self.tree, files), self.target, self.display_prefix, self.targets)

    def display(self, path: str) -> str:
        """The file as reports name it."""
        return f"{self.display_prefix}/{path}" if self.display_prefix else path


@dataclass(frozen=True, slots=True)
class WrittenTree:
    """A tree with some files written over it. Paths are relative to it, POSIX."""

    tree: SpecTree
    files: Mapping[str, bytes] = field(default_factory=dict)

    def listing(self) -> Listing:
        below = self.tree.listing()
        return Listing(tuple(sorted({*below.paths, *self.files})), below.problems)

    def read(self, path: str) -> bytes:
        return self.files[path] if path in self.files else self.tree.read(path)
