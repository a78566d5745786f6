"""The lines on standard error that say how an apply over several targets goes on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reconciler.applying.fleet import TargetEnd
from reconciler.applying.outcome import OutcomeName
from reconciler.cli.terminal.output import tell
from reconciler.cli.terminal.progress import ShownProgress
from reconciler.errors import ExitCode, count
from reconciler.planning.fleet import TargetPlan
from reconciler.reports.sinks.text import Part, Style, Text


@dataclass(slots=True)
class ToldOnStandardError:
    """A line when the turn of a target begins, and one when it ends. `number` is how many have something to do."""

    progress: ShownProgress
    number: int
    color: bool = False
    begun: int = 0

    def began(self, shown: TargetPlan) -> None:
        self.begun += 1
        actions = len(shown.plan.actions) if shown.plan else 0
        self._line(f"{shown.name}: applying {count(actions, 'change')} (target {self.begun} of {max(self.number, self.begun)})")

    def ended(self, end: TargetEnd) -> None:
        style = Style.ADDED if end.end.exit_code is ExitCode.DONE else Style.REMOVED
        self._line(f"{end.name}: ", Part(_outcome(end), style))

    def _line(self, *parts: str | Part) -> None:
        text = Text(color=self.color)
        text.line(*parts)
        self.progress.clear()
        tell(text.render(), fit=True)


def _outcome(end: TargetEnd) -> str:
    if end.report is None:
        return f"not applied: {end.error.message}" if end.error else "stopped before anything was written"
    outcomes = Counter(result.outcome for result in end.report.results)
    said = [f"{outcomes[name]} {name.words}" for name in OutcomeName if outcomes[name] and name is not OutcomeName.IN_SYNC]
    return ", ".join(said) or "nothing to do"
