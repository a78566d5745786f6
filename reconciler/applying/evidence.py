"""What is known about one spec while an action writes it, and whether a reading of it can be trusted.

Reads of this API are not proof by themselves: replicas lag, a response may be incomplete, and times are missing or coarse. Every PUT,
settling and confirmation therefore checks here first:

- never write based on a reading that is older than the list, an earlier reading, or our own last write;
- never write based on a reading that shows less than was known, or a change not seen elsewhere, unless a fresh reading of the list,
  which is another path, agrees;
- a write is visible if a reading shows our marker with its time, a later time of change, the sent body, or the new ids.

Times of change are compared only as precisely as they are given: two within the same whole second prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from reconciler.documents.canonical import same
from reconciler.documents.covering import uncovered
from reconciler.documents.json_text import Document
from reconciler.documents.semantics import ID_LISTS, SOURCES, field_of, sections
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.difference import comparable_live
from reconciler.planning.comparing.ownership import marker_of

_SECOND: Final = 1000


class Proof(Enum):
    """Whether a reading shows our last write to the object."""

    SHOWN = auto()
    NOT_SHOWN = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a reading cannot be trusted alone. `list_may_settle` is whether the list can confirm it: it is not certainly old."""

    reason: str
    list_may_settle: bool


@dataclass(frozen=True, slots=True)
class OwnWrite:
    """Our last write: the body, and the reading it is based on (None for a create).

    `updated_at` is the time of change in the response, if any; `answered` is False while its outcome is unknown.
    """

    body: Document
    before: LiveSpec | None
    updated_at: int | None = None
    answered: bool = False


class Evidence:
    """Everything that readings and responses have shown of one spec so far. Used by one action, from one thread at a time."""

    def __init__(self, planned: LiveSpec | None) -> None:
        """`planned` is the spec as read for the plan; None for a create."""
        self._expected: Document = planned.document if planned else {}
        self._newest = planned.updated_at if planned else None
        self.own: OwnWrite | None = None
        """Our last write, if any."""
        self._before: tuple[OwnWrite | None, Document] = (None, self._expected)

    def accept(self, spec: LiveSpec) -> None:
        """Base a write on this reading: later readings must not show less, or be older."""
        self._expected = spec.document
        self._newest = _later(self._newest, spec.updated_at)

    def noticed(self, spec: LiveSpec) -> None:
        """Record a reading, trusted or not: older ones no longer count, nor ones that show less of the same state."""
        if is_older(spec.updated_at, self._newest):
            return
        if uncovered(spec.document, self._expected):
            self._newest = _later(self._newest, spec.updated_at)
        else:
            self.accept(spec)

    def listed(self, spec: LiveSpec) -> None:
        """Record what the list shows: a reading that is older, or shows less of the same state, is no longer trusted."""
        if is_older(spec.updated_at, self._newest) or self.proof(spec) is Proof.NOT_SHOWN:
            return
        if is_older(self._newest, spec.updated_at) or not uncovered(spec.document, self._expected):
            self.accept(spec)

    def sent(self, body: Document, before: LiveSpec | None) -> None:
        """Record a sent write."""
        self._before = (self.own, self._expected)
        self.own = OwnWrite(body, before)
        self._expected = _still_expected(body, before.document if before else {})

    def answered(self, updated_at: int | None) -> None:
        """Record that the write succeeded, at this time of the service (milliseconds since the epoch), if known."""
        if self.own is not None:
            self.own = OwnWrite(self.own.body, self.own.before, updated_at, answered=True)

    def not_done(self) -> None:
        """Forget a write that certainly failed."""
        self.own, self._expected = self._before

    def proof(self, got: LiveSpec) -> Proof:
        """Whether this reading shows our last write. Without a write, every reading does."""
        own = self.own
        if own is None or own.before is None:
            return Proof.SHOWN  # a created spec proves the write by existing
        sent = marker_of(own.body)
        if sent is not None and sent.at is not None and marker_of(got.body) == sent != marker_of(own.before.body):
            return Proof.SHOWN  # the time in the marker distinguishes it from that of any other write
        if got.body == own.before.body:
            return Proof.NOT_SHOWN if own.answered else Proof.UNKNOWN
        by_time = _by_time(got, own)
        if by_time is not Proof.UNKNOWN:
            return by_time
        if same(comparable_live(got.body), comparable_live(own.body)):
            return Proof.SHOWN
        added = _ids(own.body) - _ids(own.before.body)
        return Proof.SHOWN if added and added <= _ids(got.body) else Proof.UNKNOWN

    def doubt(self, got: LiveSpec) -> Doubt | None:
        """Why a PUT must not be based on this reading; None if it can be."""
        proof = self.proof(got)
        if proof is Proof.NOT_SHOWN:
            return Doubt("it does not show our own last write", list_may_settle=False)
        if is_older(got.updated_at, self._newest):
            return Doubt("it is older than an earlier reading", list_may_settle=False)
        missing = uncovered(got.body, self._expected)
        if missing:
            return Doubt(f"it shows less than an earlier reading: {', '.join(missing)}", list_may_settle=True)
        if proof is Proof.UNKNOWN:
            return Doubt("it may be older than our own last write", list_may_settle=True)
        if self._is_news(got):
            return Doubt("another client just changed it, and the list shows more", list_may_settle=True)
        return None

    def _is_news(self, got: LiveSpec) -> bool:
        """Whether this reading shows a change not seen elsewhere: only the list can confirm that it is complete."""
        known = _later(self._newest, self.own.updated_at if self.own else None)
        if known is None or got.updated_at is None:
            return not same(got.document, self._expected) and self.own is None
        return is_older(known, got.updated_at)

    def agrees(self, got: LiveSpec, listed: LiveSpec | None) -> bool:
        """Whether the list, read after this reading, confirms it: the list is not old, and shows nothing that the reading lacks."""
        if listed is None or is_older(listed.updated_at, self._newest) or self.proof(listed) is Proof.NOT_SHOWN:
            return False
        if (listed.updated_at is None or self._newest is None) and uncovered(listed.document, self._expected_of_others()):
            return False  # unknown which is older, so nothing that was shown counts as removed
        return not uncovered(got.document, listed.document)

    def _expected_of_others(self) -> Document:
        """What is expected, without the ids that our own write added: another writer may have removed those."""
        ids = self._expected.get(SOURCES)
        if self.own is None or self.own.before is None or not isinstance(ids, list):
            return self._expected
        added = _ids(self.own.body) - _ids(self.own.before.body)
        return self._expected | {SOURCES: [item for item in ids if not isinstance(item, str) or item not in added]}


def is_older(one: int | None, other: int | None) -> bool:
    """Whether the first time of change is certainly earlier. Whole seconds are compared as seconds; False if unknown."""
    if one is None or other is None:
        return False
    if one % _SECOND == 0 or other % _SECOND == 0:
        return one // _SECOND < other // _SECOND
    return one < other


def _by_time(got: LiveSpec, own: OwnWrite) -> Proof:
    """The proof from the times of change, if the service reports them and updates them with every write."""
    before = own.before.updated_at if own.before else None
    if own.updated_at is None or got.updated_at is None or (own.before and not is_older(before, own.updated_at)):
        return Proof.UNKNOWN
    if is_older(got.updated_at, own.updated_at):
        return Proof.NOT_SHOWN
    is_fine = bool(got.updated_at % _SECOND and own.updated_at % _SECOND)
    return Proof.SHOWN if is_fine or is_older(own.updated_at, got.updated_at) else Proof.UNKNOWN


def _still_expected(sent: Document, before: Document) -> Document:
    """What a reading after our write must show: the sections it leaves unchanged, and every id it sends."""
    kept = {}
    for section, name in sections(sent):
        field = field_of(before, section)
        if section == SOURCES or (field is not None and same(before[field], sent[name], (section,))):
            kept[name] = sent[name]
    return kept


def _ids(body: Document) -> frozenset[str]:
    found = (body.get(name) for name in ID_LISTS)
    return frozenset(item for items in found if isinstance(items, list) for item in items if isinstance(item, str))


def _later(one: int | None, other: int | None) -> int | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)
