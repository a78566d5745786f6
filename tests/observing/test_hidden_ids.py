"""Ids that a shared flow spec holds and no list shows: whatever is answered for them, the plan of everything else stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.emulator import Behaviour, Fault
from reconciler.errors import Problem, ServiceError
from reconciler.planning.plan import ActionName, Plan
from tests.applying.world import World, changed
from tests.planning.situations import connection, spec_id

FLOW = "RestStorageToAEP"
ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("returned 400", {"status": 400, "body": "{}"}),
    ("returned 401", {"status": 401, "body": "{}"}),
    ("returned 403", {"status": 403, "body": "{}"}),
    ("returned 2118-403", {"status": 403, "code": "2118-403"}),
    ("returned 403010", {"status": 403, "code": "403010"}),
    ("returned 404", {"status": 404, "body": "{}"}),
    ("returned 9999-404", {"status": 404, "code": "9999-404"}),
    ("returned 405", {"status": 405, "body": "{}"}),
    ("returned 410", {"status": 410, "body": "{}"}),
    ("returned 500", {"status": 500, "body": "{}"}),
    ("returned 503", {"status": 503, "body": "{}"}),
    ("returned 302", {"status": 302, "body": "", "location": "https://elsewhere.example/"}),
    ("returned something other than a spec", {"status": 200, "body": "{}"}),
    ("returned something other than a spec", {"status": 200, "body": '{"items": []}'}),
    ("returned something other than a spec", {"status": 200, "body": "<html>"}),
    ("without a response", {"break_off": "before"}),
]


def source(key: str, **body: object) -> Any:
    return connection(key, flow_specs=[FLOW], **{"sourceSpec": {"x": 1}, **body})


def world_with(tmp_path: Path, *answers: dict[str, Any]) -> World:
    """One spec that is applied and edited, one that is new, and for each answer an id of somebody's that is answered that way."""
    world = World(tmp_path, [source("a")])
    world.apply()
    for number in range(len(answers)):
        world.attach(spec_id(100 + number))
    faults = [
        Fault(path=f"/connectionSpecs/{spec_id(100 + number)}", method="GET", **rest) for number, rest in enumerate(answers)
    ]
    world.emulator.service.faults.set(faults)
    world.files = [changed(world.files[0], sourceSpec={"x": 2}), source("b", sourceSpec={"y": [1, 2, 3]})]
    return world


def hidden(made: Plan) -> Problem:
    (problem,) = (problem for problem in made.problems if problem.code == "hidden-ids")
    return problem


@pytest.mark.parametrize(("code", "answer"), ANSWERS)
def test_whatever_a_hidden_id_is_answered_with_is_one_warning(tmp_path: Path, code: str, answer: dict[str, Any]) -> None:
    made = world_with(tmp_path, answer).plan()
    assert (made.errors, [action.action for action in made.actions]) == (
        (),
        [ActionName.UPDATE, ActionName.CREATE, ActionName.ATTACH],
    )
    assert f"hold 1 id that this credential cannot read (1 {code})" in hidden(made).message


def test_the_warning_counts_the_answers(tmp_path: Path) -> None:
    made = world_with(
        tmp_path, {"status": 403, "code": "2118-403"}, {"status": 404, "body": "{}"}, {"status": 403, "code": "2118-403"}
    ).plan()
    assert "hold 3 ids" in hidden(made).message
    assert "2 returned 2118-403" in hidden(made).message


def test_an_answers_own_code_is_repeated_only_in_the_form_of_a_code(tmp_path: Path) -> None:
    made = world_with(tmp_path, {"status": 403, "body": '{"error_code": "s3cret", "message": "s3cret"}'}).plan()
    assert "(1 returned 403)" in hidden(made).message


def test_after_three_answers_that_did_not_come_no_more_are_waited_for(tmp_path: Path) -> None:
    world = world_with(tmp_path, *[{"status": 500, "body": "{}"}] * 9)
    made = world.plan()
    assert "3 returned 500, 6 skipped" in hidden(made).message
    assert sum(world.clock.slept) < 4 * world.network.deadline


def test_a_refusal_of_some_does_not_keep_our_own_from_being_found(tmp_path: Path) -> None:
    world = world_with(tmp_path, *[{"status": 403}] * 5)
    (ours,) = world.ours()["a"]
    world.emulator.service.behaviour = Behaviour(unlisted=(ours,))
    assert [action.id for action in world.plan().actions if action.key == "a"] == [ours]


def test_with_nothing_to_create_no_hidden_id_is_looked_at(tmp_path: Path) -> None:
    world = world_with(tmp_path, {"status": 500})
    world.files = world.files[:1]
    assert [problem.code for problem in world.plan().problems] == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410])
def test_a_pinned_id_that_is_refused_is_a_problem_of_its_own_spec(tmp_path: Path, status: int) -> None:
    world = world_with(tmp_path)
    world.emulator.service.faults.set([Fault(path=f"/connectionSpecs/{spec_id(100)}", method="GET", status=status, body="{}")])
    world.files.append(source("pinned", pinned_id=spec_id(100)))
    assert [(problem.code, problem.key) for problem in world.plan().errors] == [("pinned-id-not-found", "pinned")]
    assert world.plan(keys=("a",)).errors == ()


@pytest.mark.parametrize("status", [429, 500])
def test_a_pinned_id_whose_answer_may_pass_ends_the_plan(tmp_path: Path, status: int) -> None:
    world = world_with(tmp_path)
    world.emulator.service.faults.set([Fault(path=f"/connectionSpecs/{spec_id(100)}", method="GET", status=status, body="{}")])
    world.files.append(source("pinned", pinned_id=spec_id(100)))
    with pytest.raises(ServiceError):
        world.plan()
