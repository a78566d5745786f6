"""Who answers a trial: the third party, a recording, or a stub."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from reconciler.desired.tree import Unreadable
from reconciler.errors import Problem, SpecFileError, UsageError
from reconciler.http.clock import SystemClock
from reconciler.proofs.folder import CASSETTE, PROVIDER, ProofFolder
from reconciler.sources.findings import Finding
from reconciler.sources.messages import Fetch, NoAnswer

if TYPE_CHECKING:
    from reconciler.applying.stopping import Stop
    from reconciler.secret import Secret
    from reconciler.settings.values import Network
    from reconciler.trying.cassette import Cassette
    from reconciler.trying.hosts import Ask
    from reconciler.trying.options import TryOptions

_USUAL_DELAY: Final = 1.0
"""Seconds that a trial waits at most between two requests, unless it is to wait as long as a run does."""


@dataclass(frozen=True, slots=True)
class Answering:
    """A fetch, and what it noticed; `complete` says whether the trial read everything. `now` is the present of the trial, in UTC."""

    fetch: Fetch
    now: datetime
    noticed: Callable[[bool], Iterable[Finding]] = lambda _complete: ()
    recorded_at: str | None = None
    of_stub: bool = False
    """Whether the recording is of a stub."""
    pages: int | None = None
    """How many requests a replay makes at most; None for any other trial."""
    apart: Fetch | None = None
    """For requests that do not belong to the trial; None unless the third party answers."""


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """What a call of the third party depends on. `delay` is that of the spec, in milliseconds."""

    environ: Mapping[str, str]
    secrets: Mapping[str, Secret]
    network: Network
    options: TryOptions
    stop: Stop
    ask: Ask | None
    delay: int = 0


@dataclass(frozen=True, slots=True)
class Retries:
    """How a failed request is repeated: whether after a status such as 429, and how often at most."""

    on_status: Callable[[], bool]
    most: int


def nobody(now: datetime) -> Answering:
    """Nothing is sent."""
    return Answering(lambda _request: NoAnswer("interrupted", "nothing was sent"), now)


def seconds_between(delay: int, *, whole: bool) -> float:
    """The seconds between two requests for a `delayRequestMillis`: all of it, or a second at most."""
    return delay / 1000 if whole else min(delay / 1000, _USUAL_DELAY)


@contextmanager
def live(party: ThirdParty, now: datetime, retries: Callable[[], bool]) -> Iterator[Answering]:
    """The third party itself, within the guards. Raises SettingsError for a variable that is not valid."""
    from reconciler.trying.hosts import hosts_in
    from reconciler.trying.live import LiveFetch, LiveOptions

    options = LiveOptions(
        hosts_in(party.environ),
        party.ask,
        party.options.allow_local,
        seconds_between(party.delay, whole=party.options.delay),
        retries,
        party.network,
    )
    rng = random.Random()  # noqa: S311 - jitter
    fetch = LiveFetch(party.secrets, options, clock=SystemClock(), rng=rng, stop=party.stop, environ=party.environ)
    try:
        yield Answering(fetch, now, lambda _complete: fetch.findings, apart=fetch.apart())
    finally:
        fetch.close()


def recorded(folder: ProofFolder, key: str, shown: str) -> Answering:
    """The recording. Raises UsageError if there is none, and SpecFileError if it cannot be used."""
    from reconciler.trying.replay import Replay

    cassette = _cassette(folder, key, shown)
    replay = Replay(cassette)

    def noticed(complete: bool) -> Iterable[Finding]:
        found = replay.unasked() if complete or cassette.pages else None
        return () if found is None else (found,)

    recorded_at = cassette.recorded_at.astimezone(UTC).strftime("%Y-%m-%d")
    return Answering(replay, cassette.recorded_at, noticed, recorded_at, of_stub=cassette.stub, pages=cassette.most_requests)


def check_replaceable(folder: ProofFolder, key: str, shown: str) -> None:
    """Raises UsageError if a recording of a stub would replace one of the third party. One that cannot be read may be replaced."""
    try:
        is_real = CASSETTE in folder.files and not _cassette(folder, key, shown).stub
    except SpecFileError:
        return
    if is_real:
        file = f"{shown}/{folder.path(CASSETTE)}"
        hint = "leave out --stub to record the third party again, or delete the recording first"
        raise UsageError(f"{file} is a recording of the third party, and one of a stub would replace it", hint=hint)


def _cassette(folder: ProofFolder, key: str, shown: str) -> Cassette:
    from reconciler.trying.cassette_reading import read_cassette

    data = _bytes(folder, CASSETTE, f"{shown}/{folder.path(CASSETTE)}")
    if data is None:
        raise UsageError(f"{key!r} has no recording", hint=f"make one with: reconciler try {key} --record")
    found = read_cassette(data, f"{shown}/{folder.path(CASSETTE)}")
    if isinstance(found, tuple):
        raise SpecFileError(f"the recording of {key!r} cannot be used", found)
    return found


def stub(folder: ProofFolder, key: str, shown: str, now: datetime, retries: Retries) -> Answering:
    """The API that provider.yaml describes, asked as often as the third party would be.

    Raises UsageError if there is none, and SpecFileError if it cannot be used.
    """
    from reconciler.proofs.provider import read_provider
    from reconciler.providers.stub import Stub
    from reconciler.trying.repeating import repeating

    if PROVIDER not in folder.files:
        hint = f"write {shown}/{folder.path(PROVIDER)}, or make it with: reconciler try {key} --record --stub"
        raise UsageError(f"{key!r} has no {PROVIDER}", hint=hint)
    read = read_provider(folder, key, shown)
    if read.provider is None:
        raise SpecFileError(f"the {PROVIDER} of {key!r} cannot be used", read.problems)
    answer = Stub(read.provider, read.rows, placeholders=True).answer
    return Answering(repeating(answer, retries.on_status, retries.most), now)


def _bytes(folder: ProofFolder, file: str, shown: str) -> bytes | None:
    try:
        return folder.read(file)
    except Unreadable as error:
        problem: Problem = replace(error.problem.at(shown, 1, 1))
        raise SpecFileError(f"{shown} cannot be read", (problem,)) from None
