"""Several targets as Markdown, for one comment, issue or job summary: bounded in size, the state and digest of each target first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.errors import Severity, count
from reconciler.reports.failed_in_targets import failed_specs, refusals
from reconciler.reports.fleet.columns import (
    MOST_COLUMNS,
    TARGET_WORDS,
    WORDS,
    by_state,
    cells_of,
    each_target,
    grouped,
    heading,
    is_quiet,
    quiet_words,
    unread_targets,
)
from reconciler.reports.fleet.markdown_changes import changes_section, where_words
from reconciler.reports.fleet.shared_by import (
    creates,
    failures_by_reason,
    problems_by_targets,
    waits_by_targets,
)
from reconciler.reports.fleet.view import CellState, FleetView, Row, TargetState, TargetView
from reconciler.reports.plan.markdown import LIMIT
from reconciler.reports.problems.markdown import problem_item, problems_section, with_hint
from reconciler.reports.problems.view import ProblemView
from reconciler.reports.sinks.markdown import (
    NOTE,
    Blocks,
    FileLinks,
    bounded,
    bullet,
    code,
    details,
    fence,
    fleet_marker,
    left_out,
    listed,
    names_words,
    no_links,
    section,
    size,
    specs_left_out,
    table,
    table_row,
    table_section,
)
from reconciler.reports.sinks.prose import prose
from reconciler.reports.sinks.text import table as aligned

_TITLES: Final = {
    "plan": "Plan for",
    "drift": "Drift in",
    "status": "Status of",
    "apply": "Apply to",
    "gates": "Gates of",
}
_QUIET: Final = {"plan": "nothing to do", "drift": "no drift", "apply": "nothing to do"}
_HEADINGS: Final = ("target", "state", "digest")
_DIGEST: Final = 12
"""Characters of a digest where whole ones do not fit."""


@dataclass(frozen=True, slots=True)
class FleetMarkdown:
    """How to render. `specs` is the folder of the spec files; it and the repository form the hidden marker.

    `next_step` is Markdown from the caller. `problems` are those of the report itself, such as a file that could not be merged.
    `limit` is in bytes, 2,000 or more.
    """

    links: FileLinks = no_links
    specs: str = "specs"
    limit: int = LIMIT
    next_step: str | None = None
    problems: tuple[ProblemView, ...] = ()


def render_fleet_markdown(view: FleetView, given: FleetMarkdown) -> str:
    """The report in at most `limit` bytes. What does not fit is counted, and named if there is room.

    The targets with their states and digests come first, and are not cut for up to 256 of them. Changes are cut first, then rows.
    """
    kind = "plan" if view.report == "apply" else view.report  # the report of an apply replaces that of its plans
    opening = fleet_marker(kind, view.repository, given.specs)
    if _is_quiet(view) and not given.problems:
        body = Blocks(given.limit, opening)
        body.add(_quiet(view))
        _add_problems(body, view, given, body.room)
        return body.render()
    body = Blocks(given.limit, opening, _ending(view, given.next_step))
    body.add(f"### {_TITLES.get(view.report, 'Report on')} {count(len(view.targets), 'target')}")
    body.add(_counts(view))
    body.add(problems_section("Reports", given.problems, given.links, body.room // 8))
    body.add(_targets_section(view.targets, body.room))
    body.add(_failures(view, body.room // 5))
    if view.report == "apply":
        reports = [(one.name, one.report) for one in view.targets if one.exit_code]
        told = {name: plan.problems for name, plan in view.plans.items()}
        body.add(refusals(reports, told, given.links, body.room // 4))
        body.add(failed_specs(reports, body.room // 3))
    _add_problems(body, view, given, body.room // 3)
    body.add(_permanent(view, body.room // 6))
    body.add(_waiting(view, body.room // 4))
    _add_matrix_and_changes(body, view)
    return body.render()


def _is_quiet(view: FleetView) -> bool:
    return (
        all(target.state is TargetState.IN_SYNC for target in view.targets)
        and view.report in _QUIET
        and not any(plan.errors for plan in view.plans.values())
    )


def _quiet(view: FleetView) -> str:
    said = f"**reconciler** {count(len(view.targets), 'target')} · {_QUIET[view.report]}: {_in_sync(view)} in sync"
    return f"{said} · digest {code(view.digest)}" if view.report == "plan" else said


def _in_sync(view: FleetView) -> str:
    return count(len(view.matrix), "spec")


def _ending(view: FleetView, next_step: str | None) -> str:
    commit = f" · commit {code(view.commit)}" if view.commit else ""
    return "\n\n".join(part for part in (f"digest {code(view.digest)}{commit}", next_step) if part)


def _counts(view: FleetView) -> str:
    said = [f"{len(names)} {TARGET_WORDS[state]}" for state, names in by_state(view.targets).items()]
    failed = sum(target.state is TargetState.FAILED for target in view.targets)
    is_incomplete = failed and view.report != "apply"
    tail = f"\\\n**{count(failed, 'target')} failed, so this report is not complete.**" if is_incomplete else ""
    return f"**{', '.join(said)}**{tail}"


def _targets_section(targets: Sequence[TargetView], room: int) -> str:
    """The state and digest of each target: those that need something as a table, or as plain lines if a table would be too long."""
    quiet = [target.name for target in targets if target.state is TargetState.IN_SYNC]
    rest = [target for target in targets if target.state is not TargetState.IN_SYNC]
    rows = [table_row((code(one.name), TARGET_WORDS[one.state], code(one.digest) if one.digest else "")) for one in rest]
    parts = ["#### Targets"]
    if rows:
        parts.append(table(_HEADINGS, rows))
    if quiet:
        parts.append(f"In sync: {listed(quiet, room)}")
    block = "\n\n".join(parts)
    return block if size(block) <= room // 4 else _plain_targets(targets, room)


def _plain_targets(targets: Sequence[TargetView], room: int) -> str:
    """The same without markup, folded: whole digests, else their beginning, else as many targets as fit."""
    summary = f"{count(len(targets), 'target')} and their digests"
    for length in (None, _DIGEST):
        lines = aligned([(one.name, TARGET_WORDS[one.state], (one.digest or "")[:length]) for one in targets])
        block = _fenced(summary, [line.rstrip() for line in lines])
        if size(block) <= room * 4 // 5:
            return block
    empty = size(_fenced(summary, []))
    shown, note = bounded(lines, str, lambda left, _: f"… {count(len(left), 'more target')}", room // 2 - empty - NOTE)
    return _fenced(summary, [*shown, *([note] if note else [])])


def _fenced(summary: str, lines: Sequence[str]) -> str:
    return "#### Targets\n\n" + details(summary, fence(lines))


def _failures(view: FleetView, room: int) -> str:
    """The targets that could not be read, or were not applied, with the reason."""
    return section(
        "Not applied" if view.report == "apply" else "Not read",
        list(failures_by_reason(view).items()),
        lambda item: bullet(*with_hint(f"{names_words(item[1])}: {prose(item[0][0])}", item[0][1])),
        lambda left, _: f"… {count(len(left), 'more reason')}",
        room,
    )


def _add_problems(body: Blocks, view: FleetView, given: FleetMarkdown, room: int) -> None:
    """Add each problem once, with the targets that have it."""
    found = [(names, problem) for names, problems in problems_by_targets(view) for problem in problems]
    is_wrong = any(problem.severity is Severity.ERROR for _, problem in found)
    body.add(
        section(
            "Problems" if is_wrong else "Warnings",
            found,
            lambda item: problem_item(item[1], given.links) + f"\\\n  in {where_words(item[0], len(view.targets))}",
            lambda left, _: f"… {count(len(left), 'more problem')}",
            min(room, body.room),
        )
    )


def _waiting(view: FleetView, room: int) -> str:
    """What waits at a gate, with the reasons and the targets where it does."""
    found = [(names, waiting, wait) for names, several in waits_by_targets(view) for waiting in several for wait in waiting.waits]
    return section(
        "Waiting",
        found,
        lambda item: bullet(
            *with_hint(
                f"{code(item[1].action.key or item[1].action.name)} in {where_words(item[0], len(view.targets))}: "
                f"{item[2].gate}: {prose(item[2].message)}",
                item[2].hint,
            )
        ),
        lambda left, _: f"… {count(len(left), 'more reason')}",
        room,
    )


def _permanent(view: FleetView, room: int) -> str:
    if view.report != "plan" or not view.summary.creates:
        return ""
    head = f"#### Permanent\n\n{count(view.summary.creates, 'spec')} will be created; **a spec cannot be deleted once created**:"
    found = creates(view)
    lines, note = bounded(
        found,
        lambda one: bullet(f"{code(one.key or one.name)} in {where_words(one.targets, len(view.targets))}"),
        specs_left_out(),
        room - size(head) - 4,
    )
    return "\n\n".join(part for part in (head, "\n".join(lines), note) if part)


def _add_matrix_and_changes(body: Blocks, view: FleetView) -> None:
    """Add the table, then the changes. If both do not fit, changes have a third of the room at least."""
    unread = unread_targets(view)
    rows = [row for row in view.matrix if not is_quiet(row, unread)]
    body.add(_matrix(view, rows, body.room * 2 // 3 if view.variants else body.room))
    quiet = len(view.matrix) - len(rows)
    if quiet:
        body.add(f"{quiet_words(view, quiet)}.")
    if view.report != "status":
        body.add(changes_section(view, body.room))


def _matrix(view: FleetView, rows: Sequence[Row], room: int) -> str:
    columns = each_target(view) if len(view.targets) <= MOST_COLUMNS else grouped(view.targets)
    heads = ("spec", *(code(heading(name, names)) for name, names in columns.items()))
    return table_section(
        "Specs",
        heads,
        rows,
        lambda row: table_row((code(row.key), *map(_cell, cells_of(row, columns, behind=True)))),
        lambda left, bytes_left: left_out(
            f"{count(len(left), 'more spec')} omitted from this table", [row.key for row in left], bytes_left
        ),
        room,
    )


def _cell(words: str) -> str:
    return words if words == WORDS[CellState.UNKNOWN] else prose(words)
