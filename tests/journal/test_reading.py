"""A journal that is read back: its writes, and what a kill or a power failure left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.documents.json_text import encode
from reconciler.errors import UsageError
from reconciler.journal.reading import has_ended, read_journal, read_start
from tests.applying.world import BATCH, World
from tests.journal.events import ANSWER, END, FLOW, POST, PUT, RESULT, STAGE, START, apply, written
from tests.planning.situations import connection


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


def test_a_first_line_that_is_cut_off_is_not_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is not a journal: line 1: it is cut off"):
        read_journal(written(tmp_path / "j", rest=encode(START)[:-20]))


def test_a_file_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read journal .*: No such file") as caught:
        read_journal(tmp_path / "none")
    assert ".reconciler/journal" in (caught.value.hint or "")
    assert (has_ended(tmp_path / "none"), read_start(tmp_path / "none")) == (False, None)


@pytest.mark.parametrize(("at", "words"), [(0, "1970-01-01T00:00:00Z"), (1e300, f"{1e300:.0f} s after 1970")])
def test_the_beginning_is_told_as_a_date_where_there_is_one(tmp_path: Path, at: float, words: str) -> None:
    assert read_journal(written(tmp_path / "j", START | {"at": at})).start.began == words
