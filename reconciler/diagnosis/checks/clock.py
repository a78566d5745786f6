"""The clocks of both sides, and the headers about limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from reconciler.diagnosis.probing import Seen
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.proofs.kept.proved import is_emulated

_WARNS: Final = 30.0
_FAILS: Final = 300.0
"""Start times of flows and the order of changes are off by as much."""
_LIMITS: Final = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after")
_SET_CLOCK: Final = (
    "synchronize the clock of this machine with NTP (on Linux: timedatectl set-ntp true; a container has the clock of its host),"
    " or report the service's clock to Adobe if this one is right"
)
_FAST_CLOCK: Final = "the service is on this machine: this is expected of `reconciler emulator --speed`, whose clock is its own"


def skew_of(answers: Iterable[Seen]) -> float | None:
    """How many seconds the service's clock is ahead of the local one, by `Date` of the quickest answer; None without one."""
    dated = [(seen.received - seen.sent, offset) for seen in answers if (offset := _offset(seen)) is not None]
    return min(dated)[1] if dated else None


def _offset(seen: Seen) -> float | None:
    date = seen.answer.headers.get("date") if seen.answer else None
    if not date:
        return None
    try:
        theirs = parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return theirs + 0.5 - (seen.sent + seen.received) / 2  # a Date has whole seconds


def check_clock(subject: Subject) -> Iterator[Check]:
    """The difference between the local clock and `Date` of the answers."""
    skew, asked = skew_of(subject.probe.everything()), "Date header of the answers"
    if skew is None:
        yield Check("clock", "unknown", "no answer has a Date header", asked=asked)
        return
    if abs(skew) <= _WARNS:
        yield Check("clock", "ok", f"local and service time differ by {abs(skew):.0f} s", asked=asked)
        return
    said = f"the local clock is {_words(abs(skew))} {'behind' if skew > 0 else 'ahead of'} the service's"
    if is_emulated(subject.target.host):
        yield Check("clock", "warn", said, _FAST_CLOCK, asked)
        return
    yield Check("clock", "fail" if abs(skew) > _FAILS else "warn", said, _SET_CLOCK, asked)


def check_limits(subject: Subject) -> Iterator[Check]:
    """Headers that announce a limit. None is documented, so their absence is in order."""
    answers = [seen.answer for seen in subject.probe.everything() if seen.answer]
    asked = "headers of the answers"
    if not answers:
        yield Check("rate-limits", "unknown", "there is no answer", asked=asked)
        return
    limited = sum(answer.status == HTTPStatus.TOO_MANY_REQUESTS for answer in answers)
    if limited:
        hint = "run again later, or lower network.concurrency in reconciler.yaml"
        yield Check("rate-limits", "warn", f"{limited} of {len(answers)} questions were answered with 429", hint, asked)
        return
    found = sorted({name for answer in answers for name in _LIMITS if name in answer.headers})
    yield Check("rate-limits", "ok", f"headers seen: {', '.join(found)}" if found else "no header announces a limit", asked=asked)


def _words(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes} minutes"  # noqa: PLR2004 - fewer are told in seconds
