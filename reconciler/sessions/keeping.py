"""What `try --record` keeps: a recording for pull requests, one with all data for a person, or a provider file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from reconciler.proofs.folder import CASSETTE, PROVIDER, RECORDS, ProofFolder
from reconciler.proofs.kept.digests import tried_digest
from reconciler.proofs.proof import ReadProof
from reconciler.sources.messages import Answer, Fetch
from reconciler.sources.source import PAGINATION
from reconciler.trying.cassette import Cassette, Exchange
from reconciler.trying.providing.paging import probes
from reconciler.trying.providing.provider_file import provider_files
from reconciler.trying.recording import Recorder, cassette_bytes, raw_cassette_bytes
from reconciler.trying.redacting.redaction import redacted
from reconciler.trying.redactor import Redactor
from reconciler.trying.report import TryReport
from reconciler.trying.running.run import Subject
from reconciler.trying.tried import check_replay

File: TypeAlias = tuple[str, Path, bytes]
"""The path for display, the path, and the content."""
RAW: Final = ".reconciler/recordings"
"""Where recordings with all data are, beside the specs folder: ignored by git."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """One trial that was recorded."""

    subject: Subject
    report: TryReport
    cassette: Cassette
    redactor: Redactor

    @classmethod
    def of(cls, subject: Subject, report: TryReport, recorder: Recorder, now: datetime, redactor: Redactor) -> Keeping:
        """The trial at this time; a limit of requests that ended it is part of its recording."""
        is_cut = any(item.problem.code == "page-budget" for item in report.findings)
        pages, digest = len(report.calls) if is_cut else None, tried_digest(subject.source.body)
        made = Cassette(subject.spec.key, digest, now, tuple(recorder.exchanges), pages=pages, stub=report.origin == "stub")
        return cls(subject, report, made, redactor)

    def cassette_file(self, proofs: ProofFolder, specs: Path, shown: str, read: ReadProof) -> File:
        """The redacted recording. Raises Unrecordable if it is too large, or does not replay with the values of the proof file."""
        data = cassette_bytes(self.cassette, self.subject.source, self.redactor)
        check_replay(data, self.subject.spec, read, self.report, self.subject.answers)
        return f"{shown}/{proofs.path(CASSETTE)}", specs / proofs.path(CASSETTE), data

    def raw_files(self, specs: Path) -> tuple[File, ...]:
        """The recording with all data, without secrets. Raises Unrecordable if it is too large."""
        folder, name = specs.resolve().parent / RAW, f"{self.subject.spec.key}.jsonl"
        data = raw_cassette_bytes(self.cassette, self.redactor)
        return (f"{RAW}/{name}", folder / name, data), (f"{RAW}/.gitignore", folder / ".gitignore", b"*\n")

    def provider_files(self, proofs: ProofFolder, specs: Path, shown: str, fetch: Fetch) -> tuple[File, ...]:
        """The provider file and its records. Sends two further requests, for the default and the largest page.

        Raises Unrecordable where a provider file cannot describe the API.
        """
        first = self.cassette.calls[0].request if self.cassette.calls else None
        asked = probes(first, self.subject.source.mapping(PAGINATION)) if first else ()
        probed = [Exchange(request, answer) for request in asked if isinstance(answer := fetch(request), Answer)]
        calls = redacted([*self.cassette.calls, *probed], self.subject.source, self.redactor)
        count = len(self.cassette.calls)
        files = provider_files(replace(self.cassette, calls=calls[:count]), self.subject.source, calls[count:])
        written = ((PROVIDER, files.provider), (RECORDS, files.records))
        return tuple((f"{shown}/{proofs.path(name)}", specs / proofs.path(name), data) for name, data in written)
