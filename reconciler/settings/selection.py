"""The targets that a command line chooses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """The targets as the command line names them, each list in its order and without repetition."""

    targets: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    """Groups and fleets."""
    everything: bool = False
    """All targets but emulators."""
    excluded: tuple[str, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether it names exactly one target, or none, which means the default target. It decides the form of every report."""
        return len(self.targets) <= 1 and not (self.groups or self.everything or self.excluded)
