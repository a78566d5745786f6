"""NONE: one request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Request
from reconciler.sources.paging.addresses import next_request
from reconciler.sources.paging.turn import Page, Stop, Turn

_LINK: Final = re.compile(r"<([^<>]{1,16000})>((?:\s*;\s*[^,;<>]{1,400})*)")
_NEXT: Final = re.compile(r";\s*rel\s*=\s*(?:\"(?:[^\"]*\s)?next(?:\s[^\"]*)?\"|next\s*(?:;|$))", re.IGNORECASE)


@dataclass(slots=True)
class Nothing:
    """One run with NONE."""

    assumed: Assumptions
    limit: int | None = None

    def first(self, request: Request) -> Request:
        return request

    def after(self, page: Page) -> Turn:
        self.assumed.of("none.single")
        address = next_link(page.reply.headers.get("link", ""))
        if address is None or self.assumed.of("none.link-header") == "ignore":
            return Turn(Stop("pagination NONE: one request", "none.single"))
        turn = next_request(page.request, address, self.assumed)
        return Turn(Stop("an address that is not valid"), (turn,)) if isinstance(turn, Finding) else turn

    def at_end(self) -> tuple[Finding, ...]:
        return ()


def next_link(header: str) -> str | None:
    """The address with `rel="next"` of a Link header (RFC 8288); None if there is none."""
    for link in _LINK.finditer(header[:20_000]):
        if _NEXT.search(link[2]):
            return link[1].strip()
    return None
