"""A plan or drift as data for the HTML template: the head of the page, and a part for each spec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from reconciler.breaking.effect import Level
from reconciler.errors import Severity, count
from reconciler.planning.plan import ActionName
from reconciler.reports.plan.drift_phrases import difference_words
from reconciler.reports.plan.html.specs import STATES, SpecPart, SpecParts, title_of
from reconciler.reports.plan.html.waiting import WaitingPart, waiting_part
from reconciler.reports.plan.notes import proved_sentence, tried_sentence
from reconciler.reports.plan.view import ActionView, PlanView
from reconciler.reports.problems.text import counted
from reconciler.reports.problems.view import AnyProblem
from reconciler.reports.sinks.phrases import cause_words, place_words, summary_words
from reconciler.wording.moments import moment_of_service

_LISTED: Final = 12
"""Maximum number of specs named in a list at the top of the page; the others are counted."""
SECTIONS: Final = 2_500
"""Maximum number of specs whose changes are shown; the others have their line in the table."""
LINES: Final = 20_000
"""Maximum number of specs in the table; the others are counted."""
_UNFOLDED_PROBLEMS: Final = 8
_PROBLEMS: Final = 500
"""Maximum number of problems of one severity."""
_HINT: Final = 60
"""Maximum number of lines of a hint."""
_SEVERITIES: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class ProblemPart:
    """One problem; `hint` has its lines."""

    place: str
    message: str
    code: str
    hint: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProblemsPart:
    """The problems of one severity. Errors are never folded; `left_out` is empty if all are shown."""

    severity: str
    counted: str
    problems: tuple[ProblemPart, ...]
    left_out: str

    @property
    def is_folded(self) -> bool:
        return self.severity != Severity.ERROR and len(self.problems) > _UNFOLDED_PROBLEMS


@dataclass(frozen=True, slots=True)
class Mention:
    """A spec named at the top of the page, and a note on it."""

    anchor: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """Specs named at the top of the page; `more` is a phrase that counts the others."""

    counted: str
    named: tuple[Mention, ...]
    more: str


@dataclass(frozen=True, slots=True)
class FilterPart:
    """A state, and the number of specs on the page that have it."""

    state: str
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """The data of the template. `left` and `right` are the headings of the two sides of a diff.

    The first `sections` of the specs have a section of their own; `left_out` counts those that have none, or is empty.
    """

    heading: str
    drift: bool
    target: str
    facts: tuple[tuple[str, str], ...]
    summary: str
    causes: str
    verdict: str
    problems: tuple[ProblemsPart, ...]
    breaking: Mentions | None
    irreversible: Mentions | None
    shared: Mentions | None
    waiting: WaitingPart | None
    filters: tuple[FilterPart, ...]
    specs: tuple[SpecPart, ...]
    sections: int
    left_out: str
    left: str
    right: str


def page_of(view: PlanView, *, title: str | None, drift: bool, pull_request: str | None = None) -> Page:
    """The page of this plan, or of drift (from `drift_of`). `title` replaces the first words of the heading."""
    parts = SpecParts.of(view.actions, drift=drift)
    listed = enumerate(view.actions[:LINES], start=1)
    specs = tuple(parts.part(number, action) if number <= SECTIONS else parts.line(number, action) for number, action in listed)
    return Page(
        heading=title or ("Drift" if drift else "Plan"),
        drift=drift,
        target=view.target.name,
        facts=tuple(_facts(view, pull_request, drift=drift)),
        summary=_drift_summary(view) if drift else _plan_summary(view),
        causes=cause_words(view.summary) if view.actions and not drift else "",
        verdict=f"apply refuses this plan: {counted(view.errors)}" if view.errors and not drift else "",
        problems=tuple(problem_parts(view.problems)),
        breaking=None if drift else _mentions("spec", view, _broken),
        irreversible=None if drift else _mentions("create", view, _created),
        shared=None if drift else _mentions("shared flow spec", view, _shared),
        waiting=None if drift else waiting_part(view),
        filters=filters_of(specs),
        specs=specs,
        sections=SECTIONS,
        left_out=changes_left_out(len(view.actions), max(len(view.actions) - LINES, 0)),
        left="repository" if drift else "live",
        right="live" if drift else "repository",
    )


def changes_left_out(specs: int, unlisted: int = 0) -> str:
    """Words that count the specs without a section, and those of them that have no line either; empty if each has a section."""
    if specs <= SECTIONS:
        return ""
    nor_listed = f", {count(unlisted, 'of them is', 'of them are')} not listed either" if unlisted else ""
    return f"… the changes of {count(specs - SECTIONS, 'more spec')} are not shown{nor_listed} (the JSON report has all)"


def _plan_summary(view: PlanView) -> str:
    words = summary_words(view.summary)
    if view.actions or view.errors:
        return words
    return f"nothing to do{' yet' if view.waiting else ''}: {words}"


def _drift_summary(view: PlanView) -> str:
    if not view.actions:
        return "no drift found, but the check is incomplete" if view.errors else "no drift"
    return difference_words(view)


def _facts(view: PlanView, pull_request: str | None, *, drift: bool) -> Iterable[tuple[str, str]]:
    yield "target", view.target.name
    yield "host", view.target.host
    yield "organization", view.target.org_id
    yield "sandbox", view.target.sandbox
    yield "repository", view.repository
    yield "commit", view.commit or "not recorded"
    if pull_request:
        yield "pull request", f"#{pull_request}"
    if moments := [action.updated_at for action in view.actions if action.updated_at is not None]:
        yield "last live change", moment_of_service(max(moments))  # the plan's own evidence: the same plan has the same page
    if view.options.keys:
        yield "keys", ", ".join(view.options.keys)
    if view.options.prune:
        yield "with", "--prune"
    if not drift:
        yield "digest", view.digest


def problem_parts(problems: tuple[AnyProblem, ...]) -> Iterable[ProblemsPart]:
    """The problems by severity, errors first, each group bounded."""
    for severity in _SEVERITIES:
        if found := [problem for problem in problems if problem.severity is severity]:
            more = len(found) - _PROBLEMS
            left_out = f"… {more} more (the JSON report has all)" if more > 0 else ""
            words = f"{len(found)} for information" if severity is Severity.INFO else count(len(found), severity.value)
            yield ProblemsPart(severity.value, words, tuple(_problem(problem) for problem in found[:_PROBLEMS]), left_out)


def _problem(problem: AnyProblem) -> ProblemPart:
    return ProblemPart(
        place=place_words(problem.file, problem.line, problem.column),
        message=problem.message,
        code=problem.code,
        hint=hint_lines(problem.hint) if problem.hint else (),
    )


def hint_lines(hint: str) -> tuple[str, ...]:
    """The lines of a hint, as many as a page has room for."""
    lines = hint.rstrip("\n").split("\n")
    more = len(lines) - _HINT
    return (*lines[:_HINT], f"… {count(more, 'more line')}") if more > 0 else tuple(lines)


def _created(action: ActionView) -> str | None:
    if action.action is not ActionName.CREATE:
        return None
    evidence = (tried_sentence(action.tried), proved_sentence(action.proved))
    return ", ".join([action.kind.words, *(said for said in evidence if said)])


def _broken(action: ActionView) -> str | None:
    return action.effects[0].reason if action.level is Level.BREAKING else None


def _shared(action: ActionView) -> str | None:
    counts = ((len(action.attaches), "to attach"), (len(action.detaches), "to detach"))
    return ", ".join(f"{count(ids, 'id')} {what}" for ids, what in counts if ids) if action.is_shared else None


def _mentions(what: str, view: PlanView, words_of: Callable[[ActionView], str | None]) -> Mentions | None:
    """The specs to mention; None if there are none."""
    found = [
        Mention(f"spec-{number}", title_of(action), words)
        for number, action in enumerate(view.actions, start=1)
        if (words := words_of(action)) is not None
    ]
    more = len(found) - _LISTED
    rest = f"and {more} more, in the list below" if more > 0 else ""
    return Mentions(count(len(found), what), tuple(found[:_LISTED]), rest) if found else None


def filters_of(specs: tuple[SpecPart, ...]) -> tuple[FilterPart, ...]:
    """The states that occur; none if all specs have the same ones, since a filter would select nothing."""
    found = Counter(state for spec in specs for state in spec.states)
    if all(number == len(specs) for number in found.values()):
        return ()
    return tuple(FilterPart(state, found[state]) for state in STATES if found[state])
