"""The first page of a source, fetched as a run would fetch it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from reconciler.documents.json_text import Json
from reconciler.emulator.dataplane.connecting.asking import Asking
from reconciler.emulator.dataplane.reading import Reading, assumptions
from reconciler.emulator.problems import DeclinedError
from reconciler.emulator.service import Service
from reconciler.errors import Severity
from reconciler.sources.answers.decoding import decoded
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from reconciler.sources.request import first_request
from reconciler.sources.trial import Limits, Trial, trial
from reconciler.sources.window import Mode, Window

_MOST_ROWS: Final = 10_000
_ALWAYS: Final = frozenset({"1312", "1313", "1314", "1315", "1316", "1317", "1319"})
"""Findings with which the service refuses a preview, although a page may have been read."""
_RATE_LIMITED: Final = 429
"""What it says about a credential is that nobody looked at it."""
_ACCESS: Final = frozenset({"http-status", "no-answer", "host-refused"})
_NAME: Final = re.compile(r"`\$?\{?(\w+)\}?`")


@dataclass(frozen=True, slots=True)
class Preview:
    """One page: the rows of the mapping, and the answer as the third party sent it."""

    rows: tuple[Json, ...]
    page: Json


@dataclass(slots=True)
class _Watched:
    """A fetch that keeps the last answer."""

    fetch: Fetch
    answers: list[Answer] = field(default_factory=list)

    def __call__(self, request: Request) -> Answer | NoAnswer:
        answer = self.fetch(request)
        self.answers += [answer] if isinstance(answer, Answer) else []
        return answer


def preview(asking: Asking, reading: Reading) -> Preview:
    """The first page. Raises `DeclinedError`: the code that Adobe's pages have for it, or 1308 with the reason."""
    watched, assumed = _Watched(asking.service.fetch), assumptions(asking.service)
    tried = _first_page(asking.service, reading, watched, assumed)
    errors = [item for item in tried.findings if item.severity is Severity.ERROR]
    is_read = bool(tried.pages) or tried.stop.by_source
    wrong = next((item for item in errors if not is_read or item.code in _ALWAYS), None)
    if wrong is not None:
        raise _refusal(asking, reading, wrong)
    page = decoded(watched.answers[-1], assumed)[0] if tried.pages else {}
    return Preview(tried.rows, page)


def check_access(asking: Asking, reading: Reading) -> None:
    """Refuse credentials that the third party does not accept for the first page (1308). Other mistakes show in runs."""
    watched = _Watched(asking.service.fetch)
    tried = _first_page(asking.service, reading, watched, assumptions(asking.service))
    wrong = next((item for item in tried.findings if item.code in _ACCESS), None)
    is_limited = bool(tried.calls) and tried.calls[-1].status == _RATE_LIMITED
    if wrong is not None and not tried.pages and not is_limited:
        raise _refusal(asking, reading, wrong)


def _first_page(service: Service, reading: Reading, fetch: Fetch, assumed: Assumptions) -> Trial:
    service.begin()
    now = datetime.fromtimestamp(service.clock(), UTC)
    first = first_request(reading.source, reading.values, Window(Mode.PREVIEW, None, now), assumed)
    return trial(reading.source, first, fetch, Limits(1, _MOST_ROWS), assumed, values=reading.values)


def _refusal(asking: Asking, reading: Reading, wrong: Finding) -> DeclinedError:
    if wrong.code in _ALWAYS:
        written = reading.source.at(wrong.path) if wrong.path else None
        return asking.declined(f"{wrong.code}-400", value=written, field=wrong.path[-1] if wrong.path else "")
    if wrong.code == "missing-value" and (name := _NAME.search(wrong.message)):
        return asking.declined("1329-400", field=name[1])
    hint = f" ({wrong.hint})" if wrong.code == "host-refused" else ""
    return asking.declined("1308-400", reason=f"{wrong.message}{hint}")
