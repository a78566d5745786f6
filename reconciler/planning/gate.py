"""The gate before a target: whether each spec may go on to it from the targets that it is `after`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from reconciler.documents.kinds import Kind


class GateName(StrEnum):
    """What a gate asks for."""

    SAME = "same"
    """The upstream target has this very content."""
    SOAK = "soak"
    """It has had it for long enough."""
    PROVED = "proved"
    """A kept proof is of this content."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One reason why a spec waits: the upstream target (or, for `proved`, the target of the proof), and what is missing there.

    `since` and `until` are seconds since the epoch, for a soak that has begun; without them, time alone does not end it.
    """

    on: str
    gate: GateName
    message: str
    hint: str | None = None
    since: float | None = None
    until: float | None = None
    left: float | None = None
    """The seconds until then by the clock of the service, when it was asked."""
    unsure: bool = False
    """Whether only what could not be read of the upstream target keeps it here."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate says of one spec. It is ready if it waits for nothing that was not skipped."""

    waits: tuple[Wait, ...] = ()
    skipped: tuple[Wait, ...] = ()
    """Reasons that `--skip-gate` passed over."""

    @property
    def is_ready(self) -> bool:
        return not self.waits


Gates: TypeAlias = Mapping[tuple[Kind, str], Gate]
"""The gate of each spec, by kind and key."""
