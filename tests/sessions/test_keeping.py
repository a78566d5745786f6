"""What `try --record` keeps of a trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import decode
from reconciler.proofs.folder import ProofFolder, folder_of
from reconciler.secret import Secret
from reconciler.sessions.keeping import Keeping
from reconciler.sources.messages import Answer, NoAnswer, Request
from reconciler.sources.source import Source
from reconciler.trying.cassette import Cassette, Unrecordable
from reconciler.trying.cassette_reading import read_cassette
from reconciler.trying.recording import Recorder
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import Placed
from reconciler.trying.running.run import Subject
from tests.proofs.files import read_proof
from tests.trying.exchanges import RECORDED_AT
from tests.trying.test_tried_from import PROOF, PROOF_FILE, recording, spec

KEY = "s3cr3t-key"


def report_of(records: int, calls: int, *codes: str) -> Any:
    """As much of a report as is read."""
    findings = [Placed(type("Problem", (), {"code": code})()) for code in codes]
    return type("Report", (), {"origin": "live", "records": records, "calls": (None,) * calls, "findings": findings})()


def keeping(*codes: str, name: str = "Jane Doe") -> Keeping:
    """A trial of seven members in four calls, whose answers have a name."""
    read = read_cassette(recording(spec()), "cassette.jsonl")
    assert isinstance(read, Cassette)
    recorder = Recorder(lambda _: NoAnswer("no-answer", "nobody is there"))
    for call in read.calls:
        content = call.answer.content.replace(b"text-0001", f"{name} {KEY}".encode())
        recorder.exchanges.append(type(call)(call.request, Answer(200, call.answer.headers, content)))
    subject = Subject(spec(), Source(spec().body))
    return Keeping.of(subject, report_of(7, 4, *codes), recorder, RECORDED_AT, Redactor({"KEY": Secret(KEY)}))


def folder(**files: bytes) -> ProofFolder:
    given = {f"proofs/members/{name.replace('_', '.')}": data for name, data in files.items()}
    return folder_of(GivenFiles(given), "members")


def test_a_recording_is_beside_the_proof() -> None:
    read = read_proof(GivenFiles({PROOF_FILE: PROOF}), "members")
    shown, path, data = keeping().cassette_file(folder(), Path("/repo/specs"), "specs", read)

    assert (shown, path) == ("specs/proofs/members/cassette.jsonl", Path("/repo/specs/proofs/members/cassette.jsonl"))
    assert b"Jane" not in data


def test_a_recording_that_would_not_replay_is_not_kept() -> None:
    read = read_proof(GivenFiles({PROOF_FILE: PROOF.replace(b"records: 7", b"records: 9")}), "members")

    with pytest.raises(Unrecordable, match="the recording does not replay: read 7 records, expected 9"):
        keeping().cassette_file(folder(), Path("specs"), "specs", read)


def test_the_limit_that_ended_a_trial_is_part_of_its_recording() -> None:
    assert keeping().cassette.pages is None
    assert keeping("page-budget").cassette.pages == 4


def test_a_raw_recording_is_outside_of_git_and_has_no_secret(tmp_path: Path) -> None:
    (shown, path, data), (_, ignoring, ignored) = keeping().raw_files(tmp_path / "specs")

    assert shown == ".reconciler/recordings/members.jsonl"
    assert path == tmp_path.resolve() / shown
    assert (ignoring, ignored) == (path.parent / ".gitignore", b"*\n")
    assert b"Jane Doe" in data
    assert KEY.encode() not in data
    assert isinstance(read_cassette(data, "x"), tuple)
    raw = read_cassette(data, "x", allow_raw=True)
    assert isinstance(raw, Cassette)
    assert not raw.redacted


def test_a_provider_file_has_the_sizes_of_two_further_requests() -> None:
    asked: list[Request] = []

    def fetch(request: Request) -> Answer | NoAnswer:
        asked.append(request)
        return NoAnswer("no-answer", "timed out")

    files = keeping().provider_files(folder(), Path("/repo/specs"), "specs", fetch)

    assert [(name, path) for name, path, _ in files] == [
        (f"specs/proofs/members/{name}", Path(f"/repo/specs/proofs/members/{name}"))
        for name in ("provider.yaml", "records.jsonl")
    ]
    assert [dict(request.query).get("limit") for request in asked] == [None, "10000"]
    assert len([decode(line) for line in files[1][2].splitlines()]) == 7
    assert b"Jane" not in files[0][2] + files[1][2]
