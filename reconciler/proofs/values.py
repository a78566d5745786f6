"""The content of proof.yaml as values. No value that a variable provides is among them: only the variable's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from reconciler.documents.json_text import Json

PREFIX: Final = "RECONCILER_PROOF_"
"""Proof files can name only variables that begin with this, so that none of them reaches another credential."""


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """`{env: NAME}`: the value of the environment variable RECONCILER_PROOF_NAME."""

    name: str

    @property
    def variable(self) -> str:
        """The variable's full name."""
        return PREFIX + self.name


Given: TypeAlias = "Mapping[str, Json | FromEnvironment]"
"""The values of properties, by name."""


@dataclass(frozen=True, slots=True)
class AuthValues:
    """The entry of `authSpec` to sign in with, and the values of its properties."""

    name: str | None = None
    """The `name` of the entry; None for the only one."""
    params: Given = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Amount:
    """How many there must be: at least `least`, and at most `most` (None: any number)."""

    least: int = 0
    most: int | None = None

    def has(self, number: int) -> bool:
        """Whether this number is in the range."""
        return self.least <= number and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least:,}"
        return f"{self.least:,}" if self.least == self.most else f"{self.least:,} to {self.most:,}"


@dataclass(frozen=True, slots=True)
class ExpectedWindow:
    """A time range in UTC, and how many records it has; None if that is not known."""

    start: datetime
    end: datetime
    records: Amount | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What a trial must find. Nothing is expected of what is None or empty."""

    records: Amount | None = None
    pages: Amount | None = None
    unique: str | None = None
    """The field, or a dotted path to it, of which no two records have the same value."""
    fields: tuple[str, ...] = ()
    """The fields, or dotted paths to them, that every record has."""
    windows: tuple[ExpectedWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Existing:
    """An object at Adobe by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """One entry of a mapping: a field of a record, and the field of the schema that receives it."""

    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the flow of `prove` writes. `auto` is made from the types of the records."""

    schema: Literal["auto"] | Existing = "auto"
    dataset: Literal["auto"] | Existing = "auto"
    mapping: Literal["auto", "none"] | tuple[Mapped, ...] = "auto"


@dataclass(frozen=True, slots=True)
class ProofFlow:
    """How `prove` runs the flow. With `schedule`, it also waits for two scheduled runs."""

    schedule: bool = False


@dataclass(frozen=True, slots=True)
class Cleanup:
    """What stays for the next proof: `schema`, `dataset` or both."""

    keep: tuple[str, ...] = ()


Mechanism: TypeAlias = Literal["hmac", "oauth", "none"]
Encoding: TypeAlias = Literal["base64", "hex"]


@dataclass(frozen=True, slots=True)
class Streaming:
    """How a streaming source signs its events. `wait` is in seconds, after the flow was made and before the first event.

    `tests` are secrets or tokens that only some cases of the authentication tests are sent with, by case.
    """

    mechanism: Mechanism
    secret: FromEnvironment | None = None
    encoding: Encoding = "base64"
    wait: float = 300.0
    tests: Mapping[str, FromEnvironment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submitting:
    """What `submit` says about us. `submitted` is whether Adobe has answered with keys."""

    submitted: bool = False
    team: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof.yaml."""

    kind: str = "Proof"
    key: str | None = None
    """The key of the spec, if it is written; else the folder's name is the key."""
    auth: AuthValues = field(default_factory=AuthValues)
    source: Given = field(default_factory=dict, repr=False)
    expect: Expect = field(default_factory=Expect)
    assume: Mapping[str, str] = field(default_factory=dict)
    """Values of rows of the evidence table, by key."""
    target: Destination = field(default_factory=Destination)
    flow: ProofFlow = field(default_factory=ProofFlow)
    cleanup: Cleanup = field(default_factory=Cleanup)
    targets: tuple[str, ...] = ()
    """The targets in which `prove` may run."""
    streaming: Streaming | None = None
    submission: Submitting | None = None
