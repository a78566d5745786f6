"""A proof that was kept, as the report that it was kept from: without requests, metrics and findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, get_args

from reconciler.proofs.kept.proved_file import KeptProof, KeptResource
from reconciler.proving.report import (
    AuthenticationCase,
    AuthenticationTable,
    Counts,
    LearntRow,
    LeftOver,
    Outcome,
    ProveReport,
    SpecProved,
    StepReport,
    TargetProved,
    WindowCounts,
)

_OUTCOMES: Final[dict[str, Outcome]] = {word: word for word in get_args(Outcome)}


def report_of(kept: KeptProof) -> ProveReport:
    """The report; an outcome that this version does not know is `unknown`."""
    return ProveReport(
        _outcome(kept.outcome),
        TargetProved(kept.target.name, kept.target.host, kept.target.org_id, kept.target.sandbox, kept.target.emulated),
        kept.run,
        kept.repository,
        kept.commit,
        SpecProved(kept.spec.key, kept.spec.id, kept.spec.name, kept.spec.digests, kept.spec.flow_spec, kept.spec.kind),
        kept.proof_digest,
        _moment(kept.started),
        _moment(kept.ended),
        tuple(StepReport(step.id, _outcome(step.outcome), step.why, step.ms) for step in kept.steps),
        _counts(kept),
        ids=kept.ids,
        learnt=tuple(LearntRow(row.key, row.value, row.why) for row in kept.learnt),
        assumed=tuple((row.key, row.value) for row in kept.assumed),
        left=_resources(kept.left),
        kept=_resources(kept.kept),
        streaming=kept.streaming,
        authentication=_authentication(kept),
    )


def _outcome(word: str) -> Outcome:
    return _OUTCOMES.get(word, "unknown")


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _authentication(kept: KeptProof) -> AuthenticationTable | None:
    table = kept.authentication
    if table is None:
        return None
    cases = tuple(
        AuthenticationCase(one.case, one.wanted, one.sent, one.status, one.ingested, one.at, one.trace, one.said)
        for one in table.cases
    )
    return AuthenticationTable(table.mechanism, cases)


def _resources(found: Iterable[KeptResource]) -> tuple[LeftOver, ...]:
    return tuple(LeftOver(item.type, item.id, item.name, item.reason) for item in found)


def _counts(kept: KeptProof) -> Counts:
    counts = kept.counts
    windows = tuple(
        WindowCounts(item.start, item.end, item.tried, item.input, item.output, item.failed, item.expected)
        for item in counts.by_window
    )
    return Counts(counts.tried, counts.input, counts.output, counts.failed, counts.expected, counts.pages, windows)
