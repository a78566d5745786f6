"""What an apply promises when answers are lost and others write: no twins, only what was planned, nobody's work lost."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.applying.outcome import OutcomeName
from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Behaviour, Fault
from reconciler.errors import ExitCode, ReconcilerError, Refused, ServiceError
from reconciler.flowservice.client import SpecWriter
from reconciler.flowservice.connecting import connect
from reconciler.secret import Secret
from reconciler.settings.values import OAuthCredentials
from tests.applying.stories import FLOW, THEIRS, applied, lossy_source, on, source
from tests.applying.world import BATCH, World, changed, errors, outcomes
from tests.planning.situations import connection, flow_file, spec_id


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, [source(key) for key in ("a", "b")])


# No twins.


def test_a_post_whose_answer_is_lost_is_found_by_its_marker_and_counts_as_created(world: World) -> None:
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="after")])
    report = world.apply()
    assert (report.converged, len(world.ours()["a"]), len(world.ours()["b"])) == (True, 1, 1)


@pytest.mark.parametrize(
    "fault", [{"status": 503, "committed": True}, {"status": 504, "committed": True}, {"truncate": True}, {"body": "<html>"}]
)
def test_a_post_that_was_done_and_answered_badly_makes_no_twin(world: World, fault: dict[str, Any]) -> None:
    rules = {"committed": True, **fault} if "truncate" not in fault else fault
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, **rules)])
    assert world.apply().converged
    assert [len(ids) for ids in world.ours().values()] == [1, 1]


def test_a_lost_post_is_looked_for_as_long_as_lists_may_lag(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")], Behaviour(list_lag=8))
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="after")])
    assert (world.apply().converged, len(world.ours()["a"])) == (True, 1)


def test_a_post_that_never_arrived_is_unknown_and_the_next_run_creates_it(world: World) -> None:
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="before")])
    report = world.apply()
    assert (outcomes(report)["a"], report.exit_code) == (OutcomeName.UNKNOWN, ExitCode.UNFINISHED)
    assert world.apply().converged
    assert [len(ids) for ids in world.ours().values()] == [1, 1]


def test_what_depends_on_an_unknown_create_is_skipped(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")])
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="before")])
    assert outcomes(world.apply())[FLOW] is OutcomeName.SKIPPED


def test_sources_that_were_made_are_attached_although_another_failed(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files += [source("c"), source("d")]
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, status=400)])
    report = world.apply()
    assert outcomes(report) == {
        "a": OutcomeName.IN_SYNC,
        "b": OutcomeName.IN_SYNC,
        "c": OutcomeName.FAILED,
        "d": OutcomeName.CREATED,
        FLOW: OutcomeName.ATTACHED,
    }
    assert world.ours()["d"][0] in world.held()


def test_a_second_run_that_made_the_same_spec_meanwhile_is_refused(world: World) -> None:
    made = world.plan()
    world.clock.at(3, lambda: str(world.post(source("a").body)))
    with pytest.raises(Refused):
        world.apply(made)
    assert world.writes() == []


def test_twins_that_a_lost_answer_finds_are_named(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files.append(source("c"))
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", times=1, break_off="after")])
    on_list: list[int] = []

    def twin(request: httpx.Request) -> None:
        if request.method == "POST" and "connectionSpecs" in request.url.path:
            on_list.append(1)
            world.post(decode(request.content))

    world.tap.before = twin
    report = world.apply()
    assert (outcomes(report)["c"], errors(report)["c"], on_list) == (OutcomeName.FAILED, "twins", [1])


# Only what was planned.


def test_a_spec_that_changed_since_the_plan_is_not_written(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()
    world.edit(world.ours()["a"][0], lambda body: body | {"sourceSpec": {"x": 7}})
    report = world.apply(made)
    assert (errors(report), world.writes(), report.exit_code) == ({"a": "stale"}, [], ExitCode.UNFINISHED)


def test_a_change_to_what_the_file_does_not_own_is_no_reason_to_stop(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()
    world.edit(world.ours()["a"][0], lambda body: body | {"permissionsInfo": {"a": 1}})
    assert world.apply(made).converged
    assert next(body for body in world.live() if body["id"] == world.ours()["a"][0])["permissionsInfo"] == {"a": 1}


def test_a_plan_with_a_guards_objection_writes_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a"), source("b")])
    with pytest.raises(Refused):
        world.apply(max_creates=1)
    assert world.writes() == []


def test_a_plan_with_a_mistake_in_a_file_writes_nothing(world: World) -> None:
    world.files = [connection("a", pinned_id=spec_id(1)), connection("b", pinned_id=spec_id(1))]
    world.post(connection("x").body)
    made = world.plan()
    world.files = []
    problems = tuple(replace(problem, guard=False) for problem in made.problems)
    with pytest.raises(ReconcilerError) as caught:
        world.apply(replace(made, problems=problems))
    assert caught.value.exit_code is ExitCode.WRONG


# Nobody's work is lost.


def test_a_rival_that_attaches_between_plan_and_put_keeps_its_id(world: World) -> None:
    made = world.plan()
    world.attach(THEIRS)
    assert world.apply(made).converged
    assert THEIRS in world.held()


def test_an_attachment_that_a_rival_undoes_is_made_again(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")])
    stale = world.flow()["sourceConnectionSpecIds"]
    world.clock.at(33, lambda: world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": [*stale, THEIRS]}))
    report = world.apply()
    assert report.converged
    assert {THEIRS, world.ours()["a"][0]} <= set(world.held())
    assert [path for method, path in world.writes() if method == "PUT"] == [f"/flowSpecs/{BATCH}"] * 2


def test_a_rival_that_undoes_it_every_time_is_reported_after_eight_attempts(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")])
    empty = list(world.held())
    on(
        world,
        "PUT",
        f"/flowSpecs/{BATCH}",
        lambda: world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": empty}),
        times=99,
        after=True,
    )
    report = world.apply()
    assert (errors(report), len(world.writes())) == ({FLOW: "contended"}, 1 + 8)
    (failure,) = (result.error for result in report.results if result.error)
    assert (failure.message, failure.hint) == (
        "after 8 attempts another writer undid the attachment each time",
        "find out who else writes this spec, and run apply again",
    )


def test_a_service_that_fails_every_time_is_no_other_writer(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")])
    world.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", status=503)])
    (failure,) = (result.error for result in world.apply().results if result.error)
    assert failure.message.startswith(f"after 8 attempts no write was confirmed (PUT /flowSpecs/{BATCH} returned 503 ")
    assert failure.hint == "run apply again when the service accepts writes: it looks at what is live first"


def test_an_etag_makes_a_rivals_write_start_again_at_the_get(tmp_path: Path) -> None:
    world = applied(tmp_path, behaviour=Behaviour(etags=True))
    world.files.append(source("c"))
    on(world, "PUT", f"/flowSpecs/{BATCH}", lambda: world.attach(THEIRS))
    assert world.apply().converged
    assert {THEIRS, world.ours()["c"][0]} <= set(world.held())


@pytest.mark.parametrize(
    "fault",
    [
        {"break_off": "before"},
        {"break_off": "after"},
        {"status": 500, "committed": True},
        {"status": 503},
        {"status": 429, "retry_after": 2},
    ],
)
def test_a_put_that_goes_wrong_once_starts_again_and_ends_right(tmp_path: Path, fault: dict[str, Any]) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    world.emulator.service.faults.set([Fault(path="/connectionSpecs/*", method="PUT", times=1, **fault)])
    report = world.apply()
    assert report.converged
    assert world.plan().actions == ()


@pytest.mark.parametrize("fault", [{"break_off": "before"}, {"break_off": "after"}, {"status": 503}])
def test_an_attachment_that_goes_wrong_once_ends_right(world: World, fault: dict[str, Any]) -> None:
    world.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", times=1, **fault)])
    assert world.apply().converged
    assert world.plan().actions == ()


def test_after_a_lost_answer_a_shared_flow_spec_is_left_alone_for_the_timeout(world: World) -> None:
    world.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", times=1, break_off="after")])
    world.apply()
    assert world.network.timeout in world.clock.slept


def test_a_put_that_was_held_up_is_made_anew_from_a_fresh_get(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files.append(source("c"))
    world.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", times=1, status=429, retry_after=4)])
    on(world, "PUT", f"/flowSpecs/{BATCH}", lambda: world.clock.at(1, lambda: world.attach(THEIRS)))
    assert world.apply().converged
    assert {THEIRS, world.ours()["c"][0]} <= set(world.held())


def test_another_section_that_changes_under_our_put_stops_further_writes(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")], Behaviour())
    on(world, "PUT", f"/flowSpecs/{BATCH}", lambda: world.edit(BATCH, lambda body: body | {"optionSpec": {}}), after=True)
    report = world.apply()
    (result,) = (result for result in report.results if result.name == FLOW)
    assert result.error is not None
    assert (result.outcome, result.error.code, result.error.before is not None) == (
        OutcomeName.NOT_CONVERGED,
        "changed-under-write",
        True,
    )
    assert len(world.writes()) == 2


def test_an_id_that_somebody_else_took_out_is_a_warning(world: World) -> None:
    world.attach(THEIRS)
    made = world.plan()
    on(
        world,
        "PUT",
        f"/flowSpecs/{BATCH}",
        lambda: world.edit(
            BATCH,
            lambda body: body | {"sourceConnectionSpecIds": [item for item in body["sourceConnectionSpecIds"] if item != THEIRS]},
        ),
        after=True,
    )
    report = world.apply(made)
    assert report.converged
    assert [problem.code for result in report.results for problem in result.warnings] == ["ids-taken-out"]


def test_an_id_that_its_owner_puts_back_soon_after_is_not_reported(world: World) -> None:
    world.attach(THEIRS)
    made = world.plan()

    def take_out_and_put_back_later() -> None:
        held = [item for item in world.held() if item != THEIRS]
        world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": held})
        world.clock.at(2 * world.network.settle, lambda: world.attach(THEIRS))

    on(world, "PUT", f"/flowSpecs/{BATCH}", take_out_and_put_back_later, after=True)
    report = world.apply(made)
    assert (report.converged, [problem for result in report.results for problem in result.warnings]) == (True, [])


def test_an_id_that_our_own_put_left_out_is_an_error(world: World) -> None:
    world.attach(THEIRS)
    made = world.plan()
    held = [item for item in world.held() if item != THEIRS]
    on(world, "GET", f"/flowSpecs/{BATCH}", lambda: world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": held}))
    report = world.apply(made)
    assert errors(report) == {FLOW: "lost-id"}


def test_a_marker_that_changed_under_our_put_is_reported(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    (first,) = world.ours()["a"]
    on(world, "PUT", f"/connectionSpecs/{first}", lambda: world.edit(first, lambda body: body | {"attributes": {}}), after=True)
    assert errors(world.apply()) == {"a": "marker-changed"}


def test_an_edit_just_after_our_write_is_not_taken_for_what_the_service_keeps(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    (first,) = world.ours()["a"]

    def edit_a_second_later() -> None:
        world.clock.sleep(1)
        world.edit(first, lambda body: body | {"sourceSpec": {"x": 9}})

    on(world, "PUT", f"/connectionSpecs/{first}", edit_a_second_later, after=True)
    report = world.apply()
    assert errors(report) == {"a": "changed-under-write"}
    assert world.plan().actions != ()


def test_settling_overwrites_nothing(tmp_path: Path) -> None:
    world = World(tmp_path, [lossy_source("a")], Behaviour(default_auth_required=True))
    world.apply()
    sent = [line for line in world.journal() if line["event"] == "intent"]
    assert [line["method"] for line in sent] == ["POST", "PUT", "PUT"]
    assert sent[1]["before"]["sourceSpec"]["attributes"] == {"x": 1, "authRequired": False}


def test_the_canary_of_flow_specs_flies_even_when_no_source_could_be_made(tmp_path: Path) -> None:
    files = [connection("a", flow_specs=[]), flow_file("f1"), flow_file("f2")]
    world = World(tmp_path, files, Behaviour(drop_unknown_attributes=True))
    world.emulator.service.faults.set([Fault(path="/connectionSpecs", method="POST", status=400)])
    report = world.apply()
    assert outcomes(report) == {"a": OutcomeName.FAILED, "f1": OutcomeName.NOT_CONVERGED, "f2": OutcomeName.SKIPPED}


def test_one_adoption_shows_that_markers_are_dropped(tmp_path: Path) -> None:
    files = [connection(key, adopt=True) for key in ("a", "b", "c")]
    world = World(tmp_path, files, Behaviour(drop_unknown_attributes=True))
    for desired in files:
        world.post(desired.body)
    world.forget_requests()
    world.apply()
    assert len(world.writes()) == 1


def test_a_service_that_takes_most_of_settle_for_each_call_is_waited_for(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files.append(source("c"))
    made = world.plan()
    world.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="GET", wait=5)])
    report = world.apply(made)
    (result,) = (result for result in report.results if result.name == FLOW)
    assert (result.outcome, report.converged) == (OutcomeName.ATTACHED, True)


def test_ids_that_nobody_here_may_look_at_are_told_before_a_create(world: World) -> None:
    world.attach(THEIRS)
    assert [problem.code for problem in world.plan().problems] == ["hidden-ids"]


def test_an_error_that_repeats_our_token_is_not_told_in_its_own_words(world: World) -> None:
    token = "unspeakable-token"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/ims"):
            return httpx.Response(200, json={"access_token": token, "token_type": "bearer", "expires_in": 86399})
        return httpx.Response(400, json={"errorMessage": f"you sent {request.headers['authorization']}"})

    credentials = OAuthCredentials("our-client", Secret("hush"))
    wire = httpx.MockTransport(answer)
    service = connect(SpecWriter, world.target, credentials, world.network, clock=world.clock, rng=random.Random(1), wire=wire)  # noqa: S311
    with pytest.raises(ServiceError) as caught:
        service.list_specs(Kind.CONNECTION_SPEC)
    assert token not in repr((caught.value.message, caught.value.args))
