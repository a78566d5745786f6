"""A proof as one self-contained HTML page with every request: no scripts, no requests, and all content escaped as text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import encode_readable
from reconciler.errors import count
from reconciler.proving.report import LeftOver, ProveReport, StepReport
from reconciler.reports.plan.html.page import ProblemsPart, problem_parts
from reconciler.reports.plan.html.report import template, without_logging_commands
from reconciler.reports.proving.phrases import (
    AUTHENTICATION_COLUMNS,
    authentication_rows,
    columns_of,
    count_rows,
    duration,
    emulated_note,
    ids_of,
    is_bad,
    next_step,
    outcome_word,
    place_of,
    request_words,
    status_words,
    step_word,
    took,
    type_words,
    verdict,
)

_REQUESTS: Final = 2_000
"""Maximum number of requests of one step on the page."""
_LINES: Final = 2_000


@dataclass(frozen=True, slots=True)
class StepPart:
    """One step: its cells, and its requests."""

    name: str
    word: str
    outcome: str
    time: str
    why: str
    requests: tuple[tuple[str, str, str, str], ...]
    counted: str
    is_open: bool
    more: str


@dataclass(frozen=True, slots=True)
class ProofPage:
    """The data of the template."""

    heading: str
    word: str
    verdict: str
    outcome: str
    note: str | None
    place: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    problems: tuple[ProblemsPart, ...]
    steps: tuple[StepPart, ...]
    counted: str
    columns: tuple[str, ...]
    counts: tuple[tuple[str, ...], ...]
    tested: tuple[str, ...]
    tests: tuple[tuple[str, ...], ...]
    learnt: tuple[tuple[str, str, str], ...]
    assumed: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, ...], ...]
    kept: tuple[tuple[str, ...], ...]
    hint: str | None
    metrics: tuple[str, ...]


def prove_html(report: ProveReport) -> str:
    """The page of one proof."""
    page = ProofPage(
        heading=f"Proof of {report.spec.key}",
        word=outcome_word(report),
        verdict=verdict(report),
        outcome="skipped" if report.interrupted else report.outcome,
        note=emulated_note(report),
        place=place_of(report),
        facts=tuple((name, value) for name, value in _facts(report) if value),
        problems=tuple(problem_parts(report.findings)),
        steps=tuple(map(_step, report.steps)),
        counted="Events" if report.streaming else "Records",
        columns=columns_of(report),
        counts=tuple(count_rows(report)),
        tested=AUTHENTICATION_COLUMNS,
        tests=tuple(authentication_rows(report)),
        learnt=tuple((row.key, row.value, row.why) for row in report.learnt),
        assumed=report.assumed,
        left=tuple(map(_resource, report.left)),
        kept=tuple(map(_resource, report.kept)),
        hint=next_step(report),
        metrics=tuple(encode_readable(report.run_metrics).split("\n")[:_LINES]) if report.run_metrics else (),
    )
    return without_logging_commands(template("proof.html.j2").render(page=page))


def _facts(report: ProveReport) -> Iterable[tuple[str, str]]:
    yield "spec", f"{report.spec.name} ({report.spec.id})"
    yield "flow spec", report.spec.flow_spec
    yield "repository", report.repository
    yield "commit", report.commit or ""
    yield "started", report.started
    yield "ended", report.ended
    yield "took", took(report)
    yield from ids_of(report)


def _step(step: StepReport) -> StepPart:
    shown = step.requests[:_REQUESTS]
    more = len(step.requests) - len(shown)
    return StepPart(
        name=step.id,
        word=step_word(step),
        outcome=step.outcome,
        time="" if step.outcome == "skipped" else duration(step.milliseconds),
        why=step.why,
        requests=tuple((request_words(each), status_words(each), f"{each.milliseconds:,} ms", each.request_id) for each in shown),
        counted=count(len(step.requests), "request"),
        is_open=is_bad(step),
        more=f"… {count(more, 'more request')} (the JSON report has all)" if more else "",
    )


def _resource(resource: LeftOver) -> tuple[str, ...]:
    return type_words(resource), resource.name, resource.id, resource.reason
