"""Tries the other values of what a trial assumed, and shows which of them would change its outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, TypeAlias

from reconciler.documents.json_text import encode
from reconciler.errors import count
from reconciler.proofs.kept.engine_file import EngineAnswer
from reconciler.sources.evidence import ROWS, Assumptions
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Pairs, Request
from reconciler.sources.trial import Trial
from reconciler.trying.report import Assumed

Again: TypeAlias = Callable[[Assumptions], Trial]
"""Runs the same trial again, with other assumptions."""
_TOO_MANY: Final = 429
_UNANSWERED: Final = frozenset({"not-recorded", "no-answer", "host-refused", "interrupted"})
"""Codes of requests without an answer: what would have happened is then unknown."""
_Key: TypeAlias = tuple[str, str, Pairs, bytes]


@dataclass(slots=True)
class Memo:
    """A fetch that counts; with `keeps`, it sends the same request only once: alternatives share most of theirs."""

    fetch: Fetch
    keeps: bool = True
    sent: int = 0
    """Requests that were sent."""
    room: int = 200_000_000
    """Bytes of further answers that are kept; what does not fit is requested again."""
    _answers: dict[_Key, Answer | NoAnswer] = field(default_factory=dict)

    def __call__(self, request: Request) -> Answer | NoAnswer:
        if not self.keeps:
            self.sent += 1
            return self.fetch(request)
        key = (request.method, request.url, request.headers, encode(request.body))
        if key in self._answers:
            return self._answers[key]
        self.sent += 1
        answer = self.fetch(request)
        size = len(answer.content) if isinstance(answer, Answer) else 0
        is_passing = isinstance(answer, Answer) and answer.status == _TOO_MANY  # another moment, another answer
        if not is_passing and size <= self.room:
            self.room -= size
            self._answers[key] = answer
        return answer


def rows_of(used: Mapping[str, str], answers: Mapping[str, EngineAnswer] = MappingProxyType({})) -> tuple[Assumed, ...]:
    """The rows that a trial relied on, in the order of the evidence table, each with the proof that showed its value."""
    return tuple(
        Assumed(key, used[key], row.level, row.text, answered=_shown(used[key], answers.get(key)))
        for key, row in ROWS.items()
        if key in used
    )


def _shown(value: str, answer: EngineAnswer | None) -> EngineAnswer | None:
    return answer if answer is not None and answer.value == value else None


def with_alternatives(
    base: Trial, again: Again, overrides: Mapping[str, str], answers: Mapping[str, EngineAnswer] = MappingProxyType({})
) -> Iterator[Assumed]:
    """The rows of this trial, each with what every other value would do, unless a proof has shown its value."""
    for row in rows_of(base.used, answers):
        if row.answered is not None:
            yield row
            continue
        others = [value for value in (ROWS[row.key].default, *ROWS[row.key].alternatives) if value != row.value]
        tried = [(value, again(Assumptions({**overrides, row.key: value}))) for value in dict.fromkeys(others)]
        words = tuple((value, difference(base, other)) for value, other in tried)
        unknown = [value for value, other in tried if _unanswered(base, other)]
        differs = any(said for value, said in words if value not in unknown)
        changes = differs or (None if unknown or not words else False)
        yield Assumed(row.key, row.value, row.level, row.text, changes, words)


def _unanswered(base: Trial, other: Trial) -> tuple[str, ...]:
    """The codes of requests without an answer that only the other trial has."""
    known = {finding.code for finding in base.findings}
    return tuple(sorted({finding.code for finding in other.findings} & _UNANSWERED - known))


def difference(base: Trial, other: Trial) -> str:
    """What another trial has done differently, in words; empty if its outcome is the same."""
    if unanswered := _unanswered(base, other):
        return f"not known, because request {len(other.calls)} has no answer [{', '.join(unanswered)}]"
    codes = sorted({finding.code for finding in other.findings} - {finding.code for finding in base.findings})
    gone = sorted({finding.code for finding in base.findings} - {finding.code for finding in other.findings})
    if (base.records, base.stop.reason) == (other.records, other.stop.reason) and not codes and not gone:
        return ""
    said = f"{count(other.records, 'record')} in {count(len(other.calls), 'request')}, stopped: {other.stop.reason}"
    if codes:
        said += f" [{', '.join(codes)}]"
    return said + (f" (without [{', '.join(gone)}])" if gone else "")
