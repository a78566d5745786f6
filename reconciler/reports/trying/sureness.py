"""How sure a trial is, in words: how many behaviors are documented, and what nobody says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from reconciler.errors import count
from reconciler.sources.evidence import Level
from reconciler.trying.report import Assumed

SIGNS = {Level.DOCUMENTED: " ", Level.INFERRED: "~", Level.UNKNOWN: "?"}


def sureness(assumed: tuple[Assumed, ...]) -> str:
    """The counts on one line: `documented: 14 · ~ inferred: 6 · ? nobody says: 2, and 1 of them changes the outcome`."""
    counts = Counter(row.level for row in assumed)
    changing = sum(row.changes_outcome is True for row in assumed)
    tried = any(row.changes_outcome is not None for row in assumed)
    said = [
        f"documented: {counts[Level.DOCUMENTED]}",
        f"~ inferred: {counts[Level.INFERRED]}",
        f"? nobody says: {counts[Level.UNKNOWN]}",
    ]
    if tried:
        verb = "changes" if changing == 1 else "change"
        said.append(f"{changing or 'none'} of them {verb} the outcome")
    return " · ".join(said)


def doubts(assumed: tuple[Assumed, ...], *, everything: bool = False) -> Iterator[tuple[str, str, str]]:
    """Sign, key and words of each row that is not documented by anybody, or that changes the outcome; or of every row."""
    for row in assumed:
        if everything or row.level is Level.UNKNOWN or row.changes_outcome:
            yield SIGNS[row.level], row.key, _words(row)


def _words(row: Assumed) -> str:
    said = f"{row.value} was assumed"
    changing = [(value, what) for value, what in row.alternatives if what]
    if not changing:
        return f"{said}: {row.text}"
    return said + "".join(f"; with {value}, {what}" for value, what in changing)


def next_step(assumed: tuple[Assumed, ...]) -> str | None:
    """What to do about the rows that nobody documents; None if there is nothing to do."""
    unknown = sum(row.level is Level.UNKNOWN for row in assumed)
    if not unknown:
        return None
    if all(row.changes_outcome is None for row in assumed):
        return f"--assumptions tries the other values of {count(unknown, 'row')}; --assume NAME=VALUE sets one"
    if any(row.changes_outcome for row in assumed):
        return "if you know what the service does, set it with --assume NAME=VALUE, or under `assume:` in proof.yaml"
    return None
