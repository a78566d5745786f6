"""Restore under guards: another place, newer work, other owners, limits; what is chosen; and trouble on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.applying.outcome import OutcomeName
from reconciler.desired.git.history import Relation
from reconciler.documents.json_text import Document, decode, encode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Fault
from reconciler.emulator.model import Place
from reconciler.errors import ReconcilerError, Refused, UsageError
from reconciler.planning.plan import ActionName, Plan
from reconciler.settings.values import Network
from tests.applying.restores import NEW, OTHER, body_of, codes, journal_of, restoring, updated
from tests.applying.world import ORG, World, changed, errors, outcomes
from tests.journal.events import apply, carry_out
from tests.planning.situations import SANDBOX, THEIRS, connection, flow_file

# Guards.


@pytest.mark.parametrize("field", ["host", "org_id", "sandbox"])
def test_the_journal_of_another_place_is_refused(tmp_path: Path, field: str) -> None:
    world, _, _, journal = updated(tmp_path)
    lines = journal.read_bytes().splitlines(keepends=True)
    start = decode(lines[0])
    start["target"] |= {field: "elsewhere", "name": "prod"}
    journal.write_bytes(encode(start) + b"\n" + b"".join(lines[1:]))
    with pytest.raises(Refused, match=r"an apply to .* 'elsewhere'") as caught:
        restoring(world, journal)
    assert (caught.value.exit_code, caught.value.hint) == (3, "use the target of that apply: `--target prod`")
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
    with pytest.raises(Refused, match="1 update is planned"):
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
    assert bool(plan.errors) is bool(found)


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
    with pytest.raises(ReconcilerError, match="is not a valid connection spec id"):
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
