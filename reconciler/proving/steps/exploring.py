"""The step `explore`: the preview has the rows of the first page that `try` read, in the same shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.errors import count
from reconciler.proving.making.bodies import revealed
from reconciler.proving.making.fields import fields_of
from reconciler.proving.making.mapped import changing_paths
from reconciler.proving.steps.work import PROVED, Result, Work
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.records import Records, records_of

_NEXT_TIME: Final = "with --keep, the next proof knows it from engine.yaml; or write assume: {row.wrapped: bare} in proof.yaml"


def explore(work: Work) -> Result:
    """Compare the preview with the trial. Without a trial, its rows become the records of the schema and the mapping."""
    params = revealed(work.subject.values.source)
    explored = work.patiently(lambda: work.writer.explore(work.made["connection"].id, params))
    shown = tuple(work.hide(row) for row in explored.rows)
    work.log.fact("explore", "rows", len(shown))
    records = records_of(work.subject.source, Assumptions(work.subject.assume))[0]
    flat = _flattened(shown, records)
    work.explored = shown if flat is None else ()  # whole answers do not show what a row is like
    if work.trial is None:
        work.rows = flat or shown
        return PROVED if work.rows else Result("unknown", "the preview has no rows, and nothing says how many there should be")
    first = _first_page(work)
    work.changing = frozenset(changing_paths(first, flat or shown))
    if not shown and not first:
        return Result("unknown", "neither the preview nor the trial has a row")
    if flat is not None and _alike(flat, first) is None:
        return Result("proved", "the preview shows whole answers; the rows in them are those of the trial")
    why = _alike(shown, first)
    if why is None:
        return PROVED
    name = records.content.name if records.content else None
    bare = [row[name] for row in first if isinstance(row, dict) and name is not None and name in row]
    if bare and _alike(shown, bare) is None:
        return Result("failed", f"a row of the preview is the record itself, not wrapped as {name!r}: {_NEXT_TIME}")
    return Result("failed", f"the preview differs from the first page of the trial: {why}")


def _first_page(work: Work) -> Sequence[Json]:
    """The rows of the first page of the trial. With explodeEntityPath rows and records differ in number, so all kept rows count."""
    trial = work.trial
    if trial is None or not trial.calls:
        return ()
    return trial.rows if work.subject.explodes else trial.rows[: trial.calls[0].records or 0]


def _flattened(shown: Sequence[Json], records: Records) -> tuple[Json, ...] | None:
    """The rows in a preview that shows whole answers; None if it shows rows."""
    if records.content is None or not records.content.steps:
        return None
    found: list[Json] = []
    for item in shown:
        inner = records.of(item)
        if isinstance(inner, Finding):
            return None
        found += records.rows(item, inner)
    return tuple(found) or None


def _alike(shown: Sequence[Json], first: Sequence[Json]) -> str | None:
    """None if these are the rows; else what differs. Values may change between two requests, so then the fields are compared."""
    if len(shown) > len(first) or (first and not shown):
        return f"it has {count(len(shown), 'row')}, and the trial has {len(first):,}"
    same = first[: len(shown)]
    if list(shown) == list(same):
        return None
    here, there = ({field.source for field in fields_of(rows).fields} for rows in (shown, same))
    if here == there and here:
        return None
    other = sorted(there - here) or sorted(here - there)
    missing = "it lacks" if there - here else "it also has"
    return f"{missing} {', '.join(other[:3])}" if other else "its rows have no fields in common"
