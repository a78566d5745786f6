"""Requests that no run makes: they show whether there are records that the spec never asks for."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.sources.checks.signs import Signs
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Request
from reconciler.sources.paging.offset import Offset
from reconciler.sources.paging.page import Pages
from reconciler.sources.paging.turn import Pagination, Stop
from reconciler.sources.source import PAGINATION


@dataclass(frozen=True, slots=True)
class Probe:
    """A request, and the finding if its answer has records that were not read."""

    request: Request
    finding: Finding
    settles_gap: bool = False
    """Whether the answer decides if there is a gap."""


def probes(pagination: Pagination, request: Request, signs: Signs, stop: Stop) -> tuple[Probe, ...]:
    """What to ask after a run; nothing if the answers already say that all records were read. `request` is the first one."""
    if not signs.read or signs.is_complete:
        return ()
    if isinstance(pagination, Offset):
        return _behind_short_page(pagination, request, signs, stop)
    return _around(pagination, request, signs, stop) if isinstance(pagination, Pages) else ()


def _behind_short_page(pagination: Offset, request: Request, signs: Signs, stop: Stop) -> tuple[Probe, ...]:
    ended = stop.evidence == "offset.end" and not signs.after_short
    if not signs.by_limit or signs.short is None or ended or not (signs.after_short or signs.short == 1):
        return ()
    position = (signs.short - 1) * pagination.limit + signs.short_size
    return (Probe(pagination.at(request, position), signs.gap(), settles_gap=True),)


def _around(pagination: Pages, request: Request, signs: Signs, stop: Stop) -> tuple[Probe, ...]:
    asked: list[Probe] = []
    field = _ending(pagination, stop)
    if field is not None and signs.last >= signs.first:
        message = f"`{field}` ends the run, but page {pagination.current + 1} has further records"
        early = found("end-page-early", message, None, (*PAGINATION, field))
        asked.append(Probe(pagination.at(request, pagination.current + 1), early))
    if pagination.start > 0:
        message = f"page {pagination.start - 1}, before initialPageIndex {pagination.start}, has other records"
        skipped = found("first-page-skipped", message, None, (*PAGINATION, "initialPageIndex"))
        asked.append(Probe(pagination.at(request, pagination.start - 1), skipped))
    return tuple(asked)


def _ending(pagination: Pages, stop: Stop) -> str | None:
    """The field with a fixed number that ended the run; None if it ended otherwise."""
    if stop.evidence == "page.maximum":
        return "maximumRequest"
    return "endPageIndex" if stop.evidence == "page.end" and isinstance(pagination.end, int) else None
