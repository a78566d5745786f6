"""Phrases that text reports share: targets, specs, places, authors and times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.wording.moments import moment_of_service

if TYPE_CHECKING:  # `validate` makes no plan
    from reconciler.planning.plan import PlanTarget
    from reconciler.planning.summary import Summary


def show_target(text: Text, target: PlanTarget) -> None:
    """Add the line with which every report begins."""
    text.line(Part(f"target {target.name}", Style.STRONG), f" · {target.host} · org {target.org_id} · sandbox {target.sandbox}")


def by_whom(updated_by: str | None, updated_at: int | None) -> str:
    """Who changed a spec and when, according to the service."""
    return f"by {updated_by or 'an unknown account'} at {moment_of_service(updated_at)}"


def spec_words(kind: Kind, key: str | None, name: str) -> str:
    """A spec in a line: `connection spec mailchimp-members "MailChimp Members"`."""
    if key is None:
        return f'{kind.words} "{name}"'
    return f"{kind.words} {key}" if key == name else f'{kind.words} {key} "{name}"'


def place_words(file: str | None, line: int | None, column: int | None = None) -> str:
    """`file:line:column`, as far as it is known; empty without a file."""
    if file is None:
        return ""
    return ":".join([file, *(str(number) for number in (line, column) if number is not None)])


def summary_words(summary: Summary) -> str:
    """The counts that are not zero, on one line."""
    said = [
        f"{number} {words}"
        for number, words in (
            (summary.create, "to create"),
            (summary.update, "to update"),
            (summary.attach, "id to attach" if summary.attach == 1 else "ids to attach"),
            (summary.detach, "id to detach" if summary.detach == 1 else "ids to detach"),
            (summary.in_sync, "in sync"),
            (summary.orphan, "orphaned"),
            (summary.ahead, "ahead"),
            (summary.error, "in error"),
        )
        if number
    ]
    return ", ".join(said) or "no specs"


def cause_words(summary: Summary) -> str:
    """The number of actions for each cause, and of breaking and risky specs; empty if there are none."""
    counts = (
        (summary.drift, "drift"),
        (summary.pending, "pending"),
        (summary.both, "drift and pending"),
        (summary.breaking, "breaking"),
        (summary.risky, "risky"),
    )
    return ", ".join(f"{number} {word}" for number, word in counts if number)


def cause_sentence(cause: Cause | None, updated_by: str | None, updated_at: int | None) -> str | None:
    """An explanation of an action's cause for the reader; None if it needs none."""
    who = by_whom(updated_by, updated_at)
    match cause:
        case Cause.DRIFT:
            return f"drift: changed in Flow Service {who}"
        case Cause.BOTH:
            return f"drift and pending: changed in Flow Service {who}, and in the repository"
        case Cause.UNKNOWN:
            last = "Flow Service shows no last change" if updated_by is None and updated_at is None else f"last changed {who}"
            return f"cause unknown: cannot tell which side changed; {last}"
        case Cause.UNCONFIRMED:
            return f"unconfirmed: this client wrote it last, {who}, but live differs from the file as it was applied"
        case Cause.OWNERSHIP:
            return "ownership: only the marker changes"
        case Cause.PENDING:
            return "pending: the repository is ahead of live"
        case None:
            return None


def target_words(target: str, targets: Sequence[str]) -> str:
    """What a report is for: several targets, one, or none."""
    if targets:
        return f"target {targets[0]}" if len(targets) == 1 else f"{len(targets)} targets"
    return f"target {target}" if target else "no target"
