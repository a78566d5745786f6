"""What all proofs of one command share."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from reconciler.http.clock import Clock, SystemClock
from reconciler.observing.progress import Progress
from reconciler.proving.planned import PlannedProof

if TYPE_CHECKING:
    from reconciler.applying.stopping import Stop
    from reconciler.trying.hosts import Ask

Confirm: TypeAlias = Callable[[Sequence[PlannedProof]], None]
"""Asks whether to make this. Raises Refused or UsageError if not."""


@dataclass(frozen=True, slots=True)
class ProveMeans:
    """What all proofs of one command share.

    `confirm` is asked once, before anything is made; while `finishing` is open, a signal only sets `stop`.
    """

    environ: Mapping[str, str]
    progress: Progress
    stop: Stop
    confirm: Confirm
    finishing: Callable[[], AbstractContextManager[None]]
    ask: Ask | None = None
    clock: Clock = field(default_factory=SystemClock)
    rng: random.Random = field(default_factory=random.Random)
    """For names of runs and jitter."""
