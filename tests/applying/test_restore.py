"""Restore: the bodies from before a run, put back under the same guards, with nobody's ids taken away."""

from __future__ import annotations

from pathlib import Path

import httpx

from reconciler.applying.outcome import OutcomeName
from reconciler.documents.json_text import Document, decode
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.emulator import Behaviour, Fault
from reconciler.planning.comparing.ownership import marker_of
from reconciler.planning.plan import ActionName, State
from tests.applying.restores import FLOW, OTHER, body_of, codes, journal_of, restoring, updated
from tests.applying.world import BATCH, World, changed, outcomes
from tests.journal.events import apply, carry_out
from tests.observing.test_unfinished import killed
from tests.planning.situations import connection, flow_file

# What is put back.


def test_a_restore_puts_the_body_and_the_marker_from_before_back(tmp_path: Path) -> None:
    world, found, before, journal = updated(tmp_path)
    plan = restoring(world, journal)
    assert [(change.op, change.path) for change in plan.actions[0].changes] == [
        ("replace", "/sourceSpec/x"),
        ("remove", "/added"),
        ("replace", "/attributes/reconciler"),
    ]
    assert outcomes(carry_out(world, plan)) == {"a": OutcomeName.UPDATED}
    assert body_of(world, found) == before
    assert world.writes() == [("PUT", f"/connectionSpecs/{found}")]


def test_what_the_server_manages_is_never_sent(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    sent: list[Document] = []
    world.tap.before = lambda request: sent.append(decode(request.content)) if request.method == "PUT" else None
    carry_out(world, restoring(world, journal))
    assert [SERVER_MANAGED & body.keys() for body in sent] == [set()]


def test_the_next_plan_tells_the_truth_the_repository_is_ahead_of_live(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    carry_out(world, restoring(world, journal))
    (action,) = world.plan().actions
    assert (action.key, action.cause) == ("a", "pending")


def test_reverting_the_file_too_makes_the_next_plan_quiet(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    carry_out(world, restoring(world, journal))
    world.files = [connection("a", flow_specs=[FLOW], sourceSpec={"x": 1}, notes="old")]
    assert world.plan().actions == ()


def test_a_body_that_is_live_as_it_was_is_nothing_to_do(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    carry_out(world, restoring(world, journal))
    world.forget_requests()
    plan = restoring(world, journal)
    report = carry_out(world, plan)
    assert (plan.actions, outcomes(report), report.exit_code, world.writes()) == ((), {"a": OutcomeName.IN_SYNC}, 0, [])
    assert [status.state for status in plan.specs] == [State.IN_SYNC]


def test_a_restore_can_be_restored(tmp_path: Path) -> None:
    world, found, _, journal = updated(tmp_path)
    after = body_of(world, found)
    report = carry_out(world, restoring(world, journal))
    assert carry_out(world, restoring(world, journal_of(report))).converged
    assert body_of(world, found) == after


def test_only_the_marker_goes_back_where_only_the_marker_was_written(tmp_path: Path) -> None:
    world = World(tmp_path)
    found = world.post(connection("a").body)
    world.files = [connection("a", adopt=True)]
    journal = journal_of(apply(world))
    plan = restoring(world, journal)
    assert [(change.op, change.path) for change in plan.actions[0].changes] == [("remove", "/attributes/reconciler")]
    assert carry_out(world, plan).converged
    assert marker_of(body_of(world, found)) is None


def test_of_several_puts_to_one_object_the_first_body_counts(tmp_path: Path) -> None:
    world, found, _, _ = updated(tmp_path, behaviour=Behaviour(drop_description=True))
    before = body_of(world, found)
    world.files = [changed(world.files[0], sourceSpec={"x": 3}, description="is not kept")]
    report = apply(world)
    assert [request.method for request in report.results[0].requests] == ["PUT", "PUT"]
    assert carry_out(world, restoring(world, journal_of(report))).converged
    assert body_of(world, found) == before


def test_a_marker_that_somebody_dropped_comes_back_with_the_body(tmp_path: Path) -> None:
    world, found, before, journal = updated(tmp_path)
    world.edit(found, lambda body: {name: value for name, value in body.items() if name != "attributes"})
    assert carry_out(world, restoring(world, journal)).converged
    assert body_of(world, found) == before


# Ids.


def test_ids_are_the_union_of_then_and_now(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW]), connection("b", flow_specs=[FLOW])])
    apply(world)
    world.files, gone = [world.files[0]], world.ours()["b"][0]
    pruned = world.plan(prune=True, max_detaches=1, allow_in_use=True)
    world.clock.time += 1
    journal = journal_of(carry_out(world, pruned))
    assert gone not in world.held()
    world.attach(OTHER)
    held = world.held()
    plan = restoring(world, journal)
    assert [(action.kind.value, action.action) for action in plan.actions] == [
        ("ConnectionSpec", ActionName.UPDATE),
        ("FlowSpec", ActionName.ATTACH),
    ]
    assert carry_out(world, plan).converged
    assert world.held() == [*held, gone]
    marker = marker_of(body_of(world, gone))
    assert marker is not None
    assert not marker.retired


def test_an_attachment_is_not_taken_back(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])])
    journal = journal_of(apply(world))
    held = world.held()
    plan = restoring(world, journal)
    assert (plan.actions, sorted(codes(plan))) == ((), ["as-before", "cannot-undo-create", "restore"])
    assert (carry_out(world, plan).converged, world.held()) == (True, held)


def test_other_sections_of_a_flow_spec_go_back_and_every_id_stays(tmp_path: Path) -> None:
    world = World(tmp_path, [flow_file(optionSpec={"a": 1}, sourceConnectionSpecIds=[OTHER])])
    apply(world)
    (flow,) = (body["id"] for body in world.live(Kind.FLOW_SPEC) if body["name"] == "own-flow")
    world.files = [flow_file(optionSpec={"a": 2}, sourceConnectionSpecIds=[OTHER, BATCH])]
    journal = journal_of(apply(world))
    assert carry_out(world, restoring(world, journal)).converged
    now = body_of(world, flow)
    assert (now["optionSpec"], now["sourceConnectionSpecIds"]) == ({"a": 1}, [OTHER, BATCH])


def test_an_id_that_is_attached_while_a_restore_runs_stays(tmp_path: Path) -> None:
    world = World(tmp_path, [flow_file(optionSpec={"a": 1})])
    apply(world)
    (flow,) = (body["id"] for body in world.live(Kind.FLOW_SPEC) if body["name"] == "own-flow")
    world.files = [flow_file(optionSpec={"a": 2})]
    plan = restoring(world, journal_of(apply(world)))
    world.edit(flow, lambda body: body | {"sourceConnectionSpecIds": [OTHER]})
    assert carry_out(world, plan).converged
    assert body_of(world, flow)["sourceConnectionSpecIds"] == [OTHER]


# Creates.


def test_a_create_cannot_be_undone_and_its_id_is_told(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    plan = restoring(world, journal_of(apply(world)))
    (problem,) = (problem for problem in plan.problems if problem.code == "cannot-undo-create")
    assert f"connection spec 'a' ({world.ours()['a'][0]}) was created by that run and cannot be deleted" in problem.message
    assert "`retired:` in reconciler.yaml" in (problem.hint or "")
    assert (plan.actions, plan.specs) == ((), ())


def test_the_put_that_settles_a_create_is_not_undone(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", description="is not kept")], Behaviour(drop_description=True))
    report = apply(world)
    assert [request.method for request in report.results[0].requests] == ["POST", "PUT"]
    assert restoring(world, journal_of(report)).actions == ()


def test_a_create_whose_answer_was_lost_is_told_as_such(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="before")])
    plan = restoring(world, journal_of(apply(world)))
    assert "(outcome and id unknown: there was no response)" in plan.problems[0].message


def test_a_create_that_was_refused_is_not_mentioned(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, status=400)])
    assert codes(restoring(world, journal_of(apply(world)))) == ["restore"]


# What was written, and what was not.


def test_a_put_that_was_refused_is_not_undone(tmp_path: Path) -> None:
    world, found, _, _ = updated(tmp_path)
    world.files = [changed(world.files[0], sourceSpec={"x": 3})]
    world.emulator.service.faults.set([Fault(path="/connectionSpecs/*", method="PUT", times=1, status=400)])
    journal = journal_of(apply(world))
    world.edit(found, lambda body: body | {"sourceSpec": {"x": 7}})
    plan = restoring(world, journal)
    assert (plan.actions, codes(plan)) == ((), ["restore"])


def test_a_rivals_work_between_a_refused_put_and_the_next_is_part_of_before(tmp_path: Path) -> None:
    world, found, _, _ = updated(tmp_path, behaviour=Behaviour(etags=True))
    world.files = [changed(world.files[0], sourceSpec={"x": 3})]
    raced: list[bool] = []

    def race(request: httpx.Request) -> None:
        if request.method == "PUT" and not raced:
            raced.append(True)
            world.edit(found, lambda body: body | {"theirs": 1})

    world.tap.before = race
    journal = journal_of(apply(world))
    assert raced
    assert carry_out(world, restoring(world, journal)).converged
    assert body_of(world, found)["theirs"] == 1


def test_the_journal_of_a_killed_run_can_be_restored(tmp_path: Path) -> None:
    world, found, _, _ = updated(tmp_path)
    middle = body_of(world, found)
    world.files = [changed(world.files[0], sourceSpec={"x": 3})]
    killed(world, "PUT", found)
    journal = max((tmp_path / ".reconciler" / "journal").iterdir())
    with journal.open("ab") as file:
        file.write(b'{"at":1,"ev')
    plan = restoring(world, journal)
    (problem,) = (problem for problem in plan.problems if problem.code == "journal-unfinished")
    assert "it has incomplete lines" in problem.message
    assert carry_out(world, plan).converged
    assert body_of(world, found) == middle


def test_a_journal_without_an_end_is_told(tmp_path: Path) -> None:
    world, found, _, _ = updated(tmp_path)
    world.files = [changed(world.files[0], sourceSpec={"x": 3})]
    killed(world, "PUT", found, before=True)
    journal = max((tmp_path / ".reconciler" / "journal").iterdir())
    plan = restoring(world, journal)
    assert (plan.actions, codes(plan)) == ((), ["journal-unfinished", "restore"])


def test_what_somebody_changed_since_is_told_before_it_goes(tmp_path: Path) -> None:
    world, found, before, journal = updated(tmp_path)
    world.edit(found, lambda body: body | {"theirs": 1})
    plan = restoring(world, journal)
    (problem,) = (problem for problem in plan.problems if problem.code == "changed-since")
    assert "changed after that run (last changed by jane@acme.example)" in problem.message
    assert carry_out(world, plan).converged
    assert body_of(world, found) == before


def test_what_is_as_the_run_left_it_needs_no_warning(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    assert codes(restoring(world, journal)) == ["restore"]
