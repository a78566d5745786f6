"""OFFSET: each request has the number of records to skip."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Request
from reconciler.sources.paging.ends import EndCondition, Met, end_condition, without_end
from reconciler.sources.paging.parameters import with_parameter
from reconciler.sources.paging.settings import Settings
from reconciler.sources.paging.turn import Page, Stop, Turn
from reconciler.sources.source import PAGINATION


@dataclass(slots=True)
class Offset:
    """One run with OFFSET."""

    assumed: Assumptions
    limit_name: str
    limit: int
    offset_name: str
    end: EndCondition | None
    offset: int = 0
    seen: set[Met] = field(default_factory=set)
    """What the answers had at `endConditionName`."""

    def first(self, request: Request) -> Request:
        self.assumed.of("offset.parameters")
        if self.assumed.of("offset.first") == "omit":
            return with_parameter(request, self.limit_name, str(self.limit))
        return self.at(request, self.offset)

    def after(self, page: Page) -> Turn:
        stop = self._end(page) or self._no_end(page)
        if stop is not None:
            return Turn(stop)
        by_limit = page.records == self.limit or self.assumed.of("offset.step") == "limit"
        self.offset += self.limit if by_limit else page.records
        return Turn(self.at(page.request, self.offset))

    def at_end(self) -> tuple[Finding, ...]:
        if self.end is None or Met.YES in self.seen or not self.seen:
            return ()
        path, name = (*PAGINATION, "endConditionName"), self.end.name
        if Met.NO in self.seen:
            message = f"no answer has {self.end.value!r} at {name}: the end condition was never met"
            return (found("end-condition-unmet", message, "write the value that the last page has", path),)
        message = f"{name} is not in any answer: the end condition can never end the run"
        return (found("end-condition-absent", message, "write the path of a member that the answers have", path),)

    def at(self, request: Request, offset: int) -> Request:
        """The request of the page behind this many records."""
        limited = with_parameter(request, self.limit_name, str(self.limit))
        return with_parameter(limited, self.offset_name, str(offset))

    def _end(self, page: Page) -> Stop | None:
        if self.end is None:
            return None
        met = self.end.met_by(page.reply, self.assumed)
        self.seen.add(met)
        if met is Met.ABSENT and self.assumed.of("end-condition.absent") == "stop":
            return Stop(f"{self.end.name} is absent", "end-condition.absent")
        return (
            Stop(f"end condition: {self.end.name} is {self.end.value}", "offset.end", by_source=True) if met is Met.YES else None
        )

    def _no_end(self, page: Page) -> Stop | None:
        return without_end("offset.no-end", page.records, self.limit, self.assumed)


def offset_of(settings: Settings, assumed: Assumptions) -> Offset:
    """OFFSET with these settings; they are refused if a field is missing."""
    name, offset_name = settings.required("limitName"), settings.required("offSetName")
    return Offset(assumed, name, settings.limit(), offset_name, end_condition(settings, assumed))
