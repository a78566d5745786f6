"""The gates of several targets as text: what may go on to each, and what waits for what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.documents.kinds import Kind
from reconciler.errors import count
from reconciler.planning.fleet import TargetPlan
from reconciler.planning.gate import Gate
from reconciler.planning.plan import Plan
from reconciler.reports.problems.text import show_hint, show_problems
from reconciler.reports.sinks.text import Part, Style, Text, width
from reconciler.settings.targets import Settings
from reconciler.wording.moments import span_words


def render_gates_text(settings: Settings, plans: Sequence[TargetPlan], *, color: bool = False) -> str:
    """Each target with the specs that would be written there and their gates, and the errors that keep its plan from being known."""
    text = Text(color=color)
    for one in plans:
        text.blank()
        text.line(Part(f"{one.name} · {_asked(settings, one.name)}", Style.STRONG))
        if one.plan is None:
            _show_failure(text, one)
        else:
            _show_plan(text, one.plan)
    return text.render()


def _show_plan(text: Text, plan: Plan) -> None:
    if plan.gates:
        _show_gates(text, plan)
    elif not plan.errors:
        text.line(f"  {count(len(plan.actions), 'change')} ready: no gate to pass" if plan.actions else "  nothing to do")
    show_problems(text, plan.errors)


def _asked(settings: Settings, name: str) -> str:
    target = settings.targets[name]
    if not target.after:
        return "after no other target"
    said = [f"after {', '.join(target.after)}"]
    said += [f"soak {span_words(target.soak)}"] if target.soak else []
    said += [f"proved in {', '.join(target.proved)}"] if target.proved else []
    return ", ".join(said)


def _show_failure(text: Text, one: TargetPlan) -> None:
    text.line(
        "  ", Part("error", Style.REMOVED), f": it could not be read: {one.error.message if one.error else 'no reason is known'}"
    )
    if one.error is not None and one.error.hint:
        show_hint(text, one.error.hint, indent=2)


def _show_gates(text: Text, plan: Plan) -> None:
    longest = max(width(_name(kind, key, plan.gates)) for kind, key in plan.gates)
    for (kind, key), gate in sorted(plan.gates.items(), key=lambda item: (item[1].is_ready, item[0])):
        name = _name(kind, key, plan.gates)
        lines = list(_lines(gate))
        space = " " * (longest - width(name))
        for index, line in enumerate(lines):
            text.line(f"  {name}{space}  {line}" if index == 0 else f"  {' ' * longest}  {line}")


def _name(kind: Kind, key: str, gates: Iterable[tuple[Kind, str]]) -> str:
    """The key; with its kind if specs of both kinds have it."""
    shared = sum(1 for _, other in gates if other == key) > 1
    return f"{key} ({kind.words})" if shared else key


def _lines(gate: Gate) -> Iterator[str]:
    for wait in gate.waits:
        yield f"waits: {wait.gate}: {wait.message}" + (f"; {wait.hint}" if wait.hint else "")
    if gate.is_ready:
        skipped = ", ".join(sorted({str(wait.gate) for wait in gate.skipped}))
        yield f"ready: {skipped} skipped" if skipped else "ready"


def waits(plans: Iterable[TargetPlan]) -> bool:
    """Whether something waits in one of these targets."""
    return any(not gate.is_ready for one in plans if one.plan is not None for gate in one.plan.gates.values())


def worth_a_job(one: TargetPlan) -> bool:
    """Whether a workflow has to enter the environment of this target: something is ready, or only its apply can say what is wrong."""
    return one.plan is None or bool(one.plan.actions or one.plan.errors)
