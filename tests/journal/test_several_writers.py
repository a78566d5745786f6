"""Several threads that write one journal: each waits for its own lines, and they share the flushes."""

from __future__ import annotations

import errno
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reconciler.documents.kinds import Kind
from reconciler.errors import JournalError
from reconciler.journal.writing import Journal, SentWrite
from reconciler.planning.plan import Action, ActionName, Request


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
