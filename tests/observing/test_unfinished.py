"""A run that was killed, and what the next one knows and says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.documents.comparison import Cause
from reconciler.emulator import Behaviour
from reconciler.errors import Problem
from reconciler.journal.writing import Journal
from reconciler.observing.unfinished import UNFINISHED, unfinished_problems, wait_for_killed_run
from reconciler.planning.plan import Plan
from tests.applying.world import BATCH, World, changed
from tests.journal.events import apply, folder
from tests.planning.situations import KnownHistory, connection

FLOW = "RestStorageToAEP"


class Killed(BaseException):
    """The process is gone: no handler of errors runs."""


def killed(world: World, method: str, path: str, *, before: bool = False) -> None:
    """An apply that dies at its first request of this kind: before the service sees it, or when it has carried it out."""
    real = Journal._append  # noqa: SLF001 - a dead process writes no line any more
    dead: list[bool] = []

    def hook(request: httpx.Request, *_: object) -> None:
        if request.method == method and request.url.path.endswith(path):
            dead.append(True)
            raise Killed

    def append(self: Journal, event: str, fields: dict[str, Any]) -> int:
        return 0 if dead else real(self, event, fields)

    world.tap.before, world.tap.after = (hook, lambda *_: None) if before else (lambda _: None, hook)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "_append", append)
        with pytest.raises(Killed):
            apply(world)
    world.tap.before, world.tap.after = lambda _: None, lambda *_: None
    world.service = world.connect()
    world.forget_requests()


def told(plan: Plan) -> list[Problem]:
    return [problem for problem in plan.problems if problem.code == UNFINISHED]


def run(world: World) -> Plan:
    """One `apply` as the command line makes it: the wait, the plan, the writes."""
    wait_for_killed_run(world.workspace, world.clock, world.progress)
    made = world.plan()
    assert apply(world).converged
    return made


def source(world: World, **body: object) -> None:
    world.files = [changed(world.files[0], **body)]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, [connection("a", flow_specs=[FLOW])])


def test_a_create_that_happened_is_found_live(world: World) -> None:
    killed(world, "POST", "/connectionSpecs")
    (problem,) = told(world.plan())
    (spec_id,) = world.ours()["a"]
    assert f"no result for POST /connectionSpecs: it was created as {spec_id}" in problem.message
    assert (problem.severity, problem.key) == ("warning", "a")
    assert str(folder(world)) in (problem.hint or "")


def test_a_create_that_did_not_happen_is_said_to_be_unknown(world: World) -> None:
    killed(world, "POST", "/connectionSpecs", before=True)
    (problem,) = told(world.plan())
    assert "no matching live spec was found" in problem.message


def test_a_create_that_somebody_copied_is_told_with_all_ids(world: World) -> None:
    killed(world, "POST", "/connectionSpecs")
    twin = world.post({name: value for name, value in world.live()[-1].items() if name != "id"})
    (problem,) = told(world.plan())
    assert "2 live specs match" in problem.message
    assert twin in problem.message


def test_without_markers_a_create_is_known_by_its_name_and_our_client(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")], ownership="none")
    killed(world, "POST", "/connectionSpecs")
    assert "it was created as" in told(world.plan())[0].message


def test_a_put_is_told_as_sent_as_before_or_neither(world: World) -> None:
    assert apply(world).converged
    (spec_id,) = world.ours()["a"]
    source(world, sourceSpec={"y": 1})
    killed(world, "PUT", spec_id, before=True)
    assert f"{spec_id} has the previous body" in told(world.plan())[0].message
    killed(world, "PUT", spec_id)
    assert f"{spec_id} has the new body" in told(world.plan())[0].message
    world.edit(spec_id, lambda body: body | {"sourceSpec": {"y": 2}})
    assert "neither the previous nor the new body" in told(world.plan())[0].message


def test_a_flow_spec_without_a_file_is_told_by_its_name(world: World) -> None:
    killed(world, "PUT", BATCH)
    (problem,) = told(world.plan())
    assert problem.message.startswith(f"flow spec '{FLOW}': the run of 2023-11-14T22:13:31Z was killed or is still running")
    assert f"{BATCH} has the new body" in problem.message


def test_an_object_that_the_lists_do_not_show_is_told_too(world: World) -> None:
    killed(world, "PUT", BATCH)
    (problem,) = unfinished_problems(world.workspace, [], "our-client")
    assert f"the lists do not show {BATCH}" in problem.message


def test_several_writes_of_one_object_are_one_warning(world: World) -> None:
    assert apply(world).converged
    (spec_id,) = world.ours()["a"]
    source(world, sourceSpec={"y": 1})
    killed(world, "PUT", spec_id)
    (path,) = sorted(folder(world).iterdir())[-1:]
    with path.open("ab") as file:
        file.write(path.read_bytes().splitlines()[-1] + b"\n")
    assert len(told(world.plan())) == 1


def test_a_plan_says_it_again_until_an_apply_has_come_to_its_end(world: World) -> None:
    killed(world, "PUT", BATCH)
    assert (len(told(world.plan())), len(told(world.plan()))) == (1, 1)
    assert apply(world).converged
    assert told(world.plan()) == []


def test_the_apply_that_finds_nothing_left_to_do_tells_it_once_and_leaves_a_journal_that_ends(world: World) -> None:
    killed(world, "PUT", BATCH)
    report = apply(world)
    assert [problem.code for problem in report.problems] == [UNFINISHED]
    assert (report.journal, world.writes(), len(list(folder(world).iterdir()))) == (None, [], 2)


def test_an_apply_with_nothing_to_do_and_nothing_unfinished_leaves_no_journal(world: World) -> None:
    assert apply(world).converged
    assert apply(world).journal is None
    assert len(list(folder(world).iterdir())) == 1


@pytest.mark.parametrize("lag", [0, 8])
def test_after_a_kill_right_after_a_create_one_run_converges_although_the_lists_lag(tmp_path: Path, lag: float) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])], Behaviour(list_lag=lag))
    killed(world, "POST", "/connectionSpecs")
    made = run(world)
    assert (len(world.ours()["a"]), world.held()[-1:]) == (1, world.ours()["a"])
    assert [action.action for action in made.actions] == ["attach"]
    assert "waiting 10 s for the writes of the interrupted run" in world.progress.steps[-3]


def test_a_kill_between_two_writes_is_waited_for_too(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])], Behaviour(list_lag=9.5))
    killed(world, "GET", BATCH, before=True)
    assert told(world.plan()) == []
    assert [action.action for action in run(world).actions] == ["attach"]
    assert len(world.ours()["a"]) == 1


def another_team_attaches(world: World) -> None:
    world.clock.time += 60
    world.attach(world.post({"name": "theirs"}))
    world.clock.time += 60


def attached_later(world: World) -> str:
    """A source that is applied; its file then attaches it and changes its body, and the apply dies between the two PUTs."""
    world.files = [connection("a", sourceSpec={"x": 1})]
    assert apply(world).converged
    (spec_id,) = world.ours()["a"]
    another_team_attaches(world)
    world.files = [connection("a", flow_specs=[FLOW], sourceSpec={"x": 2})]
    world.history = KnownHistory(bases={"a": world.files[0]})
    killed(world, "PUT", BATCH, before=True)
    return spec_id


def test_an_attachment_that_a_killed_run_did_not_make_is_nobodys_drift(world: World) -> None:
    spec_id = attached_later(world)
    (action,) = world.plan().actions
    assert (action.action, action.cause, [change.new for change in action.changes]) == ("attach", Cause.UNKNOWN, [spec_id])


def test_a_flow_spec_that_another_team_changed_after_a_killed_run_does_not_make_it_drift(world: World) -> None:
    attached_later(world)
    another_team_attaches(world)
    assert [action.cause for action in world.plan().actions] == [Cause.UNKNOWN]
    unreadable(*sorted(folder(world).iterdir())[-1:])
    assert [action.cause for action in world.plan().actions] == [Cause.UNKNOWN]


def test_an_attachment_that_somebody_undid_after_a_run_that_ended_is_drift(world: World) -> None:
    attached_later(world)
    assert apply(world).converged
    world.clock.time += 60
    world.edit(BATCH, lambda body: body | {"sourceConnectionSpecIds": body["sourceConnectionSpecIds"][:-1]})
    assert [action.cause for action in world.plan().actions] == [Cause.DRIFT]


def waits(world: World) -> float:
    before = world.clock.time
    wait_for_killed_run(world.workspace, world.clock, world.progress)
    return world.clock.time - before


def test_nothing_waits_without_a_killed_run(world: World) -> None:
    assert waits(world) == 0
    assert apply(world).converged
    assert waits(world) == 0


@pytest.mark.parametrize(("later", "seconds"), [(0, 10), (4, 6), (10, 0), (-100, 10)])
def test_the_wait_is_over_when_the_lists_have_had_their_time(world: World, later: float, seconds: float) -> None:
    killed(world, "POST", "/connectionSpecs")
    world.clock.time += later
    assert waits(world) == seconds


def unreadable(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"{\n{}\n")


def nothing_written(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))


def test_a_journal_without_a_write_is_no_reason_to_wait_or_warn(world: World) -> None:
    killed(world, "POST", "/connectionSpecs")
    nothing_written(*folder(world).iterdir())
    assert (waits(world), told(world.plan())) == (0, [])


def test_a_journal_that_cannot_be_read_is_a_warning_until_an_apply_ends(world: World) -> None:
    assert apply(world).converged
    source(world, sourceSpec={"y": 1})
    killed(world, "PUT", world.ours()["a"][0])
    unreadable(max(folder(world).iterdir()))
    assert waits(world) == 0
    (problem,) = told(world.plan())
    assert (problem.severity, "its writes cannot be checked: " in problem.message) == ("warning", True)
    assert "line 3: " in problem.message
    assert apply(world).journal is None  # the write had succeeded
    assert told(world.plan()) == []


def test_what_a_power_failure_lost_in_the_middle_of_a_journal_is_unfinished(world: World) -> None:
    killed(world, "PUT", BATCH)
    (path,) = folder(world).iterdir()
    lines = path.read_bytes().splitlines(keepends=True)
    (lost,) = (number for number, line in enumerate(lines) if b'"event":"result"' in line)
    lines[lost] = b"\0" * len(lines[lost])  # its block never reached the disk, that of the next line did
    path.write_bytes(b"".join(lines))
    assert sorted(problem.key or "" for problem in told(world.plan())) == ["", "a"]
