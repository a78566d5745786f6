"""`python -m tests.bench.rendering [ACTIONS]`: processor seconds and bytes of each report of a plan, of an apply and of fifty targets.

The floor is the plan as JSON, which the standard library only encodes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from reconciler.planning.plan import Action
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.view import view_of
from tests.bench.generate import body, key_of
from tests.reports.plans import change, create, plan
from tests.reports.test_work import APPLY, FLEET, PLAN, TARGETS, applied, edited, fleet

ACTIONS: Final = 10_000
MOST: Final[Mapping[str, float]] = {"text": 1.0, "Markdown": 0.2, "HTML": 2.0}
"""Processor seconds that a report of ten thousand actions may take."""
_HEADING: Final = f"{'rendering':<44} {'cpu s':>8} {'MB':>8} {'most s':>7}"


@dataclass(frozen=True, slots=True)
class Rendering:
    """One report: its processor seconds, its size, and the most seconds that it may take, if that is set."""

    name: str
    seconds: float
    size: int
    most: float | None = None


def measure_renderings(actions: int) -> Iterator[Rendering]:
    """Each report of this many actions; those over several targets divide them among themselves."""
    for what, action in (("creates", _created), ("edits", edited)):
        made = plan(*map(action, range(actions)))
        view, document = view_of(made), json.loads(render_plan_json(view_of(made)))
        yield _timed(f"floor: encode {actions:,} {what}", partial(json.dumps, document), None)
        for form, render in PLAN.items():
            yield _timed(f"plan, {actions:,} {what}, {form}", partial(render, view), MOST.get(form))
    report = applied(actions)
    for form, show in APPLY.items():
        yield _timed(f"apply, {actions:,} specs, {form}", partial(show, report), MOST.get(form))
    over = fleet(TARGETS, max(actions // TARGETS, 1))
    for form, draw in FLEET.items():
        yield _timed(f"plan, {actions // TARGETS:,} edits in {TARGETS} targets, {form}", partial(draw, over), MOST.get(form))


def rendering_lines(renderings: Iterator[Rendering]) -> Iterator[str]:
    """The table; `!` marks what takes longer than it may."""
    yield _HEADING
    for one in renderings:
        most, mark = ("", "") if one.most is None else (f"{one.most:g}", " !" if one.seconds > one.most else "")
        yield f"{one.name:<44} {one.seconds:>8.2f} {one.size / 1e6:>8.2f} {most:>7}{mark}".rstrip()


def _created(number: int) -> Action:
    """A create of a whole spec of about 8 KB."""
    made = (change("add", f"/{name}", new=value) for name, value in body(number).items())
    return create(key_of(number), *made, name=f"Bench source {number}")


def _timed(name: str, render: Callable[[], str], most: float | None) -> Rendering:
    start = time.process_time()
    text = render()
    return Rendering(name, time.process_time() - start, len(text.encode()), most)


if __name__ == "__main__":
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else ACTIONS
    for line in rendering_lines(measure_renderings(asked)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
