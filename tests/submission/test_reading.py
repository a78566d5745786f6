"""What a submission reads: a file that cannot be read is a problem, and never the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.desired.tree import GivenFiles, Unreadable
from reconciler.proofs.folder import folder_of
from reconciler.proofs.kept.proved import NEVER_PROVED, Proved
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.proofs.values import AuthValues, FromEnvironment, Proof, Streaming
from reconciler.submission.reading import authentication_tests, evidence_of, files_beside, secrets_of
from tests.planning.situations import connection
from tests.proving.samples import TARGET
from tests.submission.samples import KEY, material

SPEC = material().spec


class Broken(GivenFiles):
    """A tree of which no file can be read."""

    def read(self, path: str) -> bytes:
        raise Unreadable("link", f"{path} leads out of the folder", "replace the link")


class Source:
    """Where a spec comes from."""

    path = f"sources/{KEY}/connection-spec.yaml"

    def position(self, pointer: str) -> tuple[int, int] | None:
        del pointer
        return None


def beside(tree: GivenFiles) -> tuple[set[str], list[tuple[str, str | None]]]:
    found = files_beside(tree, replace(SPEC, source=Source()), tree.listing().paths, "specs")
    return set(found.files), [(problem.code, problem.file) for problem in found.problems]


def test_only_the_files_of_this_key_beside_its_spec_are_read() -> None:
    folder = f"sources/{KEY}"
    tree = GivenFiles({f"{folder}/{KEY}-icon.svg": b"", f"{folder}/other-label.txt": b"", f"sources/{KEY}-label.txt": b""})
    assert beside(tree) == ({f"{KEY}-icon.svg"}, [])


def test_a_file_that_is_too_large_or_a_link_is_a_problem() -> None:
    path = f"sources/{KEY}/{KEY}-icon.svg"
    assert beside(GivenFiles({path: b"x" * 2_000_001})) == (set(), [("too-large", f"specs/{path}")])
    assert beside(Broken({path: b""})) == (set(), [("link", f"specs/{path}")])


def test_secrets_are_the_variables_of_every_part_of_the_proof_file() -> None:
    proof = Proof(
        auth=AuthValues(None, {"a": FromEnvironment("A"), "b": "plain"}),
        source={"c": FromEnvironment("C")},
        streaming=Streaming("hmac", FromEnvironment("S")),
    )
    values, unset = secrets_of(proof, {"RECONCILER_PROOF_A": "one", "RECONCILER_PROOF_C": "", "C": "no"})
    assert {name: secret.reveal() for name, secret in values.items()} == {"A": "one"}
    assert unset == ("C", "S")


def test_without_a_proof_the_file_that_is_missing_is_named() -> None:
    assert evidence_of(NEVER_PROVED, TARGET).reason == "there is no proved-stage.json"
    found = evidence_of(Proved(ProvedStatus.STALE, "authSpec changed"), TARGET)
    assert (found.status, found.reason, found.counts) == ("stale", "authSpec changed", False)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"mechanism: [", "yaml"),
        (b"- 1\n", "wrong-type"),
        (b"mechanism: basic\n", "bad-value"),
        (b"mechanism: hmac\ntest: []\n", "unknown-key"),
        (b"mechanism: hmac\ntests: [{status: 200}]\n", "missing-key"),
        (b"mechanism: hmac\ntests: [{case: valid}, {case: valid}]\n", "bad-value"),
        (b"", "empty"),
    ],
)
def test_a_table_of_tests_with_a_mistake_is_a_problem_with_its_line(data: bytes, said: str) -> None:
    folder = folder_of(GivenFiles({f"proofs/{KEY}/authentication-tests.yaml": data}), KEY)
    _, problems = authentication_tests(folder, connection(KEY), "specs")
    assert problems
    assert problems[0].file == f"specs/proofs/{KEY}/authentication-tests.yaml"
    assert (said in ("yaml", problems[0].code), problems[0].line is not None) == (True, True)


def test_a_table_of_tests_that_is_a_link_is_a_problem() -> None:
    folder = folder_of(Broken({f"proofs/{KEY}/authentication-tests.yaml": b""}), KEY)
    tests, problems = authentication_tests(folder, connection(KEY), "specs")
    assert (tests, [problem.code for problem in problems]) == (None, ["link"])


def test_no_table_of_tests_is_no_problem() -> None:
    assert authentication_tests(folder_of(GivenFiles({}), KEY), connection(KEY), "specs") == (None, ())
