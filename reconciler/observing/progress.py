"""Progress as the engine tells it; the command line decides where it goes."""

from __future__ import annotations

from typing import Protocol

from reconciler.planning.plan import Action


class Progress(Protocol):
    """Hears what is being done. Both methods may be called from worker threads."""

    def step(self, message: str) -> None:
        """A new stage has begun, or a wait of some seconds."""

    def wrote(self, action: Action, done: int, total: int) -> None:
        """An action has ended, well or not; `done` of `total` have."""
