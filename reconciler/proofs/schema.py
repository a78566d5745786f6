"""The keys of proof.yaml and their types.

Messages never repeat a value of `auth`, `source` or `streaming`: it may be a secret that does not belong there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from reconciler.documents.json_text import Json
from reconciler.documents.pointer import Segments
from reconciler.documents.readers import FLAG, UNREAD, Found, ListOf, MapOf, OrNull, Reader, Record, Scalar, choice, text
from reconciler.documents.shapes import Misfit, ShapeMistake, name_of_type
from reconciler.proofs.moments import utc
from reconciler.proofs.values import (
    PREFIX,
    Amount,
    AuthValues,
    Cleanup,
    Destination,
    Encoding,
    Existing,
    Expect,
    ExpectedWindow,
    FromEnvironment,
    Mapped,
    Mechanism,
    Proof,
    ProofFlow,
    Streaming,
    Submitting,
)
from reconciler.sources.evidence import ROWS
from reconciler.wording.guesses import did_you_mean

ENV_NAME: Final = r"[A-Z0-9_]{1,100}"
MOST_RECORDS: Final = 1_000_000_000
_WRITTEN_ENV: Final = re.compile(r"\{\s*env\s*:")
_ENV_HINT: Final = f"write {{env: NAME}}; the value is read from {PREFIX}NAME"
_DURATION: Final = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[sm])")
_LONGEST_WAIT: Final = 3_600


def _mistake(path: Segments, message: str, hint: str) -> ShapeMistake:
    return ShapeMistake(path, "bad-value", f"`{'.'.join(path)[:120]}` {message}", hint)


@dataclass(frozen=True, slots=True)
class EnvironmentName:
    """`{env: NAME}` and nothing else. A mistake does not show what is written: it may be the secret."""

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        name = value.get("env") if isinstance(value, dict) else None
        if not isinstance(value, dict) or "env" not in value:
            found.append(_mistake(path, "must be the name of a variable", _ENV_HINT))
            return UNREAD
        if len(value) > 1:
            found.append(_mistake(path, "has other keys next to `env`", "write {env: NAME} alone"))
            return UNREAD
        if not (isinstance(name, str) and re.fullmatch(ENV_NAME, name)):
            message = "is not the name of a variable: it may have A-Z, 0-9 and _"
            found.append(_mistake((*path, "env"), message, f"write the name without {PREFIX}, such as {{env: API_KEY}}"))
            return UNREAD
        if name.startswith(PREFIX):
            shown = name.removeprefix(PREFIX) or "NAME"
            message = f"begins with {PREFIX}, which is added to every name"
            found.append(_mistake((*path, "env"), message, f"write {{env: {shown}}}"))
            return UNREAD
        return FromEnvironment(name)


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """The value of a property: any JSON value, or `{env: NAME}` as a whole."""

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        if isinstance(value, dict) and "env" in value:
            return ENVIRONMENT_NAME.read(value, path, found)
        if _has_env(value):
            found.append(_mistake(path, "has {env: …} as a part of its value", "a variable must be the whole value: {env: NAME}"))
            return UNREAD
        return value


def _has_env(value: Json) -> bool:
    """Whether `{env: …}` is somewhere in this value."""
    if isinstance(value, dict):
        return "env" in value or any(map(_has_env, value.values()))
    if isinstance(value, list):
        return any(map(_has_env, value))
    return isinstance(value, str) and bool(_WRITTEN_ENV.search(value))


@dataclass(frozen=True, slots=True)
class Numbers:
    """A number, or `{min: 1, max: 500}`."""

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        if isinstance(value, dict):
            return RANGE.read(value, path, found)
        number = COUNT.read(value, path, found)
        return number if number is UNREAD else Amount(number, number)


@dataclass(frozen=True, slots=True)
class WordOr:
    """One of these words, or a value of another form."""

    words: tuple[str, ...]
    other: Reader
    form: str
    """The other form, for messages."""
    type: type

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        if isinstance(value, self.type):
            return self.other.read(value, path, found)
        if isinstance(value, str) and value in self.words:
            return value
        listed = ", ".join(self.words)
        found.append(_mistake(path, f"must be {' or '.join(self.words)}, or {self.form}", f"write {listed} or {self.form}"))
        return UNREAD


@dataclass(frozen=True, slots=True)
class AssumedValues:
    """Values of rows of the evidence table, by key."""

    def read(self, value: Json, path: Segments, found: Found) -> Any:
        given = MapOf(text()).read(value, path, found)
        for key, written in given.items() if isinstance(given, dict) else ():
            row = ROWS.get(key)
            if row is None:
                message, hint = f"unknown assumption {key[:80]!r}", did_you_mean(key[:80], ROWS)
                found.append(ShapeMistake((*path, key), "unknown-key", message, hint))
            elif isinstance(written, str) and written not in (row.default, *row.alternatives):
                hint = did_you_mean(written[:80], (row.default, *row.alternatives))
                found.append(_mistake((*path, key), f"cannot be {written[:80]!r}", hint))
        return given


def _count(number: int) -> int:
    if not 0 <= number <= MOST_RECORDS:
        raise Misfit(f"this is not between 0 and {MOST_RECORDS:,}", f"write a number from 0 to {MOST_RECORDS}")
    return number


def _in_order(amount: Amount) -> Amount:
    if amount.most is not None and amount.least > amount.most:
        raise Misfit("min is greater than max", "write the smaller number as min")
    return amount


def _begins_first(window: ExpectedWindow) -> ExpectedWindow:
    if window.start >= window.end:
        raise Misfit("`from` is not before `to`", "write the earlier time as from")
    return window


def _filled(written: str) -> str:
    if not written.strip():
        raise Misfit("this is empty", "add a value, or remove the entry")
    return written


def _seconds(value: Any) -> float:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    seconds = int(found["number"]) * (60 if found["unit"] == "m" else 1) if found else -1
    if not 0 <= seconds <= _LONGEST_WAIT:
        shown = repr(value[:40]) if isinstance(value, str) else name_of_type(value)
        raise Misfit(f"{shown} is not a duration of up to an hour", "write a duration such as 5m or 30s")
    return float(seconds)


_UTC: Final = Scalar("string", utc)
COUNT: Final = Scalar("integer", _count)
ENVIRONMENT_NAME: Final = EnvironmentName()
NUMBERS: Final = Numbers()
PROPERTY_VALUE: Final = PropertyValue()
RANGE: Final = Record(Amount, {"min": COUNT, "max": COUNT}, fields={"min": "least", "max": "most"}, check=_in_order)
WINDOW: Final = Record(
    ExpectedWindow,
    {"from": _UTC, "to": _UTC, "records": NUMBERS},
    required=("from", "to"),
    fields={"from": "start", "to": "end"},
    check=_begins_first,
)
EXPECT: Final = Record(
    Expect,
    {
        "records": NUMBERS,
        "pages": NUMBERS,
        "unique": text(_filled),
        "fields": ListOf(text(_filled)),
        "windows": ListOf(WINDOW),
    },
)
AUTH: Final = Record(AuthValues, {"name": text(_filled), "params": MapOf(PROPERTY_VALUE)})
EXISTING: Final = Record(Existing, {"id": text(_filled)}, required=("id",))
MAPPED: Final = Record(Mapped, {"source": text(_filled), "destination": text(_filled)}, required=("source", "destination"))
_AUTO_OR_ID: Final = WordOr(("auto",), EXISTING, "{id: …}", dict)
DESTINATION: Final = Record(
    Destination,
    {
        "schema": _AUTO_OR_ID,
        "dataset": _AUTO_OR_ID,
        "mapping": WordOr(("auto", "none"), ListOf(MAPPED), "a list of {source: …, destination: …}", list),
    },
)
FLOW: Final = Record(ProofFlow, {"schedule": FLAG})
CLEANUP: Final = Record(Cleanup, {"keep": ListOf(Scalar("string", choices=("schema", "dataset")))})
STREAMING: Final = Record(
    Streaming,
    {
        "mechanism": choice(Mechanism),
        "secret": ENVIRONMENT_NAME,
        "encoding": choice(Encoding),
        "wait": Scalar(None, _seconds),
        "tests": MapOf(ENVIRONMENT_NAME),
    },
    required=("mechanism",),
)
SUBMISSION: Final = Record(Submitting, {"submitted": FLAG, "team": text(_filled), "contact": text(_filled)})
PROOF: Final = Record(
    Proof,
    {
        "kind": Scalar("string", choices=("Proof",)),
        "key": OrNull(text(_filled)),
        "auth": AUTH,
        "source": MapOf(PROPERTY_VALUE),
        "expect": EXPECT,
        "assume": AssumedValues(),
        "target": DESTINATION,
        "flow": FLOW,
        "cleanup": CLEANUP,
        "targets": ListOf(text(_filled)),
        "streaming": STREAMING,
        "submission": SUBMISSION,
    },
    required=("kind",),
)
