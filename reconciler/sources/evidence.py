"""How sure it is what the service does: one row for each behavior that a trial relies on.

A behavior that no page of Adobe describes is decided here and nowhere else: code asks `Assumptions.of(key)`, which also records that the
trial relied on the row. The rows with alternatives can be overridden, by `assume:` in proof.yaml or `--assume`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Level(StrEnum):
    """How a behavior is known."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One behavior: its default value, the other possible values, the source, and one sentence about it."""

    key: str
    level: Level
    default: str
    alternatives: tuple[str, ...]
    source: str
    text: str


ROWS: Final[Mapping[str, Row]] = {
    row.key: row
    for row in (
        Row(
            "offset.no-end",
            Level.UNKNOWN,
            "until-empty",
            ("until-short", "never"),
            "Azure Data Factory, REST connector",
            "OFFSET without an end condition that is met: when the run ends.",
        ),
    )
}


@dataclass(slots=True)
class Assumptions:
    """The values of rows for one trial, and the keys that it has relied on, in the order of first use."""

    overrides: Mapping[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)

    def of(self, key: str) -> str:
        """The value of a row; the trial now relies on it. Raises KeyError for a row that does not exist."""
        value = self.overrides.get(key, ROWS[key].default)
        self.used.setdefault(key, value)
        return value
