"""Runs and batches from answers. Words are compared without case, and an unknown word is not an end (docs: Flow Service, Catalog)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from reconciler.dataflows.lists import objects_in
from reconciler.dataflows.observed import BatchState
from reconciler.dataflows.resources import RunState
from reconciler.documents.json_text import Document, Json, encode, string_at, value_at
from reconciler.http.secrets.disclosure import WITHHELD

_RUN_SUCCEEDED: Final = frozenset({"success", "succeeded", "completed"})
_RUN_ENDED: Final = _RUN_SUCCEEDED | {
    "failed",
    "failure",
    "partial_success",
    "partial_failure",
    "cancelled",
    "canceled",
    "aborted",
}
_BATCH_SUCCEEDED: Final = frozenset({"success"})
_BATCH_ENDED: Final = _BATCH_SUCCEEDED | {"failed", "failure", "aborted", "abandoned", "inactive"}
_MAX_COUNT: Final = 2**63
_LONGEST_ID: Final = 200
_LONGEST_STATUS: Final = 100


def run_of(item: Document, said: Callable[[str], str]) -> RunState | None:
    """The run in this object; None if it has no id. `said` makes a text of the service fit to be shown."""
    run_id = _id(item.get("id"), said)
    if run_id is None:
        return None
    metrics = item.get("metrics")
    metrics = metrics if isinstance(metrics, dict) else {}
    status = (string_at(metrics, "statusSummary", "status") or string_at(item, "status") or "").strip().lower()
    summary = value_at(metrics, "recordSummary")
    activities = objects_in(item.get("activities"))
    return RunState(
        id=run_id,
        status=said(status)[:_LONGEST_STATUS],
        ended=status in _RUN_ENDED,
        succeeded=status in _RUN_SUCCEEDED,
        input=_count(summary, "inputRecordCount"),
        output=_written(summary),
        failed=_count(summary, "failedRecordCount"),
        errors=tuple(dict.fromkeys(_errors(metrics, activities, said))),
        adf_run=_extension(activities, "adf/run/id", said),
        batch=_extension(activities, "batchId", said),
        metrics=metrics,
    )


def began(run: RunState) -> int:
    """When a run began, in milliseconds since the epoch; 0 if the service does not say."""
    return _count(run.metrics.get("durationSummary"), "startedAtUTC") or 0


def batch_of(batch_id: str, entry: Document, said: Callable[[str], str]) -> BatchState:
    """The batch with this id, from its entry in Catalog."""
    status = (string_at(entry, "status") or "").strip().lower()
    metrics = entry.get("metrics")
    failed = _count(metrics, "recordsFailed", "failedRecordCount")
    return BatchState(
        id=batch_id,
        status=said(status)[:_LONGEST_STATUS],
        ended=status in _BATCH_ENDED,
        succeeded=status in _BATCH_SUCCEEDED,
        read=_count(metrics, "recordsRead", "inputRecordCount"),
        written=_count(metrics, "recordsWritten", "outputRecordCount"),
        failed=_count(entry, "failedRecordCount") if failed is None else failed,
        errors=tuple(dict.fromkeys(_listed_errors(entry.get("errors"), said))),
    )


def is_about_batch(entry: Document, batch_id: str) -> bool:
    """Whether a batch is the one that another service knows by this id (its `relatedObjects`)."""
    related = objects_in(entry.get("relatedObjects"))
    return any((string_at(one, "type"), string_at(one, "id")) == ("batch", batch_id) for one in related)


def _written(summary: Json) -> int | None:
    """The records written: `outputRecordCount` in the pages; the OpenAPI counts created and updated ones instead."""
    output = _count(summary, "outputRecordCount")
    if output is not None:
        return output
    parts = [_count(summary, name) for name in ("createdRecordCount", "updatedRecordCount")]
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _errors(metrics: Document, activities: list[Document], said: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for summary in ("statusSummary", "recordSummary", "fileSummary"):
        for name in ("errors", "failedInfo"):
            yield from _listed_errors(value_at(metrics, summary, name), said)
    for activity in activities:
        for part in (activity, value_at(activity, "statusSummary"), value_at(activity, "recordSummary")):
            for name in ("errors", "failedInfo"):
                yield from _listed_errors(value_at(part, name), said)


def _listed_errors(errors: Json, said: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    for error in objects_in(errors):
        code, message = error.get("code"), error.get("message", error.get("description"))
        if code is not None or message is not None:
            yield said(_text(code)), said(_text(message))


def _id(value: Json, said: Callable[[str], str]) -> str | None:
    """An id to show; None for a text that is none, or that may repeat a credential."""
    if isinstance(value, str) and 0 < len(value) <= _LONGEST_ID and value.isprintable() and said(value) != WITHHELD:
        return value
    return None


def _extension(activities: list[Document], name: str, said: Callable[[str], str]) -> str | None:
    """An id in the extensions of the first activity that has it."""
    for activity in activities:
        for place in (value_at(activity, "statusSummary", "extensions"), activity.get("extensions")):
            found = _id(place.get(name), said) if isinstance(place, dict) else None
            if found is not None:
                return found
    return None


def _count(summary: Json, *names: str) -> int | None:
    """The first of these counts that is given, as a number or as its digits; -1 means that it is not known."""
    for name in names:
        value: Any = summary.get(name) if isinstance(summary, dict) else None
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= len(str(_MAX_COUNT)):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT:
            return value
    return None


def _text(value: Json) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else encode(value).decode(errors="replace")
