"""Proofs of a streaming source on a laptop: what is sent, what counts, and what is found out about the authentication."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.emulator import Behaviour
from reconciler.errors import ExitCode
from reconciler.proofs.kept.proved_file import KeptProof, read_proved
from reconciler.proofs.proof import ProofText
from reconciler.proofs.streaming.tests_file import parsed_tests
from reconciler.proving.guards.before import ProofRefused
from reconciler.proving.options import STREAMING_STEPS
from reconciler.proving.report import AuthenticationCase, ProveReport
from tests.sessions.proofs.laptop import KEY, Laptop, Wire, outcomes, why
from tests.sessions.proofs.streaming import EVENTS, HMAC_CASES, PROOF, SECRETS, streaming


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Laptop]:
    with streaming(tmp_path) as opened:
        yield opened


def cases_of(report: ProveReport) -> Mapping[str, AuthenticationCase]:
    assert report.authentication is not None
    return {case.case: case for case in report.authentication.cases}


def test_a_right_source_is_proved_and_nothing_but_the_mapping_set_is_left(here: Laptop) -> None:
    report = here.prove()
    assert (report.outcome, report.left, report.exit_code) == ("proved", (), ExitCode.DONE), report.steps
    assert outcomes(report) == dict.fromkeys(STREAMING_STEPS, "proved")
    counts = report.counts
    assert (counts.tried, counts.input, counts.output, counts.failed) == (3, 3, 3, 0)
    assert (report.streaming, set(report.ids)) == (True, {"flow", "inlet"})
    assert here.left() == {"mappingSets": 1}


def test_each_case_of_the_table_is_sent_and_its_answer_recorded(here: Laptop) -> None:
    cases = cases_of(here.prove())
    assert list(cases) == HMAC_CASES
    assert {name: case.status for name, case in cases.items()} == {
        **dict.fromkeys(HMAC_CASES, 401),
        "valid": 200,
        "previous-secret": 200,
    }
    assert {name for name, case in cases.items() if case.ingested} == {"valid", "previous-secret"}
    assert {case.ingested for case in cases.values()} == {True, False}
    assert all(case.sent and case.trace and case.at for case in cases.values())


def test_the_bytes_of_each_line_are_sent_to_the_flow_that_was_made(here: Laptop) -> None:
    seen: list[httpx.Request] = []
    here.wire = Wire(here.emulator, lambda _n, request: seen.append(request) if "/collection/" in request.url.path else None)
    report = here.prove()
    assert [request.content.decode() for request in seen[:3]] == EVENTS.splitlines()
    assert {request.headers["x-adobe-flow-id"] for request in seen} == {report.ids["flow"]}
    assert {request.url.path for request in seen} == {f"/collection/{report.ids['inlet']}"}


def test_the_platform_token_is_not_sent_to_an_inlet_of_hmac(here: Laptop) -> None:
    seen: list[httpx.Request] = []
    here.wire = Wire(here.emulator, lambda _n, request: seen.append(request) if "/collection/" in request.url.path else None)
    here.prove()
    assert seen
    assert not [request for request in seen if {"authorization", "x-api-key", "x-gw-ims-org-id"} & set(request.headers)]


def test_without_their_secrets_two_cases_are_not_sent(tmp_path: Path) -> None:
    with streaming(tmp_path, PROOF.replace("  tests: {previous-secret: {env: OLD}, removed-secret: {env: GONE}}\n", "")) as here:
        report = here.prove()
        assert report.outcome == "proved"
        assert [name for name, case in cases_of(report).items() if not case.sent] == ["previous-secret", "removed-secret"]
        assert why(report, "auth-tests").startswith("not sent by us: previous-secret, removed-secret")


def test_an_inlet_that_accepts_events_without_a_signature_is_not_proved(tmp_path: Path) -> None:
    with streaming(tmp_path, behaviour=Behaviour(inlet_auth="none")) as here:
        report = here.prove()
        assert (report.outcome, report.exit_code) == ("failed", ExitCode.UNFINISHED)
        assert why(report, "auth-tests") == "the inlet accepted the case 'missing' (HTTP 200), and 4 more cases failed"
        assert outcomes(report)["landed"] == "proved"
        assert here.left() == {"mappingSets": 1}


def test_a_wrong_secret_is_not_proved_and_the_reason_is_shown(tmp_path: Path) -> None:
    with streaming(tmp_path, behaviour=Behaviour(inlet_secrets=("another secret",))) as here:
        report = here.prove()
        assert report.outcome == "failed"
        assert why(report, "send").startswith("the inlet refused event 1 (HTTP 401): ")
        assert outcomes(report)["landed"] == "skipped"


@pytest.mark.parametrize(("written", "read"), [("base64", "hex"), ("hex", "base64")])
def test_the_other_encoding_is_found_out(tmp_path: Path, written: str, read: str) -> None:
    proof = PROOF.replace("  mechanism: hmac\n", f"  mechanism: hmac\n  encoding: {written}\n")
    with streaming(tmp_path, proof, replace(SECRETS, hmac_encoding=read)) as here:  # type: ignore[arg-type]
        report = here.prove()
        assert report.outcome == "failed"
        assert why(report, "send").endswith(f"; it accepts the signature in {read}: write streaming.encoding: {read}")


def test_events_are_sent_after_the_wait(here: Laptop) -> None:
    report = here.prove()
    assert next(step.milliseconds for step in report.steps if step.id == "wait") >= 300_000


def test_events_that_come_too_early_are_accepted_and_not_seen(tmp_path: Path) -> None:
    proof = PROOF.replace("  mechanism: hmac\n", "  mechanism: hmac\n  wait: 10s\n")
    with streaming(tmp_path, proof, replace(SECRETS, inlet_warm_up=300)) as here:
        report = here.prove()
        assert outcomes(report)["send"] == "proved"
        assert (report.outcome, outcomes(report)["landed"], report.exit_code) == ("unknown", "unknown", ExitCode.UNFINISHED)
        assert why(report, "landed") == "accepted, not seen yet: 0 of 5 events in the dataset after 1h"
        assert {case.ingested for case in cases_of(report).values()} == {None}


def test_events_that_land_late_are_waited_for(tmp_path: Path) -> None:
    with streaming(tmp_path, behaviour=replace(SECRETS, land_delay=3_000)) as here:
        assert here.prove().outcome == "proved"


def test_the_wait_for_events_can_be_shorter(tmp_path: Path) -> None:
    with streaming(tmp_path, behaviour=replace(SECRETS, land_delay=3_000)) as here:
        report = here.prove(landed=60.0)
        assert why(report, "landed") == "accepted, not seen yet: 0 of 5 events in the dataset after 1m 0s"


def test_another_number_of_events_than_expected_is_not_proved(tmp_path: Path) -> None:
    with streaming(tmp_path, PROOF + "expect: {records: 4}\n") as here:
        report = here.prove()
        assert (report.outcome, why(report, "landed")) == ("failed", "3 events landed, and proof.yaml expects 4")


def test_rows_of_an_earlier_proof_in_a_kept_dataset_are_not_counted(tmp_path: Path) -> None:
    with streaming(tmp_path, PROOF + "cleanup: {keep: [schema, dataset]}\n") as here:
        assert here.prove().outcome == "proved"
        report = here.prove()
        assert (report.outcome, report.counts.output) == ("proved", 3), report.steps


def test_more_rows_than_a_preview_shows_cannot_be_counted(tmp_path: Path) -> None:
    with streaming(tmp_path, PROOF + "cleanup: {keep: [schema, dataset]}\n", events='{"id": "a"}\n' * 60) as here:
        assert here.prove().outcome == "proved"
        report = here.prove()
        assert (report.outcome, outcomes(report)["landed"]) == ("unknown", "unknown")
        assert "its preview shows 100" in why(report, "landed")


def test_an_event_that_the_mapping_does_not_take_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    proof = PROOF + "target: {mapping: [{source: missing.field, destination: _t0000000000.id}]}\n"
    with streaming(tmp_path, proof) as here:
        report = here.prove()
        assert outcomes(report)["mapping-check"] == "failed"
        assert outcomes(report)["send"] == "skipped"


def test_no_mechanism_is_a_finding_and_not_proved(tmp_path: Path) -> None:
    proof = "kind: Proof\nstreaming: {mechanism: none}\ntargets: [local]\n"
    with streaming(tmp_path, proof, Behaviour(inlet_auth="none")) as here:
        report = here.prove()
        assert [problem.code for problem in report.findings] == ["no-authentication"]
        assert (report.outcome, outcomes(report)["auth-tests"], outcomes(report)["landed"]) == ("failed", "failed", "proved")


def test_oauth_sends_the_token_of_the_session_to_the_emulator(tmp_path: Path) -> None:
    proof = "kind: Proof\nstreaming: {mechanism: oauth, tests: {expired: {env: OLD}}}\ntargets: [local]\n"
    with streaming(tmp_path, proof, Behaviour(inlet_auth="oauth")) as here:
        report = here.prove()
        assert report.outcome == "proved", report.steps
        sent = {name: case.status for name, case in cases_of(report).items() if case.sent}
        assert sent == {"valid": 200, "missing": 401, "expired": 401, "invalid": 401}


def test_neither_journal_nor_report_has_an_event_or_a_signature(here: Laptop) -> None:
    signatures: list[str] = []

    def note(_number: int, request: httpx.Request) -> None:
        signatures.extend(filter(None, [request.headers.get("x-hmac-sha256")]))

    here.wire = Wire(here.emulator, note)
    proven = here.proven(keep=True)
    (journal,) = here.journals()
    kept = dict(proven.files)
    texts = [journal.read_text(), repr(proven.report), kept[here.specs / f"proofs/{KEY}/proved-local.json"].decode()]
    secrets = ["personal-name", "${SECRET}", "${OLD}", *[one for one in signatures if one != "not-a-signature"]]
    assert len(secrets) > 9
    assert not [secret for secret in secrets for text in texts if secret in text]
    assert '"step":"send"' in texts[0].replace(" ", "")


def test_with_keep_the_proof_and_the_tests_are_written(here: Laptop) -> None:
    files = dict(here.proven(keep=True).files)
    assert {path.name for path in files} == {"proved-local.json", "authentication-tests.yaml"}
    folder = here.specs / "proofs" / KEY
    kept = read_proved(files[folder / "proved-local.json"])
    assert isinstance(kept, KeptProof)
    assert kept.streaming
    assert kept.authentication is not None
    assert [case.case for case in kept.authentication.cases] == HMAC_CASES
    tests, problems = parsed_tests(ProofText("x", files[folder / "authentication-tests.yaml"], KEY))
    assert tests is not None
    assert problems == ()
    assert [test.case for test in tests.tests if not test.missing] == HMAC_CASES
    assert json.loads(tests.by_case["valid"].body)["id"] == "a-3"
    assert tests.by_case["valid"].headers["x-hmac-sha256"] == "{SIGNATURE}"


def test_what_an_emulator_answers_does_not_replace_answers_of_adobe(here: Laptop) -> None:
    file = here.specs / "proofs" / KEY / "authentication-tests.yaml"
    file.write_text(
        "mechanism: hmac\ntests:\n  - case: missing\n    request: POST https://dcs.adobedc.net/collection/x\n    status: 403\n"
    )
    files: dict[Path, Any] = dict(here.proven(keep=True).files)
    tests, _ = parsed_tests(ProofText("x", files[file], KEY))
    assert tests is not None
    assert (tests.by_case["missing"].status, tests.by_case["valid"].status) == (403, 200)


@pytest.mark.parametrize(
    ("proof", "events", "code"),
    [("kind: Proof\ntargets: [local]\n", EVENTS, "streaming-needed"), (PROOF, None, "no-events")],
)
def test_what_is_missing_is_refused_before_anything_is_made(tmp_path: Path, proof: str, events: str | None, code: str) -> None:
    with streaming(tmp_path, proof, events=events) as here:
        with pytest.raises(ProofRefused) as refused:
            here.prove()
        assert code in [problem.code for problem in refused.value.problems]
        assert here.left() == {}


def test_an_inlet_at_another_host_gets_nothing(here: Laptop) -> None:
    sent: list[str] = []

    class Elsewhere(Wire):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            sent.append(request.url.host)
            answer = super().handle_request(request)
            if request.method == "GET" and "/flows/" in request.url.path and answer.status_code == 200:
                answer.read()
                text = answer.text.replace("http://emulator.invalid/collection", "https://evil.example/collection")
                return httpx.Response(200, content=text, request=request)
            return answer

    here.wire = Elsewhere(here.emulator)
    report = here.prove()
    assert (report.outcome, outcomes(report)["inlet"]) == ("failed", "failed")
    assert why(report, "inlet") == "the inlet is at https://evil.example, and events go to https at dcs.adobedc.net only"
    assert set(sent) == {"emulator.invalid"}
    assert here.left() == {"mappingSets": 1}


def test_a_dry_run_shows_the_calls_of_a_streaming_source(here: Laptop) -> None:
    plan = here.planned()
    assert plan.steps == STREAMING_STEPS
    assert [call.note.partition(":")[0] for call in plan.calls if call.step == "auth-tests"] == HMAC_CASES
    source = next(call for call in plan.calls if call.step == "source")
    assert source.body is not None
    assert "baseConnectionId" not in source.body
    assert {call.makes for call in plan.made("permanent")} == {"mappingSet"}


def test_a_preview_that_this_credential_may_not_read_is_named_before_anything_is_made(here: Laptop) -> None:
    class Denying(Wire):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/preview"):
                return httpx.Response(403, json={"title": "Forbidden", "status": 403}, request=request)
            return super().handle_request(request)

    here.wire = Denying(here.emulator)
    with pytest.raises(ProofRefused) as refused:
        here.prove()
    (problem,) = refused.value.problems
    assert (problem.code, "the preview of datasets" in problem.message) == ("no-permission", True)
    assert here.left() == {}


def test_an_inlet_that_shows_up_late_is_waited_for(tmp_path: Path) -> None:
    with streaming(tmp_path, behaviour=replace(SECRETS, inlet_delay=60)) as here:
        assert here.prove().outcome == "proved"


def test_a_flow_without_an_inlet_is_not_proved(tmp_path: Path) -> None:
    with streaming(tmp_path, behaviour=replace(SECRETS, inlet_delay=4_000)) as here:
        report = here.prove()
        assert (report.outcome, outcomes(report)["inlet"]) == ("failed", "failed")
        assert "showed no options.inletUrl" in why(report, "inlet")
        assert here.left() == {"mappingSets": 1}


def test_rows_without_the_values_of_the_events_are_not_proved(here: Laptop) -> None:
    class Emptying(Wire):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = super().handle_request(request)
            if request.method == "GET" and request.url.path.endswith("/preview") and answer.status_code == 200:
                answer.read()
                return httpx.Response(200, json={"data": [{} for _ in answer.json()["data"]]}, request=request)
            return answer

    here.wire = Emptying(here.emulator)
    report = here.prove()
    assert (report.outcome, outcomes(report)["landed"]) == ("failed", "failed")
    assert why(report, "landed") == "the events landed, but no row of the dataset has a value at _t0000000000.id"
