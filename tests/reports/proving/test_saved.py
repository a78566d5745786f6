"""A report of a proof that is read back is the one that was written."""

from __future__ import annotations

import pytest

from reconciler.errors import ExitCode, Problem, Refused, Severity, UsageError
from reconciler.proving.report import LeftOver, NotProved, ProveAllReport, ProveReport
from reconciler.reports.problems.view import NoPlanView, error_view
from reconciler.reports.proving.json import prove_json
from reconciler.reports.proving.saved import read_proof_report, without_proof
from reconciler.reports.proving.several import proofs_json
from tests.proving.samples import AUTHENTICATION, proof

FINDING = Problem(Severity.WARNING, "window-format", "a colon", "specs/a.yaml", 3, 2, "write a dot", "members")
LEFT = LeftOver("flow", "flow-1", "reconciler-proof/members/x/flow", "it is in use")


@pytest.mark.parametrize(
    "report",
    [
        proof(),
        proof(outcome="failed", left=(LEFT,), findings=(FINDING,), interrupted=True),
        proof(commit=None, streaming=True, authentication=AUTHENTICATION, written=("specs/proofs/members/proved-stage.json",)),
    ],
    ids=["proved", "failed", "streaming"],
)
def test_what_was_written_is_read_back(report: ProveReport) -> None:
    assert read_proof_report(prove_json(report).encode(), "report.json") == report


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"report": "prove", "format_version": 1}', b"\xff", b"[" * 100_000])
def test_what_is_no_report_of_a_proof_is_refused_with_the_name_of_the_file(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"report\.json is not a report"):
        read_proof_report(data, "report.json")


def test_a_command_that_did_not_begin_its_one_proof_is_read_as_well() -> None:
    mistake = Problem(Severity.ERROR, "secret-missing", "RECONCILER_PROOF_X is not set", hint="set it", key="members")
    refused = NotProved("members", (mistake,), ExitCode.REFUSED)
    assert read_proof_report(proofs_json(ProveAllReport((refused,))).encode(), "report.json") == refused
    assert read_proof_report(proofs_json(ProveAllReport((proof(),))).encode(), "report.json") == proof()
    with pytest.raises(UsageError, match="has the proofs of several sources"):
        read_proof_report(proofs_json(ProveAllReport((refused, refused))).encode(), "report.json")


def test_a_later_version_is_refused() -> None:
    with pytest.raises(UsageError, match="has format version 2; this version of reconciler reads 1"):
        read_proof_report(prove_json(proof()).replace('"format_version": 1', '"format_version": 2').encode(), "report.json")


def test_a_failure_is_a_proof_that_was_not_begun_with_the_error_first() -> None:
    found = without_proof("members", NoPlanView(error_view(Refused("no", hint="apply")), ()))
    assert (found.key, found.exit_code, found.problems[0].message) == ("members", ExitCode.REFUSED, "no")
