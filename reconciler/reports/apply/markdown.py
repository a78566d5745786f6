"""The result of an apply, as Markdown. It replaces the comment of its plan: outcome and failures come first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from reconciler.applying.outcome import OutcomeName
from reconciler.errors import count
from reconciler.reports.apply.text import is_named
from reconciler.reports.apply.view import ApplyView, FailureView, ResultView
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.plan.markdown_specs import add_details, add_specs, add_title, counts
from reconciler.reports.plan.renamed_entries import show_renames
from reconciler.reports.plan.waiting_markdown import waiting_section
from reconciler.reports.problems.markdown import problems_section, with_hint
from reconciler.reports.problems.view import ErrorView, NoPlanView
from reconciler.reports.sinks.markdown import (
    MESSAGE,
    NAME,
    POINTER,
    Blocks,
    FileLinks,
    bullet,
    code,
    fence,
    left_out,
    link,
    marker,
    no_links,
    section,
    specs_left_out,
    table_row,
    table_section,
)
from reconciler.reports.sinks.prose import prose

_HEADINGS: Final = ("outcome", "spec", "name", "id", "requests")
_STALE: Final = "stale-"
_COMMAND: Final = 1_000
"""Maximum number of characters of a command. A longer one is left out, because a truncated command does not work."""
_PLACES: Final = 10
"""Maximum number of pointers, and of lines that accept a difference, shown for one spec."""
_ORDER: Final = (
    OutcomeName.FAILED,
    OutcomeName.UNKNOWN,
    OutcomeName.NOT_CONVERGED,
    OutcomeName.SKIPPED,
    OutcomeName.DETACHED,
    OutcomeName.CREATED,
    OutcomeName.ATTACHED,
    OutcomeName.UPDATED,
    OutcomeName.IN_SYNC,
)


def render_apply_markdown(
    view: ApplyView,
    *,
    links: FileLinks = no_links,
    specs: str = "specs",
    limit: int = LIMIT,
    commit: str | None = None,
    run_url: str | None = None,
) -> str:
    """The result of an apply, in at most `limit` bytes (2,000 or more). `commit` is the applied commit, else the plan's."""
    at = commit or (view.plan.commit if view.plan else None)
    body = Blocks(limit, marker("plan", view.target.name, specs), _ending(view.digest, at, run_url))
    if view.error:
        _add_refusal(body, view, view.error, links)
    else:
        _add_outcome(body, view, links)
    return body.render()


def render_failure_markdown(
    view: NoPlanView,
    *,
    target: str,
    links: FileLinks = no_links,
    specs: str = "specs",
    limit: int = LIMIT,
    run_url: str | None = None,
) -> str:
    """Why there is no plan for this target, in at most `limit` bytes (2,000 or more)."""
    body = Blocks(limit, marker("plan", target, specs), link("this run", run_url) if run_url else "")
    body.add(f"**Planning failed** for {code(target)}")
    _add_error(body, view.error)
    body.add(problems_section("Problems", view.problems, links, body.room))
    return body.render()


def _ending(digest: str, commit: str | None, run_url: str | None) -> str:
    facts = (f"digest {code(digest)}", f"commit {code(commit)}" if commit else "", link("this run", run_url) if run_url else "")
    return " · ".join(fact for fact in facts if fact)


def _add_error(body: Blocks, error: ErrorView) -> None:
    """Add the error as a paragraph, and a long hint as a block; both are truncated if there is little room."""
    for length, hint in ((MESSAGE, error.hint), (NAME, error.hint), (NAME, None)):
        said = f"{prose(error.message, length)} ({code(error.code)})"
        if body.add("\n\n".join(part for part in with_hint(said, hint, length) if part)):
            return


def _add_refusal(body: Blocks, view: ApplyView, error: ErrorView, links: FileLinks) -> None:
    stale = [problem for problem in view.problems if problem.code.startswith(_STALE)]
    others = [problem for problem in view.problems if not problem.code.startswith(_STALE)]
    add_title(body, "Apply to", view.target)
    body.add("**Refused; nothing was written**")
    _add_error(body, error)
    body.add(problems_section("Differences from the reviewed plan", stale, links, body.room // 3))
    body.add(problems_section("Problems", others, links, body.room // 3))
    if view.plan and view.plan.actions:
        body.add(f"The current plan: {counts(view.plan.summary)}")
        add_specs(body, show_renames(view.plan), links)


def _add_outcome(body: Blocks, view: ApplyView, links: FileLinks) -> None:
    results = sorted(view.results, key=lambda result: _ORDER.index(result.outcome))
    bad = [result for result in results if not result.outcome.is_good]
    journal = f" · journal {code(view.journal, POINTER)}" if view.journal else ""
    warnings = [*(problem for result in view.results for problem in result.warnings), *view.problems]
    add_title(body, "Apply to", view.target)
    body.add(f"**{_title(view)}** · {_counts(results)}{journal}")
    body.add(section("What failed", bad, failed_item, failed_left_out, body.room // 2))
    body.add(waiting_section(view.waiting, body.room // 3))
    body.add(problems_section("Warnings", warnings, links, body.room // 3))
    changed = [result for result in results if result.outcome is not OutcomeName.IN_SYNC]
    body.add(
        table_section(
            "Outcomes", _HEADINGS, changed, _row, specs_left_out("more spec", " omitted from this table"), body.room // 2
        )
    )
    if view.plan:
        add_details(body, show_renames(view.plan), "Planned changes")


def _title(view: ApplyView) -> str:
    if said := view.while_waiting:
        return said[:1].upper() + said[1:]
    return "Applied" if view.converged else "Not converged"


def _counts(results: Sequence[ResultView]) -> str:
    outcomes = Counter(result.outcome for result in results)
    return ", ".join(f"{outcomes[name]:,} {name.words}" for name in _ORDER if outcomes[name]) or "nothing to do"


def failed_item(result: ResultView, where: str = "") -> str:
    """One failed spec: the service's message, where live still differs, and the next step. `where` is Markdown after its name."""
    name = f" {code(result.name)}" if result.key not in (None, result.name) else ""
    spec = f"**{result.outcome.words}** {result.kind.words} {code(result.key or result.name)}{name}{where}"
    said = f"{spec} {code(result.id)}" if result.id else spec
    return bullet(*_failure(said, result.error)) if result.error else bullet(said)


def _failure(said: str, failure: FailureView) -> tuple[str, ...]:
    facts = (("status", failure.status), ("code", failure.server_code), ("request id", failure.request_id))
    untold = () if is_named(failure.request_id, failure.message) else facts
    service = ", ".join(f"{name} {code(str(value))}" for name, value in untold if value is not None)
    lines = (
        said,
        f"{prose(failure.message)} ({code(failure.code)})",
        service,
        f"live still differs at {_places(failure.pointers)}" if failure.pointers else "",
    )
    told, more = with_hint("\\\n".join(line for line in lines if line), failure.hint)
    accept = ("to accept the difference, add to the file:", fence(_first(failure.ignore), "yaml")) if failure.ignore else ()
    undo = (
        ("to preview restoring the previous body:", fence([failure.undo], "sh"))
        if failure.undo and len(failure.undo) <= _COMMAND
        else ()
    )
    return (told, more, *accept, *undo)


def _places(pointers: Sequence[str]) -> str:
    more = f" and {len(pointers) - _PLACES:,} more" if len(pointers) > _PLACES else ""
    return ", ".join(code(pointer, POINTER) for pointer in pointers[:_PLACES]) + more


def _first(lines: Sequence[str]) -> list[str]:
    shown = [line[:MESSAGE] for line in lines[:_PLACES]]
    return [*shown, f"# … {len(lines) - _PLACES:,} more"] if len(lines) > _PLACES else shown


def failed_left_out(results: Sequence[ResultView], room: int) -> str:
    """How many failed specs are left out, by outcome, and their names as far as there is room."""
    outcomes = _counts(results)
    return left_out(f"{count(len(results), 'more spec')} ({outcomes})", [result.key or result.name for result in results], room)


def _row(result: ResultView) -> str:
    requests = ", ".join(f"{request.method} {request.status or 'no response'}" for request in result.requests[-_PLACES:])
    return table_row(
        (
            result.outcome.words,
            f"{result.kind.words} {code(result.key)}" if result.key else result.kind.words,
            code(result.name),
            code(result.id) if result.id else "",
            code(requests) if requests else "",
        )
    )
