"""Evidence that Adobe's engine has proved a spec: the outcome of a kept proof of exactly the content that is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reconciler.proofs.kept.status import ProvedStatus


@dataclass(frozen=True, slots=True)
class PlannedProof:
    """The evidence for one spec.

    `target` is where it was proved, `run` and `at` (ISO 8601 in UTC) which proof it was, and `records` how many the engine read; None if
    there is no proof of it. `reason` says why it does not count; None if it does, or if nothing was kept. `emulated` is whether an emulator
    answered. `exempt` is whether proof.yaml lists this target for proofs, so that the spec has to be live here before it can be proved.
    """

    status: ProvedStatus
    target: str | None = None
    run: str | None = None
    at: str | None = None
    records: int | None = None
    reason: str | None = None
    emulated: bool = False
    exempt: bool = False


NOT_PROVED: Final = PlannedProof(ProvedStatus.NO)
"""The evidence for a spec of which no proof was kept."""
