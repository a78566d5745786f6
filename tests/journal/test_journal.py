"""The journal as a file: what it says, that it can be read back, where it is kept, and how much of it."""

from __future__ import annotations

import errno
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from reconciler.applying.engine import apply_plan
from reconciler.applying.outcome import ApplyReport
from reconciler.documents.json_text import decode, encode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Fault
from reconciler.errors import JournalError, UsageError
from reconciler.journal.folder import KEPT, journals_of, open_journal
from reconciler.journal.reading import has_ended, read_journal, read_start
from reconciler.journal.writing import FleetOfRun, Journal, SentWrite
from reconciler.planning.gate import Gate, GateName, Wait
from reconciler.planning.plan import Action, ActionName, Options, PlanTarget, Request
from tests.applying.world import BATCH, World, changed
from tests.planning.situations import connection, plan

FLOW = "RestStorageToAEP"
STAGE = PlanTarget("stage", "platform.adobe.io", "1234567890@AdobeOrg", "dev")
START = {
    "at": 1.5,
    "event": "start",
    "format_version": 1,
    "target": {"name": "stage", "host": "h", "org_id": "o", "sandbox": "dev"},
    "repository": "acme/s",
    "commit": None,
    "digest": "d",
}
PUT = {
    "at": 2,
    "event": "intent",
    "kind": "ConnectionSpec",
    "key": "a",
    "id": "1",
    "name": "A",
    "method": "PUT",
    "path": "/connectionSpecs/1",
    "before": {"id": "1", "big": 2**70},
    "sent": "s",
}
POST = PUT | {"id": None, "method": "POST", "path": "/connectionSpecs", "before": None}
ANSWER = {"at": 3, "event": "answer", "kind": "ConnectionSpec", "key": "a", "id": "1", "method": "PUT", "status": 200}
RESULT = {"at": 4, "event": "result", "kind": "ConnectionSpec", "key": "a", "id": "1", "outcome": "updated", "read_back": "r"}
END = {"at": 5, "event": "end", "converged": True}


def written(path: Path, *events: object, rest: bytes = b"") -> Path:
    path.write_bytes(b"".join(encode(event) + b"\n" for event in events) + rest)
    return path


def apply(world: World) -> ApplyReport:
    """An apply whose journal goes into the folder; no two begin at one moment."""
    world.clock.time += 1
    made = world.plan()
    return apply_plan(
        made,
        world.workspace,
        world.service,
        journal=None,
        clock=world.clock,
        rng=random.Random(1),  # noqa: S311 - jitter
        stop=world.stop,
        progress=world.progress,
    )


def folder(world: World) -> Path:
    return world.path / ".reconciler" / "journal"


# What is read back.


def test_an_apply_can_be_read_back_from_its_journal(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])])
    report = apply(world)
    record = read_journal(Path(report.journal or ""))
    assert [(write.intent.method, write.status, write.outcome) for write in record.writes] == [
        ("POST", 201, "created"),
        ("PUT", 200, "attached"),
    ]
    assert [write.spec_id for write in record.writes] == [world.ours()["a"][0], BATCH]
    assert (record.start.target, record.start.digest, record.ended, record.cut_off) == (STAGE, report.digest, True, False)
    assert record.unfinished == ()


def test_a_write_without_a_result_is_unfinished(tmp_path: Path) -> None:
    record = read_journal(written(tmp_path / "j", START, PUT, ANSWER, RESULT, PUT))
    assert [write.outcome for write in record.writes] == ["updated", None]
    assert (record.unfinished, record.ended) == (record.writes[1:], False)


def test_numbers_in_a_body_from_before_are_read_exactly(tmp_path: Path) -> None:
    (write,) = read_journal(written(tmp_path / "j", START, PUT)).writes
    assert (write.intent.before or {})["big"] == 2**70


def test_a_create_learns_its_id_from_the_answer_or_from_the_result(tmp_path: Path) -> None:
    answered = read_journal(written(tmp_path / "a", START, POST, ANSWER | {"method": "POST", "id": "9"})).writes
    ended = read_journal(written(tmp_path / "b", START, POST, RESULT | {"id": "9"})).writes
    assert (answered[0].spec_id, ended[0].spec_id, ended[0].outcome) == ("9", "9", "updated")


def test_the_result_of_an_action_is_that_of_all_its_writes(tmp_path: Path) -> None:
    record = read_journal(written(tmp_path / "j", START, POST, ANSWER | {"method": "POST"}, PUT, ANSWER, RESULT))
    assert [write.outcome for write in record.writes] == ["updated", "updated"]


@pytest.mark.parametrize(
    ("answer", "happened"),
    [
        ({"status": 200}, True),
        ({"status": None}, True),
        ({"status": 503}, True),
        ({"status": 412}, False),
        ({"status": None, "went_out": False}, False),
    ],
    ids=str,
)
def test_a_write_may_have_happened_unless_its_answer_is_a_clear_no(
    tmp_path: Path, answer: dict[str, object], happened: bool
) -> None:
    (write,) = read_journal(written(tmp_path / "j", START, PUT, ANSWER | answer)).writes
    assert write.may_have_happened is happened


@pytest.mark.parametrize("rest", [b'{"at":9,"event":"int', b"\0\0\0\0{", b'{"at":9,"event":"int\n\n\0'])
def test_a_last_line_that_was_cut_off_is_told_and_no_error(tmp_path: Path, rest: bytes) -> None:
    record = read_journal(written(tmp_path / "j", START, PUT, rest=rest))
    assert (record.cut_off, len(record.writes), has_ended(tmp_path / "j")) == (True, 1, False)


def test_events_and_keys_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    record = read_journal(written(tmp_path / "j", START | {"new": 1}, {"at": 2, "event": "new"}, [], END))
    assert (record.writes, record.ended) == ((), True)


def test_an_answer_that_no_intent_announced_is_passed_over(tmp_path: Path) -> None:
    assert read_journal(written(tmp_path / "j", START, ANSWER, RESULT)).writes == ()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), "line 1: the file is empty"),
        ((END,), "line 1: it does not start with a `start` event"),
        ((START, PUT | {"kind": "Flow"}), "line 2: Invalid enum value"),
        ((START, PUT | {"before": None}), "line 2: the `intent` of a PUT must have the previous body"),
        ((START, PUT | {"before": {"id": "2"}}), "line 2: the `intent` of a PUT must have the previous body of the same spec"),
        ((START | {"target": {}},), "line 1: Object missing required field"),
        ((START | {"format_version": 2},), "format version 2, but this reconciler reads version 1"),
    ],
)
def test_what_is_no_journal_is_an_error_with_its_line(tmp_path: Path, lines: tuple[object, ...], reason: str) -> None:
    with pytest.raises(UsageError, match=r"is not a journal|has journal format") as caught:
        read_journal(written(tmp_path / "j", *lines))
    assert reason in caught.value.message
    assert caught.value.hint


def test_a_line_in_the_middle_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="line 2: "):
        read_journal(written(tmp_path / "j", START, rest=b"{\n" + encode(END)))


def test_a_file_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read journal .*: No such file") as caught:
        read_journal(tmp_path / "none")
    assert ".reconciler/journal" in (caught.value.hint or "")
    assert (has_ended(tmp_path / "none"), read_start(tmp_path / "none")) == (False, None)


@pytest.mark.parametrize(("at", "words"), [(0, "1970-01-01T00:00:00Z"), (1e300, f"{1e300:.0f} s after 1970")])
def test_the_beginning_is_told_as_a_date_where_there_is_one(tmp_path: Path, at: float, words: str) -> None:
    assert read_journal(written(tmp_path / "j", START | {"at": at})).start.began == words


# Where it is kept.


def test_the_folder_of_journals_is_kept_out_of_git(tmp_path: Path) -> None:
    apply(World(tmp_path, [connection("a")]))
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "*\n"


def test_a_gitignore_that_is_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / ".reconciler").mkdir()
    (tmp_path / ".reconciler" / ".gitignore").write_text("mine\n")
    world = World(tmp_path, [connection("a")])
    apply(world)
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "mine\n"


def test_a_journal_that_was_named_makes_no_folder_and_removes_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    with open_journal(tmp_path / "mine.jsonl", tmp_path, STAGE, world.clock):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.jsonl"]


def test_only_its_owner_may_read_a_journal(tmp_path: Path) -> None:
    report = apply(World(tmp_path, [connection("a")]))
    assert Path(report.journal or "").stat().st_mode & 0o777 == 0o600


def test_only_the_newest_journals_of_a_target_stay(tmp_path: Path) -> None:
    world = World(tmp_path)
    for _ in range(KEPT + 3):
        with open_journal(None, tmp_path, STAGE, world.clock) as journal:
            journal.start(world.plan())
            journal.end(converged=True)
        world.clock.time += 1
    left = sorted(folder(world).iterdir())
    assert (len(left), left[-1]) == (KEPT, journal.path)


def test_other_targets_files_and_runs_that_did_not_end_stay(tmp_path: Path) -> None:
    world = World(tmp_path)
    where = folder(world)
    where.mkdir(parents=True)
    kept = [
        written(where / "20200101T000000.000000Z-prod.jsonl", START, END),
        written(where / "20200101T000000.000001Z-stage.jsonl", START, PUT),
        written(where / "20200101T000000.000002Z-stage.jsonl", {"of": "a later version"}),
        written(where / "mine-stage.jsonl", START, END),
    ]
    gone = [
        written(where / "20200101T000000.000003Z-stage.jsonl", START, PUT, RESULT),
        written(where / "20200101T000000.000004Z-stage.jsonl"),
    ]
    for _ in range(KEPT):
        with open_journal(None, tmp_path, STAGE, world.clock):
            pass
        world.clock.time += 1
    assert [path.exists() for path in kept] == [True] * 4
    assert [path.exists() for path in gone] == [False] * 2


def test_the_newest_journal_is_that_of_the_same_place(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    report = apply(world)
    assert journals_of(tmp_path, STAGE, 1) == [Path(report.journal or "")]
    assert journals_of(tmp_path, PlanTarget("stage", STAGE.host, STAGE.org_id, "prod"), 1) == []


def test_a_put_that_is_turned_away_is_journaled_each_time(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])])
    world.emulator.service.faults.set([Fault(path="/flowSpecs/*", method="PUT", times=1, status=429, retry_after=5)])
    assert world.apply().converged
    flow = [line for line in world.journal() if line.get("kind") == "FlowSpec" and line["event"] in ("intent", "answer")]
    assert [line.get("status", line["event"]) for line in flow] == ["intent", 429, "intent", 200]


def test_a_put_that_was_held_up_is_journaled_as_one_that_never_went_out(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a", flow_specs=[FLOW])])
    world.emulator.service.faults.set([Fault(path=f"/flowSpecs/{BATCH}", method="GET", times=2, wait=20)])
    assert world.apply().converged
    answers = [line for line in world.journal() if line["event"] == "answer" and line["kind"] == "FlowSpec"]
    assert [(line["status"], line["went_out"]) for line in answers] == [(None, False), (200, True)]


def test_every_line_has_a_time_and_an_event(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    assert world.apply().converged
    world.files = [changed(world.files[0], sourceSpec={"y": 1})]
    report = apply(world)
    lines = [decode(line) for line in Path(report.journal or "").read_bytes().splitlines()]
    assert [line["event"] for line in lines] == ["start", "intent", "answer", "result", "end"]
    assert all(isinstance(line["at"], float) for line in lines)


# What cannot be written.


def test_a_line_that_does_not_reach_the_disk_is_an_error_and_no_other_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    plan = World(tmp_path).plan()
    with Journal(tmp_path / "j", lambda: 0.0) as journal:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(JournalError, match=r"cannot write journal .*: No space left on device") as caught:
            journal.start(plan)
        monkeypatch.undo()
        with pytest.raises(JournalError):
            journal.start(plan)
        journal.end(converged=True)
    assert (journal.broken, (tmp_path / "j").read_bytes().count(b"\n")) == (caught.value, 1)


def test_a_folder_that_cannot_be_made_is_an_error_before_anything_is_sent(tmp_path: Path) -> None:
    world = World(tmp_path, [connection("a")])
    (tmp_path / ".reconciler").write_text("a file")
    with pytest.raises(JournalError, match=r"cannot write journal .*: Not a directory"):
        apply(world)
    assert world.writes() == []


def test_the_start_says_which_gates_were_passed_over_and_why(tmp_path: Path) -> None:
    soak = Wait("stage", GateName.SOAK, "2h of 1d")
    gates = {
        (Kind.CONNECTION_SPEC, "members"): Gate(skipped=(soak,)),
        (Kind.CONNECTION_SPEC, "orders"): Gate((Wait("stage", GateName.SAME, "stage does not have it yet"),), (soak,)),
    }
    made = replace(plan([], []), gates=gates, options=Options(skip_gates=("soak",), reason="a fix for the outage"))
    with Journal(tmp_path / "j.jsonl", lambda: 1.5) as journal:
        journal.start(made)
        journal.end(converged=True)
    start = decode((tmp_path / "j.jsonl").read_bytes().splitlines()[0])
    passed = {"kind": "ConnectionSpec", "key": "members", "on": "stage", "gate": "soak", "message": "2h of 1d"}
    assert isinstance(start, dict)
    assert start["skipped"] == {"reason": "a fix for the outage", "gates": [passed]}
    found = read_start(tmp_path / "j.jsonl")
    assert found is not None
    assert found.digest == made.digest


def test_a_start_of_many_targets_and_gates_is_read_back(tmp_path: Path) -> None:
    waits = (Wait("stage", GateName.SOAK, "x" * 9_999),)
    gates = {(Kind.CONNECTION_SPEC, f"spec-{number}"): Gate(skipped=waits) for number in range(1_000)}
    with Journal(tmp_path / "j.jsonl", lambda: 1.5) as journal:
        journal.start(replace(plan([], []), gates=gates), FleetOfRun("d", tuple(f"target-{n}" for n in range(256))))
    assert read_start(tmp_path / "j.jsonl") is not None


# Several writers.


def test_what_is_recorded_while_the_disk_is_busy_shares_one_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.fsync)
    with Journal(tmp_path / "j", lambda: 0.0) as journal, ThreadPoolExecutor(5) as workers:
        first = workers.submit(intend, journal, "first")
        disk.is_asked.wait()
        others = [workers.submit(intend, journal, name) for name in ("a", "b", "c", "d")]
        while (tmp_path / "j").read_bytes().count(b"\n") < 5:
            threading.Event().wait(0.001)
        assert not any(other.done() for other in others)  # nothing is sent before its own line is on disk
        disk.may_go_on.set()
        for future in (first, *others):
            future.result()
    assert disk.flushes == 2


def test_nobody_who_waits_for_a_failed_flush_may_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(OSError(errno.EIO, "Input/output error"))
    monkeypatch.setattr(os, "fsync", disk.fsync)
    with Journal(tmp_path / "j", lambda: 0.0) as journal, ThreadPoolExecutor(2) as workers:
        first = workers.submit(intend, journal, "first")
        disk.is_asked.wait()
        other = workers.submit(intend, journal, "other")
        while (tmp_path / "j").read_bytes().count(b"\n") < 2:
            threading.Event().wait(0.001)
        disk.may_go_on.set()
        for future in (first, other):
            with pytest.raises(JournalError, match="Input/output error"):
                future.result()
    assert disk.flushes == 1  # a second one could succeed although the lines are lost


def test_an_answer_and_a_result_wait_for_no_disk_and_are_on_it_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda _: on_disk.append((tmp_path / "j").read_bytes().count(b"\n")))
    action = update_of("a")
    with Journal(tmp_path / "j", lambda: 0.0) as journal:
        intend(journal, "a")
        journal.answer(action, "1", SentWrite("PUT", "/connectionSpecs/1", 200, None), None)
        journal.result(action, "1", "updated", None)
        assert on_disk == [1]
        assert (tmp_path / "j").read_bytes().count(b"\n") == 3  # a kill loses none of them
        journal.end(converged=True)
    assert on_disk == [1, 4]


@dataclass
class Disk:
    """A disk whose first flush takes until it may go on, and then fails with `error`, if there is one."""

    error: OSError | None = None
    flushes: int = 0
    is_asked: threading.Event = field(default_factory=threading.Event)
    may_go_on: threading.Event = field(default_factory=threading.Event)

    def fsync(self, _: int) -> None:
        self.flushes += 1
        self.is_asked.set()
        self.may_go_on.wait()
        if self.error is not None:
            raise self.error


def intend(journal: Journal, key: str) -> None:
    journal.intent(update_of(key), Request("PUT", "/connectionSpecs/1"), {"name": key}, {"id": "1"})


def update_of(key: str) -> Action:
    return Action(kind=Kind.CONNECTION_SPEC, key=key, name=key, id="1", action=ActionName.UPDATE, changes=())
