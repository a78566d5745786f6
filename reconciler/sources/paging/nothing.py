"""NONE: one request."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Request
from reconciler.sources.paging.turn import Page, Stop, Turn


@dataclass(slots=True)
class Nothing:
    """One run with NONE."""

    assumed: Assumptions
    limit: int | None = None

    def first(self, request: Request) -> Request:
        return request

    def after(self, page: Page) -> Turn:
        del page
        self.assumed.of("none.single")
        return Turn(Stop("pagination NONE: one request", "none.single"))

    def at_end(self) -> tuple[Finding, ...]:
        return ()
