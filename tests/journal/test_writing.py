"""What a journal says, and what cannot be written."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.documents.json_text import decode
from reconciler.documents.kinds import Kind
from reconciler.emulator import Fault
from reconciler.errors import JournalError
from reconciler.journal.reading import read_start
from reconciler.journal.writing import FleetOfRun, Journal
from reconciler.planning.gate import Gate, GateName, Wait
from reconciler.planning.plan import Options
from tests.applying.world import BATCH, World, changed
from tests.journal.events import FLOW, apply
from tests.planning.situations import connection, plan


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
