"""`prove --cleanup`: deletes what proofs left, with a client that can only read and delete."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.errors import UsageError
from reconciler.flowservice.connecting import connect
from reconciler.http.clock import Clock, SystemClock
from reconciler.http.transport import Wire
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import network_of
from reconciler.proving.cleaning import Cleaned, look
from reconciler.proving.journal.folder import leftovers_of, proof_records
from reconciler.proving.journal.reading import ProofRecord, read_proof_journal
from reconciler.proving.journal.writing import ProofStart
from reconciler.proving.leftovers import Owner
from reconciler.proving.naming import is_run_name
from reconciler.proving.options import CleanupRequest
from reconciler.proving.outcome import CleanupReport
from reconciler.proving.resuming import Unfinished, unfinished_runs
from reconciler.sessions.embedding import Embedded, embedded_service
from reconciler.sessions.proofs.closing import Closing, withhold_secrets
from reconciler.sessions.proofs.subjects import place_of
from reconciler.settings.credentials import credentials_for
from reconciler.settings.loading import load_settings
from reconciler.settings.values import Target

if TYPE_CHECKING:
    from reconciler.applying.stopping import Stop


def clean_proofs(
    environ: Mapping[str, str],
    request: CleanupRequest,
    progress: Progress,
    stop: Stop,
    clock: Clock | None = None,
    wire: Wire | None = None,
) -> CleanupReport:
    """Delete what proofs of these keys, or of all, left in the target. `wire` replaces the network to it. Raises ReconcilerError."""
    if request.runs != "all" and not is_run_name(request.runs):
        hint = "pass all, or a run such as 20261127T1012-7f3a, which the name of a resource has"
        raise UsageError(f"{request.runs[:80]!r} is not the name of a run", hint=hint)
    settings = load_settings(request.scope.specs)
    target = settings.target(request.scope.target, environ)
    credentials = credentials_for(target, environ)
    journal = None if request.journal is None else read_proof_journal(request.journal)
    if journal is not None:
        request = _of_journal(request, journal, target)
    owner = settings.repository
    root = request.scope.specs.resolve().parent
    cleaned = Cleaned((), ())
    given = None if wire is None else nullcontext(Embedded(wire, clock or SystemClock()))
    with given or embedded_service(target, clock) as service:
        now = service.clock
        rng = random.Random()  # noqa: S311 - jitter
        network = network_of(settings.network, target)
        with connect(ProofCleaner, target, credentials, network, clock=now, rng=rng, wire=service.wire) as cleaner:
            withhold_secrets(cleaner, environ)
            cleaner.reach()
            for key in request.keys or (None,):
                here = ProofStart(
                    "", target.name, target.host, target.org_id, target.sandbox, settings.repository, None, "", "", {}, "", ()
                )
                records = list(proof_records(root, here, key)) if journal is None else [journal]
                closing = Closing(cleaner, Owner(owner, target.sandbox, key), root, now, progress, stop)
                known = leftovers_of(records)
                if request.dry_run:
                    cleaned = _together(cleaned, look(cleaner, closing.owner, request.runs, request.older_than, known))
                    continue
                one = closing.clean_up(request.runs, known, older_than=request.older_than)
                for run in unfinished_runs(records):
                    if _is_over(run, request, now.now()):
                        closing.end(run, one)
                cleaned = _together(cleaned, one)
    return CleanupReport(place_of(target), request.keys, request.runs, cleaned, stop.is_set(), request.dry_run)


def _of_journal(request: CleanupRequest, journal: ProofRecord, target: Target) -> CleanupRequest:
    """The request for the one run of a journal. Raises UsageError if it is of another target, source or run."""
    start = journal.start
    if start.target != target.name or (start.host, start.org_id, start.sandbox) != (target.host, target.org_id, target.sandbox):
        raise UsageError(f"{request.journal} is of a proof in another target", hint=f"pass --target {start.target[:80]}")
    if request.runs not in ("all", start.run) or request.keys not in ((), (start.key,)):
        raise UsageError(f"{request.journal} is of another run or source", hint="leave out KEY and RUN: the journal has both")
    return replace(request, runs=start.run, keys=(start.key,))


def _is_over(run: Unfinished, request: CleanupRequest, now: float) -> bool:
    """Whether the clean-up was about this run."""
    return request.runs == run.run or (request.runs == "all" and now - run.began >= request.older_than)


def _together(one: Cleaned, other: Cleaned) -> Cleaned:
    return Cleaned(
        (*one.gone, *other.gone),
        (*one.left, *other.left),
        (*one.spared, *other.spared),
        tuple(dict.fromkeys((*one.warnings, *other.warnings))),
    )
