"""POINTER: each answer has the address of the next page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.documents.shapes import name_of_type
from reconciler.sources.answers.jsonpath import MISSING, look_up
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Request
from reconciler.sources.paging.addresses import next_request
from reconciler.sources.paging.ends import readable
from reconciler.sources.paging.parameters import with_parameter
from reconciler.sources.paging.settings import Settings
from reconciler.sources.paging.turn import Page, Stop, Turn
from reconciler.sources.source import PAGINATION

_PATH = (*PAGINATION, "pointerPath")


@dataclass(slots=True)
class Pointer:
    """One run with POINTER."""

    assumed: Assumptions
    limit_name: str
    limit: int
    pointer_path: str
    was_there: bool = False
    """Whether an earlier answer had an address."""

    def first(self, request: Request) -> Request:
        return with_parameter(request, self.limit_name, str(self.limit))

    def after(self, page: Page) -> Turn:
        value = look_up(self.pointer_path, page.reply, self.assumed)
        if value is MISSING or value is None:
            self.assumed.of("pointer.end")
            word = "absent" if value is MISSING else "null"
            return Turn(Stop(f"pointer: {self.pointer_path} is {word}", "pointer.end", by_source=self.was_there))
        if not isinstance(value, str):
            message = f"{self.pointer_path} is {name_of_type(value)}, not the address of the next page"
            return Turn(Stop("a pointer that is not a string"), (found("pointer-not-text", message, None, _PATH),))
        if not value.strip() and self.assumed.of("pointer.empty-text") == "stops":
            return Turn(Stop(f"pointer: {self.pointer_path} is empty", "pointer.empty-text", by_source=self.was_there))
        self.assumed.of("pointer.path")
        self.was_there = True
        return self._to(page.request, value)

    def at_end(self) -> tuple[Finding, ...]:
        return ()

    def _to(self, request: Request, address: str) -> Turn:
        turn = next_request(request, address, self.assumed)
        if isinstance(turn, Finding):
            return Turn(Stop("an address that is not valid"), (replace(turn, path=_PATH),))
        if not isinstance(turn.next, Request):
            return turn
        limited = with_parameter(turn.next, self.limit_name, str(self.limit))
        adds = limited != turn.next and self.assumed.of("pointer.limit") == "every"
        return replace(turn, next=limited) if adds else turn


def pointer_of(settings: Settings, assumed: Assumptions) -> Pointer:
    """POINTER with these settings; they are refused if a field is missing or not valid."""
    path = settings.required("pointerPath")
    if path and not readable(path):
        settings.refuse(
            "1314", f"{path[:80]!r} is not a path that names one place of the answer", "write $.paging.next", "pointerPath"
        )
    return Pointer(assumed, settings.required("limitName"), settings.limit(), path)
