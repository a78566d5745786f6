from __future__ import annotations

from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.errors import Problem, Severity
from reconciler.sources.findings import Finding
from reconciler.trying.running.placing import no_proof, placed

SPEC = """\
kind: ConnectionSpec
spec:
  name: Members
  type: generic-rest
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  sourceSpec:
    attributes:
      paginationParams:
        type: OFFSET
overlays:
  stage:
    sourceSpec: {attributes: {contentPath: {path: $.rows}}}
"""
PATH = ("sourceSpec", "attributes", "paginationParams", "type")


def spec() -> DesiredSpec:
    return load_desired(GivenFiles({"sources/members/connection-spec.yaml": SPEC.encode()}), "stage").specs[0]


def place(finding: Finding) -> tuple[str | None, int | None, int | None]:
    (one,) = placed([finding], spec(), lambda path: ("specs/proofs/members/proof.yaml", len(path), 3), str)
    return one.problem.file, one.problem.line, one.problem.column


def finding(code: str = "loop", path: tuple[str, ...] | None = PATH, message: str = "said", call: int | None = None) -> Finding:
    return Finding(Severity.ERROR, code, message, "look", path, call)


def test_a_finding_is_at_its_part_of_the_spec_or_of_the_overlay() -> None:
    assert place(finding()) == ("specs/sources/members/connection-spec.yaml", 10, 9)
    overlaid = ("sourceSpec", "attributes", "contentPath", "path")
    assert place(finding(path=overlaid)) == ("specs/sources/members/connection-spec.yaml", 13, 45)


def test_a_finding_about_no_part_is_at_the_body() -> None:
    assert place(finding(path=None)) == ("specs/sources/members/connection-spec.yaml", 2, 1)


def test_what_a_proof_expects_is_at_its_place_there() -> None:
    assert place(finding("expected-records", ("expect", "records"))) == ("specs/proofs/members/proof.yaml", 2, 3)
    (one,) = placed([finding("expected-records", None)], spec(), no_proof, str)
    assert one.problem == Problem(Severity.ERROR, "expected-records", "said", hint="look", key="members")


def test_words_are_made_safe_and_name_their_request() -> None:
    (one,) = placed([finding("no-answer", call=3, message="secret")], spec(), no_proof, lambda text: f"<{text}>")
    assert (one.problem.message, one.problem.hint, one.call) == ("request 3: <secret>", "<look>", 3)
