"""The journal of a proof: what it says, and that it can be read back."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.documents.json_text import decode, encode
from reconciler.errors import AnswerLost, JournalError, RefusedForNow, ServiceError, ServiceUnreachable, UsageError
from reconciler.proving.journal.reading import read_proof_journal, read_proof_start
from reconciler.proving.journal.writing import ProofJournal
from reconciler.proving.naming import kept_name, name_of
from reconciler.proving.report import LeftOver
from tests.flowservice.simulated import SimulatedClock
from tests.proving.journal.records import KEY, RUN, START, journal_at, made

SECRET = "hunter2-hunter2"


def lines(path: Path) -> list[dict[str, object]]:
    return [decode(line) for line in path.read_bytes().splitlines()]


def test_a_whole_proof_is_read_back(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "j")
    made(journal, "connection", "connection", "c1")
    made(journal, "schema", "schema", "_acme.schemas.1", uri="https://ns.adobe.com/acme/schemas/1")
    journal.fact("run", "input", 237)
    journal.result("connection", "proved", "")
    journal.result("flow", "failed", "refused")
    journal.deleted(LeftOver("connection", "c1", name_of(KEY, RUN, "connection"), ""), "gone")
    journal.end("failed", [LeftOver("schema", "_acme.schemas.1", name_of(KEY, RUN, "schema"), "forbidden")])
    record = read_proof_journal(tmp_path / "j")
    assert record.start == START
    assert [(one.step, one.type, one.id, one.uri) for one in record.made] == [
        ("connection", "connection", "c1", "c1"),
        ("schema", "schema", "_acme.schemas.1", "https://ns.adobe.com/acme/schemas/1"),
    ]
    assert record.results == {"connection": "proved", "flow": "failed"}
    assert record.facts == (("run", "input", 237),)
    assert (record.outcome, record.ended, record.cut_off) == ("failed", True, False)
    assert [one.id for one in record.leftovers] == ["_acme.schemas.1"]
    assert record.left[0].reason == "forbidden"


def test_each_event_is_as_documented(tmp_path: Path) -> None:
    clock = SimulatedClock()
    journal = journal_at(tmp_path / "j", clock)
    call = journal.intent("connection", "POST", "connection", "n", {"name": "n", "auth": {"params": {"password": SECRET}}})
    clock.sleep(0.25)
    journal.failed("connection", call, AnswerLost("lost", status=502, request_id="r", server_code="1400-500"))
    start, intent, answer = lines(tmp_path / "j")
    assert (start["format_version"], start["run"], start["target"]) == (
        1,
        RUN,
        {"name": "stage", "host": "platform.adobe.io", "org_id": "1234567890@AdobeOrg", "sandbox": "dev"},
    )
    assert {name: intent[name] for name in ("event", "step", "call", "method", "path", "name", "type")} == {
        "event": "intent",
        "step": "connection",
        "call": 1,
        "method": "POST",
        "path": "/connections",
        "name": "n",
        "type": "connection",
    }
    assert {name: answer[name] for name in answer if name != "at"} == {
        "event": "answer",
        "step": "connection",
        "call": 1,
        "status": 502,
        "request_id": "r",
        "id": None,
        "etag": None,
        "error": {"code": "1400-500", "message": "lost"},
        "ms": 250,
        "went_out": True,
    }


def test_no_credential_is_in_a_journal_nor_a_digest_of_one(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "j")
    for password in (SECRET, "another"):
        journal.intent("connection", "POST", "connection", "n", {"name": "n", "auth": {"params": {"password": password}}})
    written = (tmp_path / "j").read_bytes()
    assert SECRET.encode() not in written
    assert len({line["sent"] for line in lines(tmp_path / "j")[1:]}) == 1


def test_only_its_owner_can_read_a_journal(tmp_path: Path) -> None:
    journal_at(tmp_path / "j")
    assert stat.S_IMODE((tmp_path / "j").stat().st_mode) == 0o600


def test_a_journal_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(b"mine")
    with pytest.raises(JournalError, match="already exists"):
        ProofJournal(tmp_path / "j", lambda: 0.0)
    assert (tmp_path / "j").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("error", "may_be_there"),
    [
        (AnswerLost("lost"), True),
        (AnswerLost("lost", status=502), True),
        (ServiceError("bad", status=400), False),
        (RefusedForNow("later", status=429), False),
        (ServiceUnreachable("no connection"), False),
    ],
)
def test_what_a_lost_answer_may_have_made_is_looked_for_and_what_was_refused_is_not(
    tmp_path: Path, error: ServiceError, *, may_be_there: bool
) -> None:
    journal = journal_at(tmp_path / "j")
    call = journal.intent("flow", "POST", "flow", name_of(KEY, RUN, "flow"), {})
    journal.failed("flow", call, error)
    record = read_proof_journal(tmp_path / "j")
    assert [(one.id, one.name) for one in record.leftovers] == ([(None, name_of(KEY, RUN, "flow"))] if may_be_there else [])


def test_a_call_without_an_answer_may_have_made_something(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "j")
    journal.intent("flow", "POST", "flow", name_of(KEY, RUN, "flow"), {})
    assert len(read_proof_journal(tmp_path / "j").leftovers) == 1


def test_mapping_sets_runs_and_what_is_kept_are_not_left_over(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "j")
    made(journal, "mapping", "mappingSet", "m1", name=kept_name(KEY, "mapping"))
    made(journal, "dataset", "dataset", "d1", name=kept_name(KEY, "dataset"))
    journal.intent("windows", "POST", "run", "w", {})
    call = journal.intent("mapping", "PUT", "mappingSet", kept_name(KEY, "mapping"), {})
    journal.replaced("mapping", call, "m1")
    record = read_proof_journal(tmp_path / "j")
    assert [one.type for one in record.made] == ["mappingSet", "dataset"]
    assert record.leftovers == ()


@pytest.mark.parametrize(("outcome", "is_left"), [("gone", False), ("was_gone", False), ("left", True)])
def test_only_a_proved_deletion_settles_a_resource(tmp_path: Path, outcome: str, *, is_left: bool) -> None:
    journal = journal_at(tmp_path / "j")
    made(journal, "flow", "flow", "f1")
    journal.deleted(LeftOver("flow", "f1", name_of(KEY, RUN, "flow"), ""), outcome)  # type: ignore[arg-type]
    journal.deleted(LeftOver("connection", "f1", name_of(KEY, RUN, "flow"), ""), "gone")
    assert bool(read_proof_journal(tmp_path / "j").leftovers) is is_left


def test_the_end_of_a_proof_says_what_is_left(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "j")
    made(journal, "flow", "flow", "f1")
    made(journal, "connection", "connection", "c1")
    journal.end("proved", [LeftOver("flow", "f1", name_of(KEY, RUN, "flow"), "refused")])
    assert [one.id for one in read_proof_journal(tmp_path / "j").leftovers] == ["f1"]


def test_a_cut_off_last_line_is_not_read(tmp_path: Path) -> None:
    journal = journal_at(tmp_path / "j")
    made(journal, "flow", "flow", "f1")
    whole = (tmp_path / "j").read_bytes()
    (tmp_path / "j").write_bytes(whole[:-20])
    record = read_proof_journal(tmp_path / "j")
    assert record.cut_off
    assert [one.id for one in record.leftovers] == [None]


def test_unknown_events_and_keys_are_ignored(tmp_path: Path) -> None:
    journal_at(tmp_path / "j")
    with (tmp_path / "j").open("ab") as file:
        file.write(b'{"event":"weather","at":1}\n{"event":"result","step":"flow","outcome":"proved","new":1}\n')
    assert read_proof_journal(tmp_path / "j").results == {"flow": "proved"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _data: b"", "empty"),
        (lambda data: data.replace(b'"start"', b'"begin"'), "start"),
        (lambda data: data.replace(b'"format_version":1', b'"format_version":2'), "version 2"),
        (lambda data: data.replace(b'"run":"', b'"ran":"'), "run"),
        (lambda data: b"{\n" + data, "line 1"),
        (lambda data: data + b'{"event":"intent","at":"x"}\n', "line 2"),
        (lambda data: data + b'{"event":"end"}\n', "line 2"),
        (lambda _data: b"[" * 10_000, "empty"),
    ],
)
def test_what_is_not_a_journal_is_refused(tmp_path: Path, change: Callable[[bytes], bytes], reason: str) -> None:
    journal_at(tmp_path / "j")
    (tmp_path / "j").write_bytes(change((tmp_path / "j").read_bytes()))
    with pytest.raises(UsageError, match=reason):
        read_proof_journal(tmp_path / "j")


def test_a_file_that_is_not_there_is_not_a_journal(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read journal"):
        read_proof_journal(tmp_path / "none")
    assert read_proof_start(tmp_path / "none") is None
    (tmp_path / "j").write_bytes(encode({"event": "start"}))
    assert read_proof_start(tmp_path / "j") is None


def test_nothing_more_may_be_sent_once_a_line_was_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = journal_at(tmp_path / "j")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    journal.deleted(LeftOver("flow", "f1", "n", ""), "gone")
    monkeypatch.undo()
    assert journal.broken is not None
    with pytest.raises(JournalError, match="No space left") as caught:
        journal.intent("flow", "POST", "flow", "n", {})
    assert "nothing is made at Adobe without a journal" in (caught.value.hint or "")


@pytest.mark.parametrize("run", ["x; touch pwned #", "20261127T1012-7f3a; ls", "99999999T9999-7f3a", "\x1b[2J", ""])
def test_a_journal_whose_run_is_none_is_not_read_because_commands_are_shown_with_it(tmp_path: Path, run: str) -> None:
    journal_at(tmp_path / "j.jsonl", run=run)
    assert read_proof_start(tmp_path / "j.jsonl") is None
    with pytest.raises(UsageError, match="not the name of a run"):
        read_proof_journal(tmp_path / "j.jsonl")


@pytest.mark.parametrize("at", [-2e9, 1e300, 253_402_300_800])
def test_a_journal_of_an_impossible_time_is_not_read(tmp_path: Path, at: float) -> None:
    clock = SimulatedClock()
    clock.time = at
    journal_at(tmp_path / "j.jsonl", clock)
    assert read_proof_start(tmp_path / "j.jsonl") is None
