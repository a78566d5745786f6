"""Progress, as the engine reports it; the command line decides where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from reconciler.planning.plan import Action


class Progress(Protocol):
    """Receives progress. Both methods may be called from worker threads."""

    def step(self, message: str) -> None:
        """A new stage, or a wait of some seconds, has begun."""

    def wrote(self, action: Action, done: int, total: int) -> None:
        """An action has finished, successfully or not; `done` of `total` have."""
