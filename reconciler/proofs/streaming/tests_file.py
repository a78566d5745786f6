"""Reads and writes `authentication-tests.yaml`: what was sent in each case, and what Adobe's endpoint answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from reconciler.desired.tree import Unreadable
from reconciler.documents.json_text import Document
from reconciler.documents.readers import read_whole
from reconciler.errors import Problem, Severity
from reconciler.proofs.folder import AUTHENTICATION_TESTS, MOST_BYTES, ProofFolder
from reconciler.proofs.proof import ProofText
from reconciler.proofs.streaming.authentication import CASES, TESTS, AuthenticationTest, AuthenticationTests
from reconciler.texts.yaml import read_yaml
from reconciler.texts.yaml_writing import document_lines
from reconciler.wording.guesses import did_you_mean

_HEADER: Final = """\
# The tests of the authentication of a streaming source, which a submission to Adobe must have.
# `reconciler prove --keep` writes the cases that it sends; people add the others.
"""


def read_tests(folder: ProofFolder, key: str, shown: str) -> tuple[AuthenticationTests | None, tuple[Problem, ...]]:
    """The tests in this folder, or why their file cannot be read. Never raises."""
    text = ProofText(f"{shown}/{folder.path(AUTHENTICATION_TESTS)}", key=key)
    try:
        data = folder.read(AUTHENTICATION_TESTS)
    except Unreadable as error:
        return None, (error.problem.at(text.file, 1, 1),)
    return (None, ()) if data is None else parsed_tests(replace(text, data=data))


def parsed_tests(text: ProofText) -> tuple[AuthenticationTests | None, tuple[Problem, ...]]:
    """The tests in this text, and its problems."""
    reading = read_yaml(text.data or b"")
    if reading.mistakes:
        return None, tuple(map(text.syntax, reading.mistakes))
    tests = read_whole(TESTS, reading.value)
    if isinstance(tests, tuple):
        return None, text.problems(tests)
    return tests, (*_twice(tests, text), *_unknown(tests, text))


def _twice(tests: AuthenticationTests, text: ProofText) -> Iterator[Problem]:
    cases = [test.case for test in tests.tests]
    for index, case in enumerate(cases):
        if case in cases[:index]:
            yield _problem(text, index, f"the case {case[:40]!r} is in the file twice", "keep one")


def _unknown(tests: AuthenticationTests, text: ProofText) -> Iterator[Problem]:
    known = CASES.get(tests.mechanism, {})
    for index, test in enumerate(tests.tests):
        if test.case not in known:
            hint = did_you_mean(test.case[:40], known) if known else "set mechanism to hmac or oauth, or remove the file"
            yield _problem(text, index, f"{test.case[:40]!r} is not a case of {tests.mechanism}", hint)


def _problem(text: ProofText, index: int, message: str, hint: str) -> Problem:
    return text.problem(("tests", str(index)), "bad-value", message, hint, Severity.ERROR)


def merged(mechanism: str, sent: Iterable[AuthenticationTest], before: AuthenticationTests | None) -> AuthenticationTests:
    """The tests that were sent now, and of earlier ones those of other cases; a row for each case, in the order of the cases.

    What an emulator answers does not replace an answer of Adobe's.
    """
    earlier = before.by_case if before is not None and before.mechanism == mechanism else {}
    found = dict(earlier)
    for test in sent:
        if test.is_of_adobe or test.case not in earlier or not earlier[test.case].is_of_adobe:
            found[test.case] = test
    rows = tuple(found.get(case, AuthenticationTest(case)) for case in CASES.get(mechanism, {}))
    return AuthenticationTests("oauth" if mechanism == "oauth" else "hmac", rows)


def bytes_of_tests(tests: AuthenticationTests) -> bytes | None:
    """The file; the same tests give the same bytes. None if it would be too large."""
    body: Document = {"mechanism": tests.mechanism, "tests": [_row(test) for test in tests.tests]}
    data = (_HEADER + "\n".join(document_lines(body)) + "\n").encode()
    return data if len(data) <= MOST_BYTES[AUTHENTICATION_TESTS] else None


def _row(test: AuthenticationTest) -> Document:
    """The keys that have a value."""
    row: Document = {
        "case": test.case,
        "request": test.request or None,
        "headers": dict(test.headers) or None,
        "body": test.body or None,
        "status": test.status,
        "answer": test.answer,
        "at": test.at or None,
        "trace": test.trace or None,
        "ingested": test.ingested,
    }
    return {name: value for name, value in row.items() if value is not None}
