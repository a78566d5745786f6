"""PAGE: each request has the number of a page."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.sources.answers.jsonpath import MISSING, look_up
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.messages import Request
from reconciler.sources.paging.ends import readable, without_end
from reconciler.sources.paging.parameters import with_parameter
from reconciler.sources.paging.settings import Settings, number_of
from reconciler.sources.paging.turn import Page, Stop, Turn
from reconciler.sources.source import PAGINATION

_END: str = "endPageIndex"
_MOST: int = 10_000


@dataclass(slots=True)
class Pages:
    """One run with PAGE. `end` is the number of the last page, or the expression that has it in each answer."""

    assumed: Assumptions
    limit_name: str
    limit: int
    page_name: str
    start: int = 0
    end: int | str | None = None
    maximum: int = _MOST
    current: int = 0
    asked: bool = False
    """Whether an answer was asked for `end`."""
    answered: bool = False
    """Whether one had a number there."""

    def first(self, request: Request) -> Request:
        self.assumed.of("page.parameters")
        self.assumed.of("page.first")
        self.current = self.start
        return self.at(request, self.current)

    def after(self, page: Page) -> Turn:
        if page.number >= self.maximum:
            self.assumed.of("page.maximum")
            return Turn(Stop(f"maximumRequest: {self.maximum:,} requests", "page.maximum"))
        stop = self._end(page)
        if stop is not None:
            return Turn(stop)
        self.current += int(self.assumed.of("page.step"))
        return Turn(self.at(page.request, self.current))

    def at_end(self) -> tuple[Finding, ...]:
        if not self.asked or self.answered:
            return ()
        message = f"{self.end} is not a number in any answer: it can never end the run"
        return (found("end-page-absent", message, None, (*PAGINATION, _END)),)

    def at(self, request: Request, number: int) -> Request:
        """The request of the page with this number."""
        limited = with_parameter(request, self.limit_name, str(self.limit))
        return with_parameter(limited, self.page_name, str(number))

    def _end(self, page: Page) -> Stop | None:
        if self.end is None:
            return without_end("page.no-end", page.records, self.limit, self.assumed)
        last = self._last_page(page)
        if last is None:
            if self.assumed.of("page.end-absent") == "stop":
                return Stop(f"{self.end} is absent", "page.end-absent")
            return without_end("page.no-end", page.records, self.limit, self.assumed)
        is_last = self.current >= last or (self.current + 1 == last and self.assumed.of("page.end") == "exclusive")
        return Stop(f"endPageIndex: page {last}", "page.end") if is_last else None

    def _last_page(self, page: Page) -> int | None:
        self.assumed.of("page.end-from")
        if isinstance(self.end, int):
            return self.end
        self.asked = True
        value = look_up(self.end or "", page.reply, self.assumed)
        number = None if value is MISSING else number_of(value)
        self.answered |= number is not None
        return number


def pages_of(settings: Settings, assumed: Assumptions) -> Pages:
    """PAGE with these settings; they are refused if a field is missing or not valid."""
    return Pages(
        assumed,
        settings.required("limitName"),
        settings.limit(),
        settings.required("pageParamName"),
        start=settings.number("initialPageIndex", least=0) or 0,
        end=_end_of(settings),
        maximum=settings.number("maximumRequest", least=1) or _MOST,
    )


def _end_of(settings: Settings) -> int | str | None:
    written = settings.block.get(_END)
    number = number_of(written)
    if written is None or number is not None:
        return number
    if isinstance(written, str) and readable(written):
        return written
    settings.refuse("1312", "`endPageIndex` must be a number or a header", "write endPageIndex: headers.x-pagecount", _END)
    return None
