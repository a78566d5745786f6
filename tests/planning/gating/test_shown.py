"""What waited when the plan was shown goes on waiting in the apply of it."""

from __future__ import annotations

import pytest

from reconciler.planning.gate import GateName
from reconciler.planning.gating.judging import Gating
from reconciler.reports.plan.json import render_plan_json
from reconciler.reports.plan.reading import read_plan
from reconciler.reports.plan.view import gates_shown, view_of
from tests.planning.gating.targets import MEMBERS, PRODS, UPSTREAMS


def test_what_waited_when_the_plan_was_shown_still_waits_though_the_gate_has_opened() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["drift"],)))
    again = PRODS["update"](Gating((UPSTREAMS["in sync"],), shown=shown.gates))
    assert (again.actions, again.digest) == ((), shown.digest)
    (wait,) = again.gates[MEMBERS].waits
    assert (wait.on, wait.gate, wait.message) == ("stage", GateName.SAME, "it waited when the plan was shown")
    assert again.waiting == shown.waiting


def test_what_was_ready_when_the_plan_was_shown_is_asked_about_anew() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["in sync"],)))
    assert PRODS["update"](Gating((UPSTREAMS["in sync"],), shown=shown.gates)).digest == shown.digest
    assert PRODS["update"](Gating((UPSTREAMS["drift"],), shown=shown.gates)).actions == ()


def test_what_still_waits_says_for_what_it_waits_now() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["drift"],)))
    again = PRODS["update"](Gating((UPSTREAMS["unreadable"],), shown=shown.gates))
    assert "could not be read" in again.gates[MEMBERS].waits[0].message


def test_a_skipped_gate_writes_nothing_that_waited_when_the_plan_was_shown() -> None:
    shown = PRODS["update"](Gating((UPSTREAMS["drift"],)))
    assert PRODS["update"](Gating((UPSTREAMS["drift"],), skips=frozenset({"same"}), shown=shown.gates)).actions == ()


@pytest.mark.parametrize("change", PRODS)
def test_what_waited_in_a_saved_plan_still_waits_though_the_gate_has_opened(change: str) -> None:
    shown = PRODS[change](Gating((UPSTREAMS["drift"],)))
    gates = gates_shown(read_plan(render_plan_json(view_of(shown)).encode(), "plan.json"))
    assert gates.keys() == {identity for identity, gate in shown.gates.items() if not gate.is_ready}
    again = PRODS[change](Gating((UPSTREAMS["in sync"],), shown=gates))
    assert (again.actions, again.digest) == (shown.actions, shown.digest)
