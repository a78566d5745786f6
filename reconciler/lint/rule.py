"""Rules and their findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.subject import Subject


class Mark(Enum):
    """The part of an entry that a finding marks."""

    VALUE = auto()
    """The value; for a mapping or list, its key."""
    KEY = auto()
    """The key of the value."""


@dataclass(frozen=True, slots=True)
class Rename:
    """Change the key of the entry."""

    key: str


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace the string with another string."""

    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Replace the string with a value of another type (a mapping of strings, true or false), given as JSON."""

    value: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove the item from its list; it is never the first one."""


@dataclass(frozen=True, slots=True)
class Add:
    """Add an entry to the mapping, after the key `after`."""

    after: str
    key: str
    text: str


Fix: TypeAlias = Rename | Replace | Rewrite | Remove | Add


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of a rule.

    `path` is a path into the body or, with `in_envelope`, into the whole document of the file. `fix` is set only if there is a single
    correct answer.
    """

    path: Segments
    message: str
    """The mistake and its consequence."""
    hint: str | None = None
    """The next step; None for the hint of the rule."""
    mark: Mark = Mark.VALUE
    fix: Fix | None = None
    in_envelope: bool = False
    severity: Severity | None = None
    """The severity of this finding unless the settings set that of the rule; None for the rule's own."""


Check: TypeAlias = Callable[[Subject], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check, its severity, and its documentation.

    `bad` and `good` are parts of a spec file in YAML, without the `spec:` around them: the check has a finding in `bad` and none in `good`.
    """

    code: str
    severity: Severity
    title: str
    """What is true of a file that follows the rule, on one line."""
    why: str
    instead: str
    bad: str
    good: str
    check: Check
    fixable: bool = False
    at_most: Severity | None = None
    """The highest severity of a single finding, if that is higher than the rule's; else None."""

    @property
    def hint(self) -> str:
        """`instead` as a hint: in lower case and without a full stop."""
        return self.instead[:1].lower() + self.instead[1:].removesuffix(".")
