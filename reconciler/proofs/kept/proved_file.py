"""Reads what `prove --keep` wrote. Anyone can edit it, so every part is checked for its shape, and nothing of a wrong one is used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from reconciler.documents.json_text import Document
from reconciler.documents.readers import FLAG, ListOf, MapOf, OrNull, Reader, Record, Scalar, read_whole, text
from reconciler.documents.shapes import Misfit
from reconciler.proofs.folder import PROVED_BYTES
from reconciler.proofs.moments import utc
from reconciler.texts.json import read_json

FORMAT_VERSION: Final = 1
REPORT: Final = "prove"
_AGAIN: Final = "run `reconciler prove` with --keep again"
_MOST_TEXT: Final = 1000
_MOST_COUNT: Final = 10**12


@dataclass(frozen=True, slots=True)
class KeptTarget:
    """Where the proof was made."""

    name: str
    host: str
    org_id: str
    sandbox: str
    emulated: bool


@dataclass(frozen=True, slots=True)
class KeptSpec:
    """The spec that was proved; `digests` by section."""

    kind: str
    key: str
    id: str
    name: str
    digests: Mapping[str, str]
    flow_spec: str


@dataclass(frozen=True, slots=True)
class KeptStep:
    """One step, and what it came to."""

    id: str
    outcome: str
    why: str = ""
    ms: int = 0


@dataclass(frozen=True, slots=True)
class KeptWindow:
    """The records of one time range."""

    start: str | None = None
    end: str | None = None
    tried: int | None = None
    input: int | None = None
    output: int | None = None
    failed: int | None = None
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class KeptCounts:
    """The records that were counted; None is not known."""

    tried: int | None = None
    input: int | None = None
    output: int | None = None
    failed: int | None = None
    expected: str | None = None
    pages: int | None = None
    by_window: tuple[KeptWindow, ...] = ()
    windows: int | None = None
    """How many time ranges there were; `by_window` has the first of them."""


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of the evidence table: its key and value."""

    key: str
    value: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class KeptResource:
    """A resource that was left or kept at Adobe."""

    type: str
    id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeptCase:
    """One test of the authentication of events. None is not known."""

    case: str
    wanted: str
    sent: bool = False
    status: int | None = None
    ingested: bool | None = None
    at: str = ""
    trace: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class KeptAuthentication:
    """The tests of the authentication of events."""

    mechanism: str
    cases: tuple[KeptCase, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptProof:
    """One proof as it was kept."""

    report: str
    format_version: int
    outcome: str
    target: KeptTarget
    run: str
    repository: str
    commit: str | None
    spec: KeptSpec
    proof_digest: str
    started: datetime
    ended: datetime
    steps: tuple[KeptStep, ...]
    counts: KeptCounts
    ids: Mapping[str, str] = field(default_factory=dict)
    learnt: tuple[KeptRow, ...] = ()
    assumed: tuple[KeptRow, ...] = ()
    left: tuple[KeptResource, ...] = ()
    kept: tuple[KeptResource, ...] = ()
    streaming: bool = False
    authentication: KeptAuthentication | None = None


def _checked(pattern: str, what: str) -> Scalar:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise Misfit(f"this is not {what}", _AGAIN)
        return value

    return text(check)


def _is(wanted: Any) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value != wanted:
            raise Misfit(f"{value!r:.40} is not supported; only {wanted!r} is", _AGAIN)
        return value

    return check


def _short(value: str) -> str:
    if len(value) > _MOST_TEXT:
        raise Misfit(f"this text has more than {_MOST_TEXT:,} characters", _AGAIN)
    return value


def _number(value: int) -> int:
    if not 0 <= value <= _MOST_COUNT:
        raise Misfit(f"{value!r:.20} is not a possible number", _AGAIN)
    return value


_WORDS: Final[Reader] = text(_short)
_COUNT: Final[Reader] = Scalar("integer", _number)
_DIGEST: Final[Reader] = _checked(r"[0-9a-f]{64}", "a SHA-256 digest")
_TIME: Final[Reader] = Scalar("string", utc)
_OUTCOME: Final[Reader] = Scalar("string", choices=("proved", "failed", "skipped", "refused", "unknown"))
_COUNTS: Final[Mapping[str, Reader]] = {
    **{name: OrNull(_COUNT) for name in ("tried", "input", "output", "failed")},
    "expected": OrNull(_WORDS),
}
_WINDOW: Final = Record(KeptWindow, {"start": OrNull(_WORDS), "end": OrNull(_WORDS), **_COUNTS})
_ROW: Final = Record(KeptRow, {"key": _WORDS, "value": _WORDS, "why": _WORDS}, ("key", "value"))
_RESOURCE: Final = Record(KeptResource, dict.fromkeys(("type", "id", "name", "reason"), _WORDS), ("type", "id", "name", "reason"))


_CASE: Final = Record(
    KeptCase,
    {
        **dict.fromkeys(("case", "wanted", "at", "trace", "said"), _WORDS),
        "sent": FLAG,
        "status": OrNull(_COUNT),
        "ingested": OrNull(FLAG),
    },
    ("case", "wanted"),
)
_AUTHENTICATION: Final = Record(KeptAuthentication, {"mechanism": _WORDS, "cases": ListOf(_CASE)}, ("mechanism",))


def _all(record: type, readers: Mapping[str, Reader], *optional: str) -> Record[Any]:
    return Record(record, readers, tuple(name for name in readers if name not in optional))


_FILE: Final = _all(
    KeptProof,
    {
        "report": text(_is(REPORT)),
        "format_version": Scalar("integer", _is(FORMAT_VERSION)),
        "outcome": _OUTCOME,
        "target": _all(KeptTarget, dict.fromkeys(("name", "host", "org_id", "sandbox"), _WORDS) | {"emulated": FLAG}),
        "run": _checked(r"[0-9]{8}T[0-9]{4}-[0-9a-f]{4}", "the name of a run, such as 20261127T1012-7f3a"),
        "repository": _WORDS,
        "commit": OrNull(_WORDS),
        "spec": _all(KeptSpec, dict.fromkeys(("kind", "key", "id", "name", "flow_spec"), _WORDS) | {"digests": MapOf(_DIGEST)}),
        "proof_digest": _DIGEST,
        "started": _TIME,
        "ended": _TIME,
        "steps": ListOf(Record(KeptStep, {"id": _WORDS, "outcome": _OUTCOME, "why": _WORDS, "ms": _COUNT}, ("id", "outcome")), 1),
        "counts": Record(
            KeptCounts, {**_COUNTS, "pages": OrNull(_COUNT), "windows": OrNull(_COUNT), "by_window": ListOf(_WINDOW)}
        ),
        "ids": MapOf(_WORDS),
        "learnt": ListOf(_ROW),
        "assumed": ListOf(_ROW),
        "left": ListOf(_RESOURCE),
        "kept": ListOf(_RESOURCE),
        "streaming": FLAG,
        "authentication": OrNull(_AUTHENTICATION),
    },
    "authentication",
    "ids",
    "learnt",
    "assumed",
    "kept",
)


def read_proved(data: bytes) -> KeptProof | str:
    """The proof in these bytes, or the first reason why they are none. Never raises."""
    if len(data) > PROVED_BYTES:
        return f"it has more than {PROVED_BYTES:,} bytes"
    reading = read_json(data)
    if reading.mistakes:
        return f"line {reading.mistakes[0].line}: {reading.mistakes[0].message}"
    document: Document = reading.value if isinstance(reading.value, dict) else {}
    made = read_whole(_FILE, document)
    if isinstance(made, tuple):
        return made[0].message
    return made if isinstance(made, KeptProof) else "it is not a proof"
