"""A recording is evidence for exactly the content that it was made from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import decode, encode
from reconciler.planning.tried import NEVER_TRIED, Tried, TriedOutcome
from reconciler.proofs.filling import values_for
from reconciler.proofs.kept.digests import tried_digest
from reconciler.providers.provider import Provider
from reconciler.providers.schema import provider_of
from reconciler.providers.stub import Stub
from reconciler.sources.evidence import Assumptions
from reconciler.sources.request import first_request
from reconciler.sources.source import Source
from reconciler.sources.trial import Limits, trial
from reconciler.sources.window import Mode, Window
from reconciler.trying.cassette import Cassette, Unrecordable
from reconciler.trying.recording import Recorder, cassette_bytes
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import TryReport
from reconciler.trying.tried import check_replay, tried_from
from tests.planning.situations import connection
from tests.proofs.files import read_proof
from tests.trying.exchanges import RECORDED_AT

PROOF = b"""kind: Proof
auth: {name: Key, params: {key: {env: THE_KEY}}}
source: {list: 9f1}
expect: {records: 7, unique: id}
"""
PROOF_FILE = "proofs/members/proof.yaml"
API = "https://api.acme.example/v1"


def spec(
    key: str = "members", former_keys: tuple[str, ...] = (), path: str = "/v1/${list}/members", **pagination: Any
) -> DesiredSpec:
    paging = {"type": "OFFSET", "limitName": "limit", "limitValue": "3", "offSetName": "offset"} | pagination
    return connection(
        key,
        former_keys=former_keys,
        authSpec=[
            {
                "name": "Key",
                "type": "KeyBased",
                "spec": {
                    "type": "object",
                    "properties": {
                        "key": {"type": "string", "format": "password", "restAttributes": {"headerParamName": "X-Key"}}
                    },
                    "required": ["key"],
                },
            }
        ],
        sourceSpec={
            "spec": {"type": "object", "properties": {"list": {"type": "string"}}},
            "attributes": {
                "urlParams": {"host": "https://api.acme.example", "path": path, "method": "GET"},
                "contentPath": {"path": "$.members"},
                "paginationParams": paging,
            },
        },
    )


def recording(of: DesiredSpec, budget: int = 25, **changed: Any) -> bytes:
    """The recording of a spec against an API with seven members."""
    provider = provider_of(
        {
            "kind": "Provider",
            "path": "/v1/{list}/members",
            "auth": "none",
            "records": {"count": 7, "each": {"id": "{n:number}", "name": "Jane {n}"}},
            "answer": {"records": "members", "more": "hasMore"},
            "paging": {"style": "offset", "limit": {"name": "limit", "default": 2, "max": 50}, "offset": "offset"},
        }
    )
    assert isinstance(provider, Provider)
    body, source = of.body, Source(of.body)
    filled = values_for(
        read_proof(GivenFiles({PROOF_FILE: PROOF}), "members"), body, environ={"RECONCILER_PROOF_THE_KEY": "s3cr3t-key"}
    )
    assert not [problem for problem in filled.problems if problem.is_error]
    rows = [{"id": number, "name": f"Jane {number}"} for number in range(7)]
    recorder, assumed = Recorder(Stub(provider, rows).answer), Assumptions()
    first = first_request(source, filled.values, Window(Mode.BACKFILL, None, RECORDED_AT), assumed)
    trial(source, first, recorder, Limits(budget), assumed, values=filled.values)
    made = Cassette(of.key, tried_digest(body), RECORDED_AT, tuple(recorder.exchanges))
    return cassette_bytes(replace(made, **changed), source, Redactor(filled.secrets))


def tried(of: DesiredSpec, data: bytes | None, proof: bytes | None = PROOF, folder: str = "members") -> Tried:
    files = {f"proofs/{folder}/cassette.jsonl": data, f"proofs/{folder}/proof.yaml": proof}
    return tried_from(GivenFiles({path: content for path, content in files.items() if content is not None}), of)


def reason(found: Tried, outcome: TriedOutcome = TriedOutcome.NOT_TRIED) -> str:
    assert found.outcome is outcome
    return found.reason or ""


def test_a_recording_of_this_content_is_evidence() -> None:
    assert tried(spec(), recording(spec())) == Tried(TriedOutcome.HELD, 7, 4, "2026-11-27T10:00:00Z")


def test_no_recording_is_no_evidence() -> None:
    assert tried(spec(), None) == NEVER_TRIED


def test_an_edit_for_people_needs_no_new_trial() -> None:
    assert tried(
        replace(spec(), body_json=connection(**spec().body | {"description": "new"}).body_json), recording(spec())
    ).outcome is (TriedOutcome.HELD)


def test_another_content_was_not_tried() -> None:
    assert reason(tried(spec(limitValue="5"), recording(spec()))) == "the spec has changed since it was recorded on 2026-11-27"


def test_a_forged_digest_is_not_believed() -> None:
    changed = spec(limitValue="5")
    found = tried(changed, recording(spec(), spec_digest=tried_digest(changed.body)))

    assert reason(found, TriedOutcome.FAILED) == "request 1 asks limit=5, recorded was limit=3 [not-recorded]"


def test_a_run_that_ends_earlier_was_tried_and_failed() -> None:
    changed = spec(endConditionName="$.hasMore", endConditionValue="Const:true")
    data = recording(spec(), spec_digest=tried_digest(changed.body))

    said = "the recording has 4 calls, but calls 2, 3, 4 were not requested: the run ends earlier than it did [recorded-more]"
    assert reason(tried(changed, data, PROOF.replace(b"records: 7, ", b"pages: 1, ")), TriedOutcome.FAILED) == said


def test_what_the_proof_expects_counts() -> None:
    found = tried(spec(), recording(spec()), PROOF.replace(b"records: 7", b"records: 9"))

    assert reason(found, TriedOutcome.FAILED) == "read 7 records, expected 9 [expected-records]"
    assert (found.records, found.calls) == (7, 4)


def test_a_renamed_spec_keeps_its_evidence() -> None:
    renamed = spec("people", ("members",))
    assert tried(renamed, recording(spec())).outcome is TriedOutcome.HELD


def test_the_recording_of_another_spec_is_no_evidence() -> None:
    assert reason(tried(spec(), recording(spec(), key="others"))) == "its recording is of the spec 'others'"


def test_a_recording_that_is_not_valid_is_no_evidence() -> None:
    assert reason(tried(spec(), b"{}\n{}\n")).startswith("its recording is not valid: line 1: ")


def test_a_recording_that_is_too_large_is_no_evidence() -> None:
    assert reason(tried(spec(), b" " * 1_000_001)).startswith(
        "its recording cannot be read: the file has more than 1,000,000 bytes"
    )


def test_a_proof_with_an_error_is_no_evidence() -> None:
    assert reason(tried(spec(), recording(spec()), b"kind: Proof\nauth: {name: Other}\n")).startswith("its proof has an error: ")


def test_a_recording_that_a_limit_ended_is_evidence_of_what_was_read() -> None:
    found = tried(spec(), recording(spec(), 2, pages=2), PROOF.replace(b"records: 7, ", b""))

    assert (found.outcome, found.records, found.calls) == (TriedOutcome.HELD, 6, 2)
    assert found.reason == "more pages were not tried"


def test_a_recording_of_the_first_page_only_is_no_evidence() -> None:
    found = tried(spec(), recording(spec(), 1, pages=1), PROOF.replace(b"records: 7, ", b""))

    assert reason(found) == "its recording of 2026-11-27 ends with the first of several pages, so it proves no pagination"


def test_a_recording_without_records_is_no_evidence() -> None:
    header, call, *_ = recording(spec()).splitlines()
    empty = decode(call)
    assert isinstance(empty, dict)
    empty["answer"] = {"status": 204, "headers": {}, "text": ""}
    found = tried(spec(), b"\n".join([header, encode(empty)]), PROOF.replace(b"records: 7, ", b""))

    assert reason(found) == "its recording of 2026-11-27 has no records, so it proves nothing"


def report_of(records: int, calls: int) -> Any:
    """As much of a report as the check reads."""
    return type("Report", (), {"records": records, "calls": (None,) * calls})()


def test_a_recording_that_replays_is_kept() -> None:
    report: TryReport = report_of(7, 4)
    check_replay(recording(spec()), spec(), read_proof(GivenFiles({PROOF_FILE: PROOF}), "members"), report)


@pytest.mark.parametrize(
    ("proof", "records", "message"),
    [
        (PROOF, 8, "the recording does not replay: it reads 7 records in 4 calls, and the trial 8"),
        (
            PROOF.replace(b"9f1", b"other"),
            7,
            f"the recording does not replay: request 1 asks {API}/other/members, recorded was {API}/9f1/members [not-recorded]",
        ),
    ],
)
def test_a_recording_that_does_not_replay_is_not_kept(proof: bytes, records: int, message: str) -> None:
    with pytest.raises(Unrecordable) as caught:
        check_replay(recording(spec()), spec(), read_proof(GivenFiles({PROOF_FILE: proof}), "members"), report_of(records, 4))
    assert caught.value.message == message
    assert (
        caught.value.hint
        == "write the values of --auth and --set into proof.yaml, and record without --window, --windows and --preview"
    )


def test_a_run_that_goes_on_after_the_recording_was_tried_and_failed() -> None:
    ended, endless = spec(endConditionName="$.hasMore", endConditionValue="Const:false"), spec()
    found = tried(endless, recording(ended, spec_digest=tried_digest(endless.body)))

    assert reason(found, TriedOutcome.FAILED).startswith("request 4 asks offset=9, the recording ends with request 3")


def test_calls_beyond_the_limit_of_a_recording_are_not_evidence() -> None:
    found = tried(spec(), recording(spec(), 3, pages=2), PROOF.replace(b"records: 7, ", b""))

    assert reason(found, TriedOutcome.FAILED).endswith("[recorded-more]")


@pytest.mark.parametrize(("value", "outcome"), [("until-empty", TriedOutcome.HELD), ("never", TriedOutcome.FAILED)])
def test_a_recording_is_replayed_as_proofs_have_shown_the_engine(value: str, outcome: TriedOutcome) -> None:
    answer = f"offset.no-end: {{value: {value}, by: proof x, target: stage, at: 2026-11-27}}\n"
    files = {PROOF_FILE: PROOF, "proofs/members/cassette.jsonl": recording(spec()), "proofs/engine.yaml": answer.encode()}
    assert tried_from(GivenFiles(files), spec()).outcome is outcome
    emulated = {**files, "proofs/engine.yaml": answer.replace("}", ", emulated: true}").encode()}
    assert tried_from(GivenFiles(emulated), spec()).outcome is TriedOutcome.HELD
