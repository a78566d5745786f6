"""engine.yaml: what proofs have shown, checked entry by entry, and never contradicted in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reconciler.desired.tree import GivenFiles
from reconciler.errors import Severity
from reconciler.proofs.kept.engine_file import (
    CONTRADICTED,
    EngineAnswer,
    ReadEngine,
    engine_bytes,
    engine_in,
    with_known,
    with_learnt,
)
from reconciler.proving.report import LearntRow

RUN = "20261127T1012-7f3a"
AT = datetime(2026, 11, 27, 10, 16, 20, tzinfo=UTC)
EMPTY = LearntRow("offset.no-end", "until-empty", "")
SHORT = LearntRow("offset.no-end", "until-short", "")
GOOD = """offset.no-end: {value: until-empty, by: proof 20261127T1012-7f3a, target: stage, at: "2026-11-27T10:16:20Z"}\n"""


def engine(data: str | bytes | None) -> ReadEngine:
    content = data.encode() if isinstance(data, str) else data
    return engine_in(GivenFiles({} if content is None else {"proofs/engine.yaml": content}))


def learn(before: str | bytes | None, *rows: LearntRow, target: str = "stage", emulated: bool = False) -> str | None:
    data, _ = with_learnt(engine(before), rows, RUN, target, AT, emulated=emulated)
    return None if data is None else data.decode()


def warned(before: str, *rows: LearntRow) -> list[str]:
    return [problem.message for problem in with_learnt(engine(before), rows, "20261128T0900-0001", "dev", AT)[1]]


def test_an_answer_says_who_showed_it_where_and_when() -> None:
    read = engine(GOOD)
    assert not read.problems
    assert read.answers["offset.no-end"] == EngineAnswer("until-empty", f"proof {RUN}", "stage", AT)
    assert str(read.answers["offset.no-end"]) == f"proof {RUN} in stage on 2026-11-27"


@pytest.mark.parametrize("data", [None, "", "# nothing\n"])
def test_without_a_file_there_are_no_answers(data: str | None) -> None:
    assert (engine(data).answers, engine(data).problems) == ({}, ())


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("offset.noend: {value: never, by: a, target: b, at: 2026-11-27}", "unknown-key"),
        ("request.query: {value: appended, by: a, target: b, at: 2026-11-27}", "unknown-key"),
        ("offset.no-end: {value: sometimes, by: a, target: b, at: 2026-11-27}", "bad-value"),
        ("offset.no-end: until-empty", "wrong-type"),
        ("offset.no-end: {value: never, target: b, at: 2026-11-27}", "missing-key"),
        ("offset.no-end: {value: never, by: a, target: b, at: yesterday}", "bad-value"),
        ("offset.no-end: {value: never, by: '', target: b, at: 2026-11-27}", "bad-value"),
        ("offset.no-end: {value: never, by: a, target: b, at: 2026-11-27, extra: 1}", "unknown-key"),
        ("offset.no-end: {value: never, by: a, target: b, at: 2026-11-27, contradicted: {value: no}}", "missing-key"),
    ],
)
def test_a_wrong_entry_is_one_problem_and_no_answer(entry: str, code: str) -> None:
    good = 'page.end: {value: exclusive, by: proof x, target: stage, at: "2026-11-27T10:16:20Z"}\n'
    read = engine(good + entry + "\n")
    assert set(read.answers) == {"page.end"}
    assert read.problems[0].code == code
    assert (read.problems[0].file, read.problems[0].line) == ("specs/proofs/engine.yaml", 2)


@pytest.mark.parametrize("data", [b"- a list\n", b"a: [", b"\xff", b"#" * 300_000, b"word\n"])
def test_a_file_of_another_kind_is_a_problem(data: bytes) -> None:
    read = engine(data)
    assert not read.answers
    assert read.problems


def test_what_is_learnt_is_written_sorted_and_can_be_read_back() -> None:
    said = learn(None, EMPTY, LearntRow("http.429", "retries", ""))
    assert said is not None
    assert said.startswith("# What proofs have shown")
    assert [line.partition(":")[0] for line in said.splitlines()[2:]] == ["http.429", "offset.no-end"]
    read = engine(said)
    assert not read.problems
    assert read.answers["offset.no-end"].value == "until-empty"
    assert engine_bytes(read.answers).decode() == said


def test_the_same_answer_again_changes_nothing() -> None:
    assert learn(GOOD, EMPTY) is None
    assert not warned(GOOD, EMPTY)
    assert learn(GOOD) is None


def test_a_contradicting_answer_is_written_beside_the_first_and_neither_counts() -> None:
    data, problems = with_learnt(engine(GOOD), [SHORT], "20261128T0900-0001", "dev", AT)
    assert data is not None
    read = engine(data)
    answer = read.answers["offset.no-end"]
    assert answer.value == "until-empty"
    assert answer.contradicted is not None
    assert answer.contradicted.value == "until-short"
    assert read.known("stage") == read.known(None) == {}
    assert [(problem.code, problem.severity) for problem in problems] == [(CONTRADICTED, Severity.WARNING)]
    assert problems[0].message == (
        "offset.no-end is until-short by proof 20261128T0900-0001 in dev on 2026-11-27, "
        f"but until-empty by proof {RUN} in stage on 2026-11-27: neither is assumed"
    )


def test_an_answer_of_an_emulator_counts_in_its_target_only() -> None:
    said = learn(None, EMPTY, target="laptop", emulated=True)
    assert said is not None
    assert set(engine(said).known("laptop")) == {"offset.no-end"}
    assert engine(said).known("stage") == engine(said).known(None) == {}


def test_an_emulator_never_replaces_or_contradicts_what_adobe_has_shown() -> None:
    assert learn(GOOD, SHORT, target="laptop", emulated=True) is None
    assert engine(GOOD).known(None)


def test_adobe_replaces_what_an_emulator_has_shown() -> None:
    emulated = learn(None, SHORT, target="laptop", emulated=True)
    said = learn(emulated, EMPTY)
    assert said is not None
    assert engine(said).answers["offset.no-end"] == EngineAnswer("until-empty", f"proof {RUN}", "stage", AT)
    assert learn(emulated, EMPTY, target="laptop", emulated=True) != emulated


def test_an_emulator_does_what_its_switches_say_so_its_last_answer_counts() -> None:
    before = learn(None, SHORT, target="laptop", emulated=True)
    said = learn(before, EMPTY, target="laptop", emulated=True)
    assert said is not None
    answer = engine(said).answers["offset.no-end"]
    assert (answer.value, answer.emulated, answer.contradicted) == ("until-empty", True, None)
    assert learn(before, SHORT, target="laptop", emulated=True) is None


def test_what_adobe_has_shown_replaces_the_same_answer_of_an_emulator() -> None:
    said = learn(learn(None, EMPTY, target="laptop", emulated=True), EMPTY)
    assert said is not None
    assert not engine(said).answers["offset.no-end"].emulated


def test_a_trial_assumes_what_was_shown_unless_a_person_assumes_something_else() -> None:
    known = engine(GOOD).known(None)
    assert with_known(known, {}) == {"offset.no-end": "until-empty"}
    assert with_known(known, {"offset.no-end": "never", "page.end": "exclusive"}) == {
        "offset.no-end": "never",
        "page.end": "exclusive",
    }


def test_an_answer_may_have_two_hundred_characters_and_no_more() -> None:
    def problems(by: str) -> int:
        return len(engine(GOOD.replace(f"proof {RUN}", by)).problems)

    assert problems("x" * 200) == 0
    assert problems("x" * 201) == 1
    assert problems(" ") == 1


def test_a_file_with_errors_is_left_as_it_is() -> None:
    data, problems = with_learnt(engine("nonsense: 1\n"), [EMPTY], RUN, "stage", AT)
    assert data is None
    assert [problem.code for problem in problems] == ["not-learnt"]


def test_an_answer_says_that_an_emulator_gave_it() -> None:
    said = EngineAnswer("until-empty", "proof 20261127T1012-7f3a", "local", datetime(2026, 11, 27, tzinfo=UTC), emulated=True)
    assert str(said) == "proof 20261127T1012-7f3a in local (emulator) on 2026-11-27"
    assert str(replace(said, emulated=False)) == "proof 20261127T1012-7f3a in local on 2026-11-27"
