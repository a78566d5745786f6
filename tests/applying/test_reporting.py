"""What an apply says of itself, to people and to the journal, also when it is stopped or fails on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.applying import engine
from reconciler.applying.creating import create
from reconciler.applying.outcome import OutcomeName
from reconciler.documents.canonical import digest
from reconciler.emulator import Behaviour, Fault
from reconciler.errors import ExitCode, JournalError
from reconciler.journal.writing import Journal, journal_path
from reconciler.settings.values import Network
from tests.applying.stories import FLOW, applied, on, source
from tests.applying.world import World, changed, errors, outcomes


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, [source(key) for key in ("a", "b")])


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
    written = Journal._append  # noqa: SLF001 - the disk fails below it

    def full_disk(journal: Journal, what: str, fields: dict[str, Any]) -> int:
        if what == event:
            journal.broken = JournalError("no space left")
            raise journal.broken
        return written(journal, what, fields)

    monkeypatch.setattr(Journal, "_append", full_disk)
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
