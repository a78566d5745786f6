"""The order in which several targets are written: waves, one writer in each organization, and when no more are begun.

Pure: it says which targets may begin, and is told how each one ended. Whoever drives it decides how they run side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from reconciler.errors import ExitCode

Organization = tuple[str, str]
"""The host and the organization id: what has one writer at a time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One target of a run. `wave` counts from 1; `after` are all targets that it comes after, directly or not.

    `known` is its exit code if it is not to be written: 0 if nothing is to do there, another code if its plan has failed or is refused.
    """

    name: str
    wave: int
    organization: Organization | None
    """None only if `known` is set: without its settings, no target is written."""
    after: frozenset[str] = frozenset()
    known: ExitCode | None = None


class TurnState(StrEnum):
    """Where a target is in the run."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    BLOCKED = "blocked"
    """A target that it comes after did not succeed."""
    NOT_STARTED = "not_started"
    """The run ended before it came to the target."""


@dataclass(frozen=True, slots=True)
class TurnEnd:
    """What became of a target. `exit_code` is set if it ended; `because` names the targets that it was not begun for."""

    state: TurnState
    exit_code: ExitCode | None = None
    because: tuple[str, ...] = ()


_WAITING: Final = TurnEnd(TurnState.WAITING)
_RUNNING: Final = TurnEnd(TurnState.RUNNING)


@dataclass(slots=True)
class Waves:
    """The turns of one run.

    Call `begin` for the targets to begin now, run them, and report each one to `ended`; then call `begin` again, until `is_over`. A wave
    begins when the one before has ended. `max_failures` is the number of failed targets from which no new one is begun; None is no limit.
    With a limit, the first target that is written in a wave runs alone, so that a change that fails does so once.
    """

    turns: Sequence[Turn]
    max_failures: int | None = 1
    is_halted: bool = False
    """Whether a stop was requested."""
    _ends: dict[str, TurnEnd] = field(default_factory=dict)
    _tried_waves: set[int] = field(default_factory=set)
    """The waves in which a target was written and did not fail."""

    def __post_init__(self) -> None:
        if any(turn.organization is None and turn.known is None for turn in self.turns):
            raise ValueError("a target without an organization cannot be written")
        self._ends = {turn.name: _WAITING for turn in self.turns}

    def begin(self) -> tuple[Turn, ...]:
        """The targets that begin now. Never two of one organization at a time, counting those that still run. Empty once it is over."""
        begun: list[Turn] = []
        while (wave := self._open_wave()) is not None:
            self._settle(wave)
            if self._is_closed:
                break
            if self._is_open(wave):
                begun += self._begin_in(wave)
                break
        if self._is_closed and not self._in(TurnState.RUNNING):
            self._leave()
        return tuple(begun)

    def ended(self, name: str, code: ExitCode) -> None:
        """A target that was begun has ended, for whatever reason. Raises ValueError for one that does not run."""
        if self._ends[name] != _RUNNING:
            raise ValueError(f"{name} does not run")
        self._ends[name] = TurnEnd(TurnState.ENDED, code)
        if code in _SIGNALS:
            self.halt()
        if code is ExitCode.DONE:
            self._tried_waves.add(next(turn.wave for turn in self.turns if turn.name == name))

    def halt(self) -> None:
        """Begin no more: a stop was requested."""
        self.is_halted = True

    @property
    def is_over(self) -> bool:
        """Whether no target runs or waits."""
        return not self._in(TurnState.RUNNING) and not self._in(TurnState.WAITING)

    @property
    def ends(self) -> dict[str, TurnEnd]:
        """By target, in the order of the turns, what became of it so far."""
        return dict(self._ends)

    @property
    def failures(self) -> tuple[str, ...]:
        """The targets that failed or were refused."""
        return tuple(name for name, end in self._ends.items() if end.exit_code in _FAILURES)

    @property
    def _is_closed(self) -> bool:
        return self.is_halted or (self.max_failures is not None and len(self.failures) >= self.max_failures)

    def _open_wave(self) -> int | None:
        return min((turn.wave for turn in self._in(TurnState.WAITING, TurnState.RUNNING)), default=None)

    def _is_open(self, wave: int) -> bool:
        return any(turn.wave == wave for turn in self._in(TurnState.WAITING, TurnState.RUNNING))

    def _settle(self, wave: int) -> None:
        """End the targets of the wave that are not written, and those that are blocked."""
        for turn in self._in(TurnState.WAITING):
            if turn.wave == wave and turn.known is not None:
                self._ends[turn.name] = TurnEnd(TurnState.ENDED, turn.known)
            elif turn.wave == wave and (obstacles := self._obstacles(turn)):
                self._ends[turn.name] = TurnEnd(TurnState.BLOCKED, because=obstacles)

    def _begin_in(self, wave: int) -> Iterator[Turn]:
        running = self._in(TurnState.RUNNING)
        alone = self.max_failures is not None and wave not in self._tried_waves
        busy = {turn.organization for turn in running}
        for turn in self._in(TurnState.WAITING):
            if turn.wave != wave or turn.organization in busy:
                continue
            if alone and busy:
                return
            busy.add(turn.organization)
            self._ends[turn.name] = _RUNNING
            yield turn

    def _leave(self) -> None:
        """No more are begun: say of each that waits whether it was blocked or the run ended before it."""
        reasons = () if self.is_halted else self.failures
        for turn in sorted(self._in(TurnState.WAITING), key=lambda turn: turn.wave):
            if turn.known is not None:
                self._ends[turn.name] = TurnEnd(TurnState.ENDED, turn.known)
            elif obstacles := self._obstacles(turn):
                self._ends[turn.name] = TurnEnd(TurnState.BLOCKED, because=obstacles)
            else:
                self._ends[turn.name] = TurnEnd(TurnState.NOT_STARTED, because=reasons)

    def _obstacles(self, turn: Turn) -> tuple[str, ...]:
        """The targets before this one that failed or were blocked."""
        return tuple(
            name
            for name, end in self._ends.items()
            if name in turn.after and (end.state is TurnState.BLOCKED or end.exit_code in _FAILURES)
        )

    def _in(self, *states: TurnState) -> list[Turn]:
        return [turn for turn in self.turns if self._ends[turn.name].state in states]


_SIGNALS: Final = frozenset({ExitCode.SIGINT, ExitCode.SIGTERM})
_FAILURES: Final = frozenset({ExitCode.WRONG, ExitCode.REFUSED, ExitCode.UNFINISHED})
