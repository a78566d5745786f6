"""How sure a trial is, in words: how many behaviors are documented, and what nobody says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.errors import count
from reconciler.sources.evidence import Level
from reconciler.trying.report import Assumed

SIGNS = {Level.DOCUMENTED: " ", Level.INFERRED: "~", Level.UNKNOWN: "?"}
ANSWERED = "answered"
"""The sign of a row whose value a proof has shown."""


def sureness(assumed: tuple[Assumed, ...]) -> str:
    """The counts on one line: `documented: 14 · ~ inferred: 6 · ? nobody says: 2, and 1 of them changes the outcome`."""
    counts = Counter(row.level for row in assumed if row.answered is None)
    changing = sum(row.changes_outcome is True for row in assumed)
    tried = any(row.changes_outcome is not None for row in assumed)
    said = [
        f"documented: {counts[Level.DOCUMENTED]}",
        f"~ inferred: {counts[Level.INFERRED]}",
        f"? nobody says: {counts[Level.UNKNOWN]}",
    ]
    if answered := sum(row.answered is not None for row in assumed):
        said.append(f"answered: {answered}")
    if tried:
        verb = "changes" if changing == 1 else "change"
        said.append(f"{changing or 'none'} of them {verb} the outcome")
    if open_ := sum(row.changes_outcome is None and bool(row.alternatives) for row in assumed):
        said.append(f"{open_} could not be tried")
    return " · ".join(said)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row of the evidence table in words. `others` are the values that would change the outcome, and what each would do."""

    sign: str
    key: str
    words: str
    others: tuple[str, ...] = ()


def doubts(assumed: tuple[Assumed, ...], *, everything: bool = False) -> Iterator[Doubt]:
    """Each row that nobody documents, or that changes the outcome; or every row."""
    for row in assumed:
        if everything or row.answered is not None or row.level is Level.UNKNOWN or row.changes_outcome:
            others = tuple(f"with {value}: {what}" for value, what in row.alternatives if what)
            if row.answered is not None:
                yield Doubt(ANSWERED, row.key, f"{row.value}, by {row.answered}: {row.text}", others)
                continue
            value = f"{row.value} was assumed" if row.level is Level.UNKNOWN else row.value
            yield Doubt(SIGNS[row.level], row.key, f"{value}: {row.text}", others)


def next_step(assumed: tuple[Assumed, ...]) -> str | None:
    """What to do about the rows that nobody documents; None if there is nothing to do."""
    assumed = tuple(row for row in assumed if row.answered is None)
    unknown = sum(row.level is Level.UNKNOWN for row in assumed)
    if not unknown:
        return None
    if all(row.changes_outcome is None for row in assumed):
        return f"--assumptions tries the other values of {count(unknown, 'row')}; --assume NAME=VALUE sets one"
    if any(row.changes_outcome for row in assumed):
        return "if you know what the service does, set it with --assume NAME=VALUE, or under `assume:` in proof.yaml"
    return None
