"""Restore: the bodies from before a run, put back under the same guards, with nobody's ids taken away."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.applying.engine import apply_plan
from reconciler.applying.outcome import ApplyReport, OutcomeName
from reconciler.applying.restoring import Wanted, prepare_restore
from reconciler.desired.history import Relation
from reconciler.documents.json_text import Document, decode, encode
from reconciler.documents.kinds import Kind
from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.emulator import Behaviour, Fault
from reconciler.emulator.model import Place
from reconciler.errors import ReconcilerError, Refused, UsageError
from reconciler.planning.ownership import marker_of
from reconciler.planning.plan import ActionName, Options, Plan, State
from reconciler.settings import Network
from tests.applying.test_journal import apply
from tests.applying.test_unfinished import killed
from tests.applying.world import BATCH, ORG, World, changed, errors, outcomes
from tests.planning.situations import SANDBOX, THEIRS, connection, flow_file, spec_id

FLOW = "RestStorageToAEP"
OTHER = spec_id(99)
OLD, NEW = "a" * 40, "b" * 40


def body_of(world: World, found: str) -> Document:
    """A live body as anybody may compare it: without what the server manages."""
    (body,) = (item for kind in Kind for item in world.live(kind) if item["id"] == found)
    return {name: value for name, value in body.items() if name not in SERVER_MANAGED}


def journal_of(report: ApplyReport) -> Path:
    assert report.journal
    return Path(report.journal)


def restoring(world: World, journal: Path, *, kind: Kind | None = None, ids: tuple[str, ...] = (), **options: Any) -> Plan:
    return prepare_restore(world.workspace, world.service, Wanted(journal, kind, ids), Options(**options), world.progress)


def carry_out(world: World, plan: Plan) -> ApplyReport:
    world.clock.time += 1
    return apply_plan(
        plan,
        world.workspace,
        world.service,
        journal=None,
        clock=world.clock,
        rng=random.Random(1),  # noqa: S311 - jitter
        stop=world.stop,
        progress=world.progress,
    )


def codes(plan: Plan) -> list[str]:
    return [problem.code for problem in plan.problems]


def updated(tmp_path: Path, **rest: Any) -> tuple[World, str, Document, Path]:
    """A world in which one spec was applied and then updated: with its id, its body from before, and the journal of the update."""
    world = World(tmp_path, [connection("a", flow_specs=[FLOW], sourceSpec={"x": 1}, notes="old")], commit=OLD, **rest)
    assert apply(world).converged
    (found,) = world.ours()["a"]
    before = body_of(world, found)
    world.files = [changed(world.files[0], sourceSpec={"x": 2}, added=True)]
    world.commit = NEW
    journal = journal_of(apply(world))
    world.forget_requests()
    return world, found, before, journal


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
    assert f"connection spec 'a' ({world.ours()['a'][0]}) was created by that run, and nothing can delete it" in problem.message
    assert "--prune" in (problem.hint or "")
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
    assert "(if it was: no answer came, and its id is not known)" in plan.problems[0].message


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
    assert "its last line is cut off" in problem.message
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
    assert "is not as the run left it (last changed by jane@acme.example)" in problem.message
    assert carry_out(world, plan).converged
    assert body_of(world, found) == before


def test_what_is_as_the_run_left_it_needs_no_warning(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    assert codes(restoring(world, journal)) == ["restore"]


# Guards.


@pytest.mark.parametrize("field", ["host", "org_id", "sandbox"])
def test_the_journal_of_another_place_is_refused(tmp_path: Path, field: str) -> None:
    world, _, _, journal = updated(tmp_path)
    lines = journal.read_bytes().splitlines(keepends=True)
    start = decode(lines[0])
    start["target"] |= {field: "elsewhere", "name": "prod"}
    journal.write_bytes(encode(start) + b"\n" + b"".join(lines[1:]))
    with pytest.raises(Refused, match=r"another place: .* 'elsewhere'") as caught:
        restoring(world, journal)
    assert (caught.value.exit_code, caught.value.hint) == (3, "name the target that it was for: `--target prod`")
    assert world.writes() == []


def test_a_change_between_the_plan_and_the_write_is_noticed(tmp_path: Path) -> None:
    world, found, _, journal = updated(tmp_path)
    plan = restoring(world, journal)
    world.edit(found, lambda body: body | {"theirs": 1})
    report = carry_out(world, plan)
    assert (errors(report), world.writes()) == ({"a": "stale"}, [])


def test_safety_limits_hold(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    plan = restoring(world, journal, max_updates=0)
    with pytest.raises(Refused, match="1 updates are planned"):
        carry_out(world, plan)


def test_a_spec_that_is_not_there_any_more_is_refused(tmp_path: Path) -> None:
    world, found, _, journal = updated(tmp_path)
    assert world.emulator.store.delete("connectionSpecs", Place(ORG, SANDBOX), found)
    plan = restoring(world, journal)
    assert [(problem.code, problem.guard) for problem in plan.errors] == [("not-found", True)]


def test_a_spec_that_belongs_to_somebody_else_by_now_is_refused(tmp_path: Path) -> None:
    world, found, _, journal = updated(tmp_path)
    take_over(world, found)
    plan = restoring(world, journal)
    assert [(problem.code, problem.guard) for problem in plan.errors] == [("foreign-marker", True)]


def take_over(world: World, found: str) -> None:
    def make(body: dict[str, Any]) -> dict[str, Any]:
        marker = body["attributes"]["reconciler"] | {"repository": THEIRS}
        return body | {"attributes": {"reconciler": marker}}

    world.edit(found, make)


def test_ids_go_back_into_a_flow_spec_of_somebody_else(tmp_path: Path) -> None:
    world = World(tmp_path)
    flow = world.post(flow_file("theirs").body | marker(THEIRS), Kind.FLOW_SPEC)
    world.files = [connection("a", flow_specs=["theirs"])]
    apply(world)
    (found,) = world.ours()["a"]
    world.edit(flow, lambda body: body | {"sourceConnectionSpecIds": [found, OTHER]})
    world.files = [connection("a", flow_specs=["theirs"]), connection("b", flow_specs=["theirs"])]
    journal = journal_of(apply(world))
    world.edit(flow, lambda body: body | {"sourceConnectionSpecIds": []})
    plan = restoring(world, journal)
    assert (plan.errors, [action.action for action in plan.actions]) == ((), [ActionName.ATTACH])
    assert carry_out(world, plan).converged
    assert body_of(world, flow)["sourceConnectionSpecIds"] == [found, OTHER]


def marker(repository: str) -> Document:
    return {"attributes": {"reconciler": {"repository": repository, "sandbox": "dev", "key": "k"}}}


def applied_again_from(world: World, commit: str) -> None:
    world.commit = commit
    world.files = [changed(world.files[0], sourceSpec={"x": 4})]
    apply(world)


@pytest.mark.parametrize(
    ("relation", "options", "found"),
    [
        (Relation.NOT_ANCESTOR, {}, "ahead"),
        (Relation.NOT_ANCESTOR, {"allow_rewind": True}, None),
        (Relation.UNKNOWN, {}, "unknown-commit"),
        (Relation.ANCESTOR, {}, None),
    ],
)
def test_newer_work_from_a_commit_that_is_not_here_is_not_undone_by_accident(
    tmp_path: Path, relation: Relation, options: dict[str, Any], found: str | None
) -> None:
    world, _, _, journal = updated(tmp_path)
    applied_again_from(world, "c" * 40)
    world.history = replace(world.history, known={"c" * 40: relation})
    plan = restoring(world, journal, **options)
    assert {"ahead", "unknown-commit"} & set(codes(plan)) == ({found} if found else set())
    assert bool(plan.errors) is (found == "ahead")


def test_the_commit_of_the_run_itself_does_not_stand_in_the_way(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    world.history = replace(world.history, known={NEW: Relation.NOT_ANCESTOR})
    assert restoring(world, journal).errors == ()


# What is chosen.


@pytest.fixture
def both(tmp_path: Path) -> tuple[World, Path]:
    """A world whose last apply updated two connection specs and a flow spec, and its journal."""
    world = World(tmp_path, [connection("a"), connection("b"), flow_file(optionSpec={"a": 1})])
    apply(world)
    world.files = [changed(item, version="2.0") for item in world.files]
    return world, journal_of(apply(world))


def test_kind_and_id_choose_what_is_put_back(both: tuple[World, Path]) -> None:
    world, journal = both
    (a,) = world.ours()["a"]
    choices: list[Callable[[], Plan]] = [
        lambda: restoring(world, journal),
        lambda: restoring(world, journal, kind=Kind.FLOW_SPEC),
        lambda: restoring(world, journal, ids=(a,)),
    ]
    assert [[action.key for action in choice().actions] for choice in choices] == [["a", "b", "own-flow"], ["own-flow"], ["a"]]


def test_a_choice_that_the_journal_has_not_is_an_error_that_says_what_it_has(both: tuple[World, Path]) -> None:
    world, journal = both
    (a,) = world.ours()["a"]
    with pytest.raises(UsageError, match=f"has no write to {OTHER}") as caught:
        restoring(world, journal, ids=(OTHER,))
    assert f"{a} (ConnectionSpec)" in (caught.value.hint or "")
    with pytest.raises(UsageError, match="has no write to"):
        restoring(world, journal, ids=(a,), kind=Kind.FLOW_SPEC)


def test_a_choice_among_creates_only_says_so(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    journal = journal_of(apply(world))
    with pytest.raises(UsageError, match="has no write to any flow spec") as caught:
        restoring(world, journal, kind=Kind.FLOW_SPEC)
    assert caught.value.hint == "it has only creates"


def test_a_journal_in_which_nothing_was_sent_is_nothing_to_do(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    journal.write_bytes(journal.read_bytes().splitlines(keepends=True)[0])
    assert restoring(world, journal, kind=Kind.FLOW_SPEC).actions == ()


def test_an_id_that_cannot_be_one_reaches_no_url(tmp_path: Path) -> None:
    world, found, _, journal = updated(tmp_path)
    journal.write_bytes(journal.read_bytes().replace(found.encode(), b"../../flows"))
    with pytest.raises(ReconcilerError, match="cannot be the id of a connection spec"):
        restoring(world, journal)


# Trouble on the way.


def test_a_lost_answer_of_a_restore_is_looked_for(tmp_path: Path) -> None:
    world, found, before, journal = updated(tmp_path)
    world.emulator.service.faults.set([Fault(path="/connectionSpecs/*", method="PUT", times=1, break_off="after")])
    assert carry_out(world, restoring(world, journal)).converged
    assert body_of(world, found) == before
    assert len(world.writes()) == 1


def test_a_rival_who_undoes_a_restored_flow_spec_is_overcome(tmp_path: Path) -> None:
    world = World(tmp_path, [flow_file(optionSpec={"a": 1})], network=Network(concurrency=1))
    apply(world)
    (flow,) = (body["id"] for body in world.live(Kind.FLOW_SPEC) if body["name"] == "own-flow")
    world.files = [flow_file(optionSpec={"a": 2}, sourceConnectionSpecIds=[OTHER])]
    journal = journal_of(apply(world))
    world.edit(flow, lambda body: body | {"sourceConnectionSpecIds": []})
    stale = body_of(world, flow)
    plan = restoring(world, journal)
    world.clock.at(2, lambda: world.edit(flow, lambda body: body | stale))
    assert carry_out(world, plan).results[0].outcome in (OutcomeName.UPDATED, OutcomeName.NOT_CONVERGED)


def test_a_service_that_keeps_a_body_otherwise_than_before_is_not_converged(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    plan = restoring(world, journal)
    world.tap.after = lambda request, _: (
        world.edit(request.url.path.rpartition("/")[2], lambda body: body | {"sourceSpec": {"x": 8}})
        if request.method == "PUT"
        else None
    )
    report = carry_out(world, plan)
    assert outcomes(report) == {"a": OutcomeName.NOT_CONVERGED}
    assert len(world.writes()) == 1


def test_the_place_of_the_journal_is_the_targets(tmp_path: Path) -> None:
    world, _, _, journal = updated(tmp_path)
    assert restoring(world, journal).target.org_id == ORG
