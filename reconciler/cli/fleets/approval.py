"""What is checked over all targets of an apply, and the one question before it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.cli.options.plan import PlanFlags
from reconciler.cli.shell import Shell
from reconciler.cli.terminal.output import tell, wants_color
from reconciler.cli.terminal.questions import is_confirmed, somebody_is_there
from reconciler.errors import Problem, Refused, Severity, UsageError, count
from reconciler.planning.fleet import TargetPlan
from reconciler.planning.summary import Summary
from reconciler.reports.sinks.text import Part, Style, Text
from reconciler.settings.values import Safety

_NAMED: Final = 20
"""Maximum number of targets named for their creates; the others are counted."""


class OverLimit(Refused):
    """The run would do more over all its targets than the limits allow; `problems` has a line for each limit."""

    def __init__(self, message: str, *, hint: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(message, hint=hint)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit over all targets: what it counts, the code of what exceeds it, the most, and the flag that sets it."""

    word: str
    code: str
    most: int | None
    flag: str


def check_sums(plans: Sequence[TargetPlan], safety: Safety, asked: PlanFlags) -> None:
    """Raises OverLimit if the targets together have more creates, updates or detaches than the run may.

    The settings limit creates over all, since no create can be undone. A flag limits what it names over all.
    """
    usual = safety.max_creates if safety.fleet_max_creates is None else safety.fleet_max_creates
    limits = (
        _Limit("create", "too-many-creates", usual if asked.max_creates is None else asked.max_creates, "--max-creates"),
        _Limit("update", "too-many-updates", asked.max_updates, "--max-updates"),
        _Limit("detach", "too-many-detaches", asked.max_detaches, "--max-detaches"),
    )
    over = [(limit, number) for limit in limits if limit.most is not None and (number := _sum(plans, limit.word)) > limit.most]
    if over:
        said = "; ".join(f"{count(number, limit.word)} over all targets, but at most {limit.most}" for limit, number in over)
        raise OverLimit(
            f"nothing was written: {said}",
            hint=f"review them, then allow that many: {' '.join(f'{limit.flag} {number}' for limit, number in over)}",
            problems=tuple(problem for limit, _ in over for problem in _counts(plans, limit)),
        )


def _counts(plans: Sequence[TargetPlan], limit: _Limit) -> Iterator[Problem]:
    for name, summary in _summaries(plans):
        if number := getattr(summary, limit.word):
            hint = f"`reconciler --target {name} plan` shows them"
            yield Problem(Severity.ERROR, limit.code, f"{name}: {count(number, limit.word)}", hint=hint)


def _sum(plans: Sequence[TargetPlan], word: str) -> int:
    return sum(getattr(summary, word) for _, summary in _summaries(plans))


def _summaries(plans: Sequence[TargetPlan]) -> Iterator[tuple[str, Summary]]:
    return ((one.name, one.plan.summary) for one in plans if one.plan is not None)


def ask(shell: Shell, plans: Sequence[TargetPlan]) -> None:
    """Ask once for all targets. Raises UsageError without a terminal, and Refused for any answer but 'yes'."""
    if not somebody_is_there():
        raise UsageError(
            "nothing was written: there is no terminal to confirm on",
            hint="use --yes to continue without confirmation; add --expect DIGEST to allow only the plans you reviewed",
        )
    question = Text(color=wants_color(sys.stderr, shell.environ))
    created = [(name, summary.create) for name, summary in _summaries(plans) if summary.create]
    if created:
        named = ", ".join(f"{name} {number}" for name, number in created[:_NAMED])
        more = f" and {len(created) - _NAMED} more targets" if len(created) > _NAMED else ""
        total = count(sum(number for _, number in created), "create")
        question.line(Part(f"{total}, permanent, cannot be deleted once created: {named}{more}", Style.GRAVE))
    question.line(Part(f"Apply to {count(len(plans), 'target')}.", Style.STRONG), " Type 'yes':")
    tell(question.render().rstrip("\n") + " ", fit=True)
    if not is_confirmed():
        raise Refused("nothing was written: the answer was not 'yes'", hint="run apply again, and answer 'yes' to confirm")
