"""Whether the pages of a trial were all that there is, as far as the answers show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from reconciler.errors import Severity, count
from reconciler.sources.answers.jsonpath import Reply, Step
from reconciler.sources.checks.hints import Hints, hints_in
from reconciler.sources.findings import Finding, found
from reconciler.sources.paging.turn import Stop
from reconciler.sources.source import CONTENT_PATH, PAGINATION

_LIMIT = (*PAGINATION, "limitValue")
_ENOUGH = 2
"""Pages of one size that are no coincidence."""


@dataclass(slots=True)
class Signs:
    """What the pages of one trial show. Only the last answer is kept."""

    kind: str
    limit: int | None
    by_limit: bool = False
    """Whether each offset is higher by the limit, whatever was received."""
    read: int = 0
    pages: int = 0
    """Pages with records."""
    first: int = 0
    """Records of the first page."""
    last: int = 0
    same_size: int = 0
    """Pages in a row, from the first one, that have as many records as the first."""
    short: int | None = None
    """The first page with fewer records than the limit, if another page was requested after it."""
    short_size: int = 0
    after_short: bool = False
    """Whether records followed the short page, or the answer itself said that there is more."""
    totals: dict[str, int] = field(default_factory=dict)
    sizes: set[str] = field(default_factory=set)
    """The totals that are the number of records of a single page: they may count the page only."""
    total_pages: dict[str, int] = field(default_factory=dict)
    reply: Reply | None = None
    holders: tuple[Step, ...] = ()
    """The steps to the object that has the records."""

    def page(self, number: int, reply: Reply, records: int) -> None:
        """Note one page."""
        if self.short is not None and records:
            self.after_short = True
        if number == 1:
            self.first = records
        if records and records == self.first and self.same_size == number - 1:
            self.same_size = number
        self.pages += bool(records)
        self.read += records
        self.last = records
        self.reply = reply
        hints = hints_in(reply, self.holders)
        for name, total in hints.totals.items():
            if total == records and number == 1:
                self.sizes.add(name)
            else:
                self.sizes.discard(name)
            self.totals[name] = min(total, self.totals.get(name, total))
        for name, pages in hints.pages.items():
            self.total_pages[name] = min(pages, self.total_pages.get(name, pages))
        if self.short is None and self.limit is not None and 0 < records < self.limit:
            self.short, self.short_size = number, records
            self.after_short = hints.more is not None

    def findings(self, stop: Stop, *, failed: bool, unfinished: bool) -> tuple[Finding, ...]:
        """What all pages together show. `failed`: an error ended the trial; `unfinished`: its own limit did."""
        if not self.read and not failed and not unfinished:
            return (found("no-records", "no records were read, so nothing is proved", None, CONTENT_PATH),)
        if self.reply is None:
            return ()
        hints = hints_in(self.reply, self.holders)
        findings = list(self._limit_ignored())
        if not unfinished:
            findings += self._further(hints, stop, contiguous=not self.has_gap)
        if not failed and not unfinished and not self.has_gap:
            findings += self._one_page(hints, stop)
        return tuple(findings)

    @property
    def is_complete(self) -> bool:
        """Whether the third party counts exactly as many records as were read, and does not only count those of the page."""
        equal = {name for name, total in self.totals.items() if total == self.read}
        is_of_page = equal <= self.sizes and max(self.totals.values(), default=0) > self.read
        return bool(equal) and not is_of_page

    @property
    def has_gap(self) -> bool:
        """Whether records seem to be skipped after a page that is not full."""
        return self.by_limit and self.short is not None and self.after_short and not self.is_complete

    def gap(self) -> Finding:
        """The finding for records that are skipped after the short page."""
        message = (
            f"page {self.short} has {count(self.short_size, 'record')}, but the next offset is {self.limit} higher: "
            "the records in between are skipped"
        )
        return found("gap", message, None, _LIMIT, self.short)

    def _limit_ignored(self) -> Iterator[Finding]:
        if self.limit is None or self.has_gap:
            return
        if self.first > self.limit:
            yield found(
                "limit-ignored", f"page 1 has {self.first:,} records, although {self.limit:,} were requested", None, _LIMIT, 1
            )
        elif self.first < self.limit and self.same_size >= _ENOUGH and self.pages > _ENOUGH:
            message = f"each page has {count(self.first, 'record')}, although {self.limit:,} were requested"
            yield found("limit-ignored", message, None, _LIMIT)

    def _further(self, hints: Hints, stop: Stop, *, contiguous: bool) -> Iterator[Finding]:
        """Signs of further records, unless the third party itself ended the run: what it says then is about something else."""
        ended = contiguous and stop.by_source and self._at_its_end(stop)
        more = hints.more or (hints.token if self.kind == "NONE" and not hints.no_more and not self.is_complete else None)
        if more is not None and not ended:
            yield found("more-hint", f"the last answer says that there is more: {more}", None, PAGINATION)
        name, total = max(self.totals.items(), key=lambda item: item[1], default=("", 0))
        if total > self.read and not self.is_complete:
            message = f"{name} is {total:,}, but {count(self.read, 'record')} {'was' if self.read == 1 else 'were'} read"
            hint = found("total-hint", message, None, PAGINATION)
            yield replace(hint, severity=Severity.INFO) if ended and self.kind != "PAGE" else hint
        elif self.kind == "NONE" and not self.is_complete:
            yield from self._pages_left()

    def _pages_left(self) -> Iterator[Finding]:
        name, pages = max(self.total_pages.items(), key=lambda item: item[1], default=("", 0))
        if pages > max(self.pages, 1):
            message = f"{name} is {pages:,}, but {count(self.pages, 'page')} {'was' if self.pages == 1 else 'were'} read"
            yield found("total-hint", message, None, PAGINATION)

    def _at_its_end(self, stop: Stop) -> bool:
        """Whether the end is credible: an address or a token ran out, or a page is empty or not full."""
        return self.kind in ("POINTER", "CONTINUATION_TOKEN") or stop.evidence == "http.204" or self.last < (self.limit or 0)

    def _one_page(self, hints: Hints, stop: Stop) -> Iterator[Finding]:
        if self.kind == "NONE" or self.pages > 1:
            return
        says_end = hints.no_more or self.is_complete
        if self.limit is not None and self.first >= self.limit and not says_end:
            message = f"only one page was read, and it is full: {count(self.first, 'record')} ({stop.reason})"
            yield found("full-first-page", message, None, PAGINATION)
        else:
            yield found("one-page-only", "only one page has records, so the pagination is not proved", None, PAGINATION)
