"""The gate `soak`: an upstream target has had this content for long enough, by its own clock."""

from __future__ import annotations

from reconciler.planning.gate import GateName, Wait
from reconciler.planning.gating.upstream import Identity, Upstream
from reconciler.wording.moments import moment, seconds_at, span_words


def not_there_to_soak(upstream: Upstream, soak: float) -> Wait | None:
    """What is missing of the soak, in seconds, of content that the upstream target may not have; None if none is asked for."""
    if soak <= 0:
        return None
    said = f"{upstream.name} is not known to have this content, so it cannot have soaked there"
    return Wait(upstream.name, GateName.SOAK, said, "`--skip-gate soak` passes over this as well")


def why_not_soaked(upstream: Upstream, identity: Identity, soak: float) -> Wait | None:
    """What is missing of the soak, in seconds, of content that the upstream target has, or gets in this run; None if it is over.

    What it never had does not soak either.

    It began with the later of the live spec's `updatedAt` and the time in its marker, since `updatedAt` may stay as it was. A marker of an
    older version has no time, and only `updatedAt` counts. Without an `updatedAt`, or with a time that cannot be read, somebody may have
    changed it since, so it waits. Now is the time of the answer that showed the spec, so the clock of this machine does not count.
    """
    if soak <= 0 or upstream.plan is None or not (found := upstream.statuses.get(identity)):
        return None
    if upstream.is_first and identity in upstream.pending:
        return Wait(upstream.name, GateName.SOAK, f"{upstream.name} has it only after this run, and it soaks {span_words(soak)}")
    written = upstream.plan.markers.get(identity)
    at = written.at if written is not None else None
    times = [status.updated_at for status in found]
    begun = seconds_at(at) if at is not None else 0.0
    if begun is None or None in times:
        return _unsure(upstream, f"{upstream.name} does not say when it was {'last changed' if None in times else 'written'}")
    now = upstream.plan.served_at
    if now is None:
        return _unsure(upstream, f"the answers of {upstream.name} have no Date")
    since = max(begun, *(time / 1000 for time in times if time is not None))
    until = since + soak
    if now >= until:
        return None
    note = "" if at is not None else "; its marker has no time, so only `updatedAt` counts"
    hint = f"it may go on at {moment(until)}"
    return Wait(
        upstream.name,
        GateName.SOAK,
        f"{_done(max(now - since, 0.0), soak)} ({upstream.name} since {moment(since)}{note})",
        hint,
        since,
        until,
        until - now,
    )


def _unsure(upstream: Upstream, lack: str) -> Wait:
    hint = "pass `--skip-gate soak --reason TEXT` if you know that it has soaked"
    return Wait(upstream.name, GateName.SOAK, f"{lack}, so how long it has had it is not known", hint, unsure=True)


def _done(seconds: float, soak: float) -> str:
    return f"{span_words(seconds)} of {span_words(soak)}"
