"""What a streaming proof begins with, from its files, and the file that its tests of the authentication are written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reconciler.errors import Problem, Severity
from reconciler.proofs.folder import AUTHENTICATION_TESTS
from reconciler.proofs.streaming.authentication import AuthenticationTest
from reconciler.proofs.streaming.tests_file import bytes_of_tests, merged, read_tests
from reconciler.proofs.values import Streaming
from reconciler.proving.steps.work import Work
from reconciler.proving.streaming.cases import Authentication
from reconciler.proving.streaming.stream import Stream
from reconciler.sessions.proofs.subjects import ProofFiles


def begin_stream(work: Work, files: ProofFiles) -> None:
    """Give the work its events. They are the records that schema and mapping are made from."""
    streaming, secrets = files.proof.streaming or Streaming("none"), files.streaming
    auth = Authentication(streaming.mechanism, streaming.encoding, secrets.secret, secrets.tests)
    warnings = tuple(problem for problem in files.filled.problems if not problem.is_error)
    work.stream = Stream(files.events.events, auth, streaming.wait, warnings)
    work.rows = tuple(event.value for event in files.events.events)


def authentication_file(
    specs: Path, files: ProofFiles, shown: str, tests: Sequence[AuthenticationTest]
) -> tuple[tuple[Path, bytes] | None, tuple[Problem, ...]]:
    """authentication-tests.yaml with the cases that were sent, and what people wrote of the others; None if nothing is to be written."""
    mechanism = files.proof.streaming.mechanism if files.proof.streaming else "none"
    if not tests or mechanism == "none":
        return None, ()
    before, problems = read_tests(files.folder, files.spec.key, shown)
    name = files.folder.path(AUTHENTICATION_TESTS)
    if problems:
        said = f"{shown}/{name} has errors, so the tests of this proof are not written"
        return None, (_warning(said, f"{shown}/{name}", "fix the file, then prove again"),)
    data = bytes_of_tests(merged(mechanism, tests, before))
    if data is None:
        return None, (_warning("the tests of this proof are too large to be written", f"{shown}/{name}", "send smaller events"),)
    return (specs / name, data), ()


def _warning(message: str, file: str, hint: str) -> Problem:
    return Problem(Severity.WARNING, "not-written", message, file, hint=hint)
