"""A rule, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.subject import Subject


class Mark(Enum):
    """Which part of an entry a finding is about."""

    VALUE = auto()
    """The value; of a mapping or list its key, where it begins."""
    KEY = auto()
    """The name that the value stands under."""


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the entry another key."""

    key: str


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace the string with another one."""

    text: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Replace the string with a value that is not a string: a mapping of strings, true or false, as JSON."""

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
    """One place that a rule objects to.

    `path` leads into the body, or, `in_envelope`, into the file's whole document. `fix` is there only where one answer is right.
    """

    path: Segments
    message: str
    """What is wrong, and what comes of it."""
    hint: str | None = None
    """What to write instead; None for what the rule says in general."""
    mark: Mark = Mark.VALUE
    fix: Fix | None = None
    in_envelope: bool = False
    severity: Severity | None = None
    """What this one weighs where the settings do not say what the rule does; None for the rule's own."""


Check: TypeAlias = Callable[[Subject], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, how much it weighs, and its page.

    `bad` and `good` are parts of a spec file, in YAML, without the `spec:` around them: in `bad` the check finds something, in `good`
    nothing.
    """

    code: str
    severity: Severity
    title: str
    """In one line, what holds where the rule is kept."""
    why: str
    instead: str
    bad: str
    good: str
    check: Check
    fixable: bool = False
    at_most: Severity | None = None
    """What single findings weigh where that is more than the rule does; None for none."""

    @property
    def hint(self) -> str:
        """What to write instead, as hints are written: no sentence of its own."""
        return self.instead[:1].lower() + self.instead[1:].removesuffix(".")
