"""What a proof shows about Adobe's engine: the rows of the evidence table of which one value alone explains what was seen.

Each value of a row is held against what the engine did, alone and together with each value of every other row. A row is learnt only if
exactly one of its values is left. What cannot be predicted, because the third party did not answer, rules out nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, TypeAlias

from reconciler.documents.json_text import Json
from reconciler.errors import Severity, count
from reconciler.proving.report import LearntRow
from reconciler.sources.evidence import ROWS, Assumptions
from reconciler.sources.messages import Fetch
from reconciler.sources.request import first_request
from reconciler.sources.source import EXPLODE, Source
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.values import Values
from reconciler.sources.window import Window

Predict: TypeAlias = Callable[[Assumptions, "Window | None"], Trial]
"""What the engine would do with these values of the evidence table, for a time range or, without one, for the whole run."""
_Other: TypeAlias = frozenset[tuple[str, str]]
"""The rows that differ from what was assumed, with their values."""

_UNKNOWN: Final = frozenset({"no-answer", "not-recorded", "host-refused", "interrupted", "rate-limited"})
"""Codes of trials that lack an answer."""
_ENDLESS: Final = frozenset({"page-budget", "loop", "same-page"})
"""Codes of trials that read no further than this, where a run may."""
_FAILS: Final = frozenset({"http-status", "not-json", "1313", "1314", "1315"})
"""Codes of answers with which the engine's copy fails."""
_PASSING: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})
_MOST_TRIALS: Final = 1_000
_MOST_REQUESTS: Final = 10_000
"""Requests of a run without an end."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What the engine did. None, and an empty tuple, is not known.

    `records` are those that the run read, `requests` those that the third party received from it. `windows` are the records of runs for
    one time range. `explored` are the rows of the preview, of which only the names of the fields count.
    """

    succeeded: bool | None = None
    records: int | None = None
    requests: int | None = None
    windows: tuple[tuple[Window, int], ...] = ()
    explored: tuple[Json, ...] = ()


def predicting(source: Source, values: Values, fetch: Fetch, limits: Limits, whole: Window | None) -> Predict:
    """Predictions of trials with this fetch, which should remember its answers; `whole` is the time range of the whole run."""

    def predict(assumed: Assumptions, window: Window | None) -> Trial:
        first = first_request(source, values, window or whole, assumed)
        return trial(source, first, fetch, limits, assumed, values=values)

    return predict


def learnt(
    observed: Observed, predict: Predict, source: Source, known: Mapping[str, str], assumed: Mapping[str, str] | None = None
) -> tuple[LearntRow, ...]:
    """The rows that this proof answers. `known` are answers of earlier proofs, which are not asked again; `assumed` are guesses.

    Where nothing explains what was seen as long as the known answers hold, they are guesses, too: so an answer can be contradicted.
    """
    counts = source.at(EXPLODE) is None  # else nobody says whether the engine counts records or the rows made from them
    world = _World(observed, predict, dict(assumed or {}), dict(known), counts=counts)
    found = _answers(world)
    if found or not known or world.holds(frozenset()) is not False:
        return found
    return _answers(_World(observed, predict, {**world.assumed, **known}, {}, counts=counts))


def _answers(world: _World) -> tuple[LearntRow, ...]:
    if world.holds(frozenset()) is None:
        return ()
    found = (_answer(world, key) for key in world.open_rows())
    return tuple(row for row in found if row is not None)


@dataclass(slots=True)
class _Prediction:
    holds: bool | None
    """Whether this is what was seen; None if that cannot be told."""
    used: Mapping[str, str]
    said: str
    """What would have been seen, if it differs."""


@dataclass(slots=True)
class _World:
    """Everything that could have been, as far as it was asked for."""

    observed: Observed
    predict: Predict
    assumed: Mapping[str, str]
    known: Mapping[str, str]
    counts: bool
    _seen: dict[_Other, _Prediction] = field(default_factory=dict)

    def base(self, key: str) -> str:
        """The value from which the others differ."""
        return self.assumed.get(key, ROWS[key].default)

    def open_rows(self) -> Iterator[str]:
        """The rows that have several values and were relied on, in the order of the table."""
        used = self.of(frozenset()).used
        return (key for key, row in ROWS.items() if key in used and row.alternatives and key not in self.known)

    def holds(self, other: _Other) -> bool | None:
        """Whether these values explain what was seen."""
        return self.of(other).holds

    def of(self, other: _Other) -> _Prediction:
        """The prediction with these values, made once. Beyond the limit nothing can be told."""
        if other not in self._seen:
            if len(self._seen) >= _MOST_TRIALS:
                return _Prediction(None, {}, "")
            self._seen[other] = self._made(other)
        return self._seen[other]

    def _made(self, other: _Other) -> _Prediction:
        overrides = {**self.assumed, **dict(other), **self.known}
        used: dict[str, str] = {}
        held: list[bool | None] = []
        for window, wanted in ((None, self.observed.records), *self.observed.windows):
            one = self.predict(Assumptions(overrides), window)
            used |= one.used
            if window is None:
                held.append(_same_shape(one, self.observed.explored))
                if held[-1] is False:
                    return _Prediction(False, used, "the rows of the preview would have other fields")
            held.append(self._counted(one, wanted, is_whole=window is None))
            if held[-1] is False:
                return _Prediction(False, used, _said(one, window))
        return _Prediction(True if True in held else None, used, "")

    def _counted(self, one: Trial, wanted: int | None, *, is_whole: bool) -> bool | None:
        codes = {finding.code for finding in one.findings if finding.severity is Severity.ERROR or finding.code in _ENDLESS}
        codes |= {finding.code for finding in one.findings} & _UNKNOWN
        sent = _sent(one)
        requests = self.observed.requests if is_whole else None
        endless = "loop" in codes and "page.maximum" not in one.used
        if requests is not None and (sent > requests or (endless and requests < _MOST_REQUESTS)):
            return False
        if codes & _UNKNOWN or _passes(one):
            return None
        if codes & _FAILS:
            return False if self.observed.succeeded else None
        if not self.counts or wanted is None:
            return None
        if one.records > wanted:
            return False
        if codes & _ENDLESS:
            return None  # the run may have ended at a limit that this trial did not reach
        if one.records != wanted:
            return False
        return requests is None or sent == requests


def _answer(world: _World, key: str) -> LearntRow | None:
    """The one value of this row that explains what was seen; None if several may, or none does."""
    row, base = ROWS[key], world.base(key)
    values = dict.fromkeys((base, row.default, *row.alternatives))
    plain: dict[str, _Other] = {value: frozenset() if value == base else frozenset({(key, value)}) for value in values}
    if sum(world.holds(other) is not False for other in plain.values()) > 1:
        return None
    found = {value: set(_outcomes(world, key, other)) for value, other in plain.items()}
    possible = [value for value, outcomes in found.items() if outcomes != {False}]
    if len(possible) != 1 or True not in found[possible[0]]:
        return None
    why = "; ".join(f"with {value} {world.of(other).said}" for value, other in plain.items() if value != possible[0])
    return LearntRow(key, possible[0], f"{_seen(world.observed)}; {why}")


def _outcomes(world: _World, key: str, other: _Other) -> Iterator[bool | None]:
    """Whether this value of a row explains what was seen, alone and together with another value of each other row."""
    yield world.holds(other)
    for name in world.of(other).used:
        row = ROWS[name]
        if name == key or name in world.known:
            continue
        for value in (row.default, *row.alternatives):
            alone = frozenset({(name, value)})
            if value != world.base(name) and world.holds(alone) is not None:  # a row that cannot be tried stays as it was assumed
                yield world.holds(other | alone)


def _same_shape(one: Trial, explored: tuple[Json, ...]) -> bool | None:
    """Whether the first rows have the fields that the preview has; None if one of both has no rows."""
    rows = one.rows[: len(explored)]
    if not explored or not rows:
        return None
    return _fields(rows) == _fields(explored[: len(rows)])


def _fields(rows: Iterable[Json]) -> frozenset[str]:
    """The dotted names of all fields; a null is told from another value."""
    found: set[str] = set()
    due: list[tuple[str, Json]] = [("", row) for row in rows]
    while due:
        path, value = due.pop()
        if isinstance(value, dict):
            due += [(f"{path}.{name}", item) for name, item in value.items()]
            found.add(f"{path}{{}}")
        elif isinstance(value, list):
            due += [(f"{path}[]", item) for item in value]
        else:
            found.add(f"{path}=null" if value is None else path)
    return frozenset(found)


def _passes(one: Trial) -> bool:
    """Whether the last answer may be another one the next time: then it says nothing about what the run got."""
    status = next((call.status for call in reversed(one.calls) if not call.probe), None)
    return status is not None and (status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _PASSING)


def _sent(one: Trial) -> int:
    """The requests of a run; probes are no part of it."""
    return sum(not call.probe for call in one.calls)


def _said(one: Trial, window: Window | None) -> str:
    where = f" of {window.start:%Y-%m-%d}" if window and window.start else ""
    return f"it would be {count(one.records, 'record')}{where} in {count(_sent(one), 'request')}, stopped: {one.stop.reason}"


def _seen(observed: Observed) -> str:
    said = [f"the run read {count(observed.records, 'record')}"] if observed.records is not None else []
    said += [f"in {count(observed.requests, 'request')}"] if observed.requests is not None else []
    said += [f"{count(number, 'record')} of {window.start:%Y-%m-%d}" for window, number in observed.windows if window.start]
    return ", ".join(said) if said else f"the preview has {count(len(observed.explored), 'row')}"
