"""What an apply promises when answers are lost, others write, guards object, or somebody stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.applying import engine
from reconciler.applying.creating import create
from reconciler.applying.journal import Journal, journal_path
from reconciler.applying.outcome import OutcomeName
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.canonical import digest
from reconciler.documents.json_text import decode
from reconciler.emulator import Behaviour, Fault
from reconciler.errors import ExitCode, JournalError, ReconcilerError, Refused
from reconciler.settings import Network
from tests.applying.world import BATCH, World, changed, errors, outcomes
from tests.planning.situations import connection, flow_file, spec_id

FLOW = "RestStorageToAEP"
THEIRS = spec_id(99)


def source(key: str, **body: Any) -> DesiredSpec:
    return connection(key, flow_specs=[FLOW], **({"sourceSpec": {"x": 1}} | body))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, [source(key) for key in ("a", "b")])


def applied(tmp_path: Path, **rest: Any) -> World:
    made = World(tmp_path, [source(key) for key in ("a", "b")], **rest)
    assert made.apply().converged
    made.forget_requests()
    return made


def on(world: World, method: str, path: str, run: Callable[[], None], *, times: int = 1, after: bool = False) -> None:
    """Do something just before (or after) the next requests of this kind."""
    left = [times]

    def hook(request: httpx.Request, *_: httpx.Response) -> None:
        if left[0] and request.method == method and request.url.path.endswith(path):
            left[0] -= 1
            run()

    if after:
        world.tap.after = hook
    else:
        world.tap.before = hook


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
    world.clock.at(13, lambda: world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": [*stale, THEIRS]}))
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


def test_an_id_that_our_own_put_left_out_is_an_error(world: World) -> None:
    world.attach(THEIRS)
    made = world.plan()
    before = list(world.held())
    world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": [item for item in before if item != THEIRS]})
    report = world.apply(made)
    assert errors(report) == {FLOW: "lost-id"}


def test_a_marker_that_changed_under_our_put_is_reported(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    (first,) = world.ours()["a"]
    on(world, "PUT", f"/connectionSpecs/{first}", lambda: world.edit(first, lambda body: body | {"attributes": {}}), after=True)
    assert errors(world.apply()) == {"a": "marker-changed"}


def lossy_source(key: str, **body: Any) -> DesiredSpec:
    return source(key, sourceSpec={"attributes": {"x": 1}}, **body)


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


def test_a_put_that_was_done_and_cannot_be_read_back_is_not_called_failed(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()
    world.emulator.service.faults.set([Fault(path="/connectionSpecs/*", method="GET", after=1, status=400)])
    report = world.apply(made)
    assert (outcomes(report)["a"], errors(report)["a"]) == (OutcomeName.NOT_CONVERGED, "not-confirmed")


def test_a_lost_put_that_cannot_be_read_back_is_unknown(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()
    rules = [
        Fault(path="/connectionSpecs/*", method="PUT", break_off="after"),
        Fault(path="/connectionSpecs/*", method="GET", after=1, status=400),
    ]
    world.emulator.service.faults.set(rules)
    assert outcomes(world.apply(made))["a"] is OutcomeName.UNKNOWN


def test_a_lost_put_is_known_by_its_effect_where_the_time_of_change_stands_still(tmp_path: Path) -> None:
    world = applied(tmp_path, behaviour=Behaviour(updated_at_not_bumped=True))
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    world.emulator.service.faults.set([Fault(path="/connectionSpecs/*", method="PUT", times=1, break_off="after")])
    assert (world.apply().converged, len(world.writes())) == (True, 1)


# It says what it did, and can be stopped.


def test_a_refused_write_is_reported_in_the_servers_words(tmp_path: Path) -> None:
    world = World(tmp_path, [source("a")], Behaviour(read_only_clients=("our-client",)))
    report = world.apply()
    (result,) = (result for result in report.results if result.key == "a")
    assert result.error is not None
    assert (result.outcome, result.error.status, result.error.server_code, result.error.request_id is not None) == (
        OutcomeName.FAILED,
        400,
        "FLOW-1426-400",
        True,
    )


def test_a_stop_skips_what_has_not_begun(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files += [source("c"), source("d")]
    on(world, "POST", "/connectionSpecs", lambda: world.stop.request(ExitCode.SIGTERM))
    report = world.apply()
    assert (outcomes(report)["c"], outcomes(report)["d"], outcomes(report)[FLOW]) == (
        OutcomeName.CREATED,
        OutcomeName.SKIPPED,
        OutcomeName.SKIPPED,
    )
    assert (report.exit_code, report.converged) == (ExitCode.SIGTERM, False)


def test_a_stop_while_waiting_writes_nothing(world: World) -> None:
    made = world.plan()
    world.clock.at(2, lambda: world.stop.request(ExitCode.SIGINT))
    report = world.apply(made)
    assert (report.exit_code, world.writes()) == (ExitCode.SIGINT, [])


def test_each_write_is_in_the_journal_before_it_goes_out(world: World) -> None:
    events: list[str] = []

    def hook(request: httpx.Request) -> None:
        if request.method == "PUT":
            events.append(world.journal()[-1]["event"])

    world.tap.before = hook
    world.apply()
    assert events == ["intent"]


def test_the_journal_holds_the_body_from_before_and_how_each_write_ended(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    before = next(body for body in world.live() if body["id"] == world.ours()["a"][0])
    world.apply()
    start, intent, answer, result, end = world.journal(2)
    assert [line["event"] for line in (start, intent, answer, result, end)] == ["start", "intent", "answer", "result", "end"]
    assert digest(intent["before"]["sourceSpec"]) == digest(before["sourceSpec"])
    assert (answer["status"], result["outcome"], end["converged"]) == (200, "updated", True)


def test_without_a_journal_nothing_is_written(world: World) -> None:
    (world.path / "journal-1.jsonl").write_text("here already")
    with pytest.raises(JournalError):
        world.apply()
    assert world.writes() == []


def test_a_journal_that_can_no_longer_be_written_stops_the_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world.plan()
    written = Journal.intent

    def full_disk(journal: Journal, action: Any, request: Any, body: Any, before: Any) -> None:
        if action.key == "b":
            raise JournalError("no space left")
        written(journal, action, request, body, before)

    monkeypatch.setattr(Journal, "intent", full_disk)
    report = world.apply(made)
    assert outcomes(report) == {"a": OutcomeName.CREATED, "b": OutcomeName.FAILED, FLOW: OutcomeName.SKIPPED}


@pytest.mark.parametrize("event", ["answer", "result", "end"])
def test_a_journal_that_fails_after_a_write_takes_nothing_from_the_report(
    world: World, monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    made = world.plan()
    written = Journal._write  # noqa: SLF001 - the disk fails below it

    def full_disk(journal: Journal, what: str, /, **fields: Any) -> None:
        if what == event:
            journal.broken = JournalError("no space left")
            raise journal.broken
        written(journal, what, **fields)

    monkeypatch.setattr(Journal, "_write", full_disk)
    report = world.apply(made)
    (first,) = (result for result in report.results if result.key == "a")
    assert (first.outcome, [first.id]) == (OutcomeName.CREATED, world.ours()["a"])
    assert [problem.code for problem in report.problems] == ["journal"]


def test_an_error_of_this_program_in_one_spec_does_not_lose_the_report(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "create", lambda task: 1 / 0 if task.action.key == "a" else create(task))
    report = world.apply()
    assert (outcomes(report)["a"], outcomes(report)["b"]) == (OutcomeName.FAILED, OutcomeName.CREATED)


def test_a_journals_name_says_when_and_for_which_target() -> None:
    path = journal_path(Path("/work"), "stage/../x", 1_700_000_000.0)
    assert path == Path("/work/.reconciler/journal/20231114T221320.000000Z-stage----x.jsonl")


def test_a_spec_that_is_gone_between_plan_and_put_is_a_failure(tmp_path: Path) -> None:
    world = applied(tmp_path)
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()
    world.emulator.service.behaviour = Behaviour(hidden=(world.ours()["a"][0],))
    assert errors(world.apply(made)) == {"a": "not-found"}


def test_a_detach_of_a_spec_in_use_is_refused(tmp_path: Path) -> None:
    world = applied(tmp_path)
    (used,) = world.ours()["a"]
    del world.files[0]
    world.emulator.service.faults.set([Fault(path="/flows", status=403)])
    assert [problem.code for problem in world.plan(prune=True, max_detaches=1).errors] == ["detach-in-use"]
    assert world.plan(prune=True, max_detaches=1, allow_in_use=True).errors == ()
    assert used in world.held()


def test_a_failed_detach_retires_nothing(tmp_path: Path) -> None:
    world = applied(tmp_path)
    del world.files[0]
    world.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", status=400)])
    report = world.apply(prune=True, max_detaches=1)
    assert (outcomes(report)[FLOW], outcomes(report)["a"]) == (OutcomeName.FAILED, OutcomeName.SKIPPED)


def test_the_token_and_the_secret_are_in_no_journal(world: World) -> None:
    world.apply()
    text = (world.path / "journal-1.jsonl").read_text()
    assert "hush" not in text
    assert "Bearer" not in text


def test_a_network_that_is_down_for_good_fails_each_spec_in_turn(tmp_path: Path) -> None:
    world = applied(tmp_path, network=Network(concurrency=1, retries=1))
    world.files[0] = changed(world.files[0], sourceSpec={"x": 2})
    made = world.plan()

    def down(request: httpx.Request) -> None:
        raise httpx.ConnectError("refused", request=request)

    world.tap.before = down
    assert errors(world.apply(made)) == {"a": "unreachable"}
