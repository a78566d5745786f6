"""Whether Adobe's engine has proved exactly this content of a spec in a target: what `prove --keep` wrote, held against the files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import Unreadable
from reconciler.documents.json_text import Document
from reconciler.proofs.folder import PROOF, ProofFolder, is_proved_file, proved_name, target_of
from reconciler.proofs.kept.digests import PROVED_SECTIONS, proof_digest, section_digests
from reconciler.proofs.kept.proved_file import KeptProof, read_proved
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.proofs.proof import proof_in
from reconciler.sdk.sources import STREAMING
from reconciler.sources.source import EXPLODE, Source
from reconciler.texts.yaml import read_yaml

_LOCAL: Final = re.compile(r"(?:emulator(?:\.invalid)?|localhost|127\.[0-9.]+|\[::1\])(?::[0-9]+)?", re.IGNORECASE)
"""Hosts at which Adobe never answers."""
NEEDED_STEPS: Final = ("connection", "source", "target", "flow", "run", "count")
"""Steps without which no batch source is proved: no proof file leaves them out."""


@dataclass(frozen=True, slots=True)
class Proved:
    """The evidence for one spec in one target.

    `reason` says why it is stale or none; None for a proof that counts, and where there is no file. `at` is the end of the proof (ISO 8601
    in UTC). `records` are those that the engine read, `pages` those that the trial before it read; None is not known. `emulated` is
    whether an emulator answered: such a proof counts in the emulator's own target only. `kept` is the whole of it, if it can be read.
    """

    status: ProvedStatus
    reason: str | None = None
    at: str | None = None
    run: str | None = None
    records: int | None = None
    pages: int | None = None
    emulated: bool = False
    kept: KeptProof | None = None

    @property
    def counts(self) -> bool:
        """Whether this content is proved in this target."""
        return self.status is ProvedStatus.YES


NEVER_PROVED: Final = Proved(ProvedStatus.NO)
"""The evidence for a spec without a proof in this target."""


class Place(Protocol):
    """A target: the settings have one, and a plan."""

    @property
    def name(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def org_id(self) -> str: ...
    @property
    def sandbox(self) -> str: ...


def proved_of(folder: ProofFolder, target: Place, spec: DesiredSpec) -> Proved:
    """The evidence in this folder for the content of a spec, which has the overlay of this target. Never raises.

    Anyone can write the file. What the repository and the target show is compared with it: the digests of the sections and of proof.yaml,
    the key, the target, and that its parts do not contradict each other. It does not prove that Adobe gave these answers: its request ids
    and runs do, in Adobe's own records.
    """
    try:
        data = folder.read(proved_name(target.name))
    except Unreadable as error:
        return _no(f"its proof cannot be read: {error.problem.message}")
    if data is None:
        return NEVER_PROVED
    kept = read_proved(data)
    if isinstance(kept, str):
        return _no(f"its proof is not valid: {kept}")
    refused = _elsewhere(kept, target, spec) or _contradiction(kept, spec)
    if refused:
        return _from(kept, ProvedStatus.NO, refused, target)
    changed = _changed(kept, folder, spec)
    if changed:
        return _from(kept, ProvedStatus.STALE, changed, target)
    unexpected = _unexpected(kept, folder, spec)
    return _from(kept, ProvedStatus.NO if unexpected else ProvedStatus.YES, unexpected, target)


def proved_anywhere(folder: ProofFolder, target: Place, spec: DesiredSpec) -> tuple[str, Proved]:
    """The evidence for this content in this target, else in another one, and the name of that target. Never raises.

    A proof in another target counts if its sections are those that this target has, and an emulator did not make it. Its host,
    organization and sandbox are not compared with anything: the settings of that target are not read.
    """
    own = proved_of(folder, target, spec)
    if own.counts:
        return target.name, own
    others = [(name, _in_other(folder, name, spec)) for name in sorted(map(target_of, filter(is_proved_file, folder.files)))]
    found = [(name, proved) for name, proved in others if name != target.name]
    best = [pair for pair in found if pair[1].counts]
    if not best and own.reason is None:
        best = [pair for pair in found if pair[1].status is ProvedStatus.STALE]
    return best[0] if best else (target.name, own)


def _in_other(folder: ProofFolder, name: str, spec: DesiredSpec) -> Proved:
    """The evidence in another target of this name, wherever that target is."""
    try:
        kept = read_proved(folder.read(proved_name(name)) or b"")
    except Unreadable:
        return NEVER_PROVED
    if isinstance(kept, str) or kept.target.name != name or kept.target.emulated or is_emulated(kept.target.host):
        return NEVER_PROVED
    return proved_of(folder, kept.target, spec)


def proof_document(folder: ProofFolder) -> Document | None:
    """The content of proof.yaml, for its digest; empty without one. None if it cannot be read."""
    try:
        data = folder.read(PROOF)
    except Unreadable:
        return None
    reading = read_yaml(data or b"")
    if [mistake.code for mistake in reading.mistakes] == ["empty"] or (reading.value is None and not reading.mistakes):
        return {}
    return reading.value if isinstance(reading.value, dict) and not reading.mistakes else None


def is_emulated(host: str) -> bool:
    """Whether Adobe cannot be at this address, because it is this computer or the embedded emulator."""
    return bool(_LOCAL.fullmatch(host))


def _no(reason: str) -> Proved:
    return Proved(ProvedStatus.NO, reason)


def _from(kept: KeptProof, status: ProvedStatus, reason: str | None, target: Place) -> Proved:
    emulated = kept.target.emulated or is_emulated(kept.target.host) or is_emulated(target.host)
    at = kept.ended.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Proved(status, reason, at, kept.run, kept.counts.input, kept.counts.pages, emulated, kept)


def _elsewhere(kept: KeptProof, target: Place, spec: DesiredSpec) -> str | None:
    """Why this is no proof of this spec in this target."""
    if kept.spec.kind != "connectionSpec" or kept.spec.key not in (spec.key, *spec.former_keys):
        return f"its proof is of the spec {kept.spec.key[:80]!r}"
    pairs = (
        ("target", kept.target.name, target.name),
        ("host", kept.target.host, target.host),
        ("organization", kept.target.org_id, target.org_id),
        ("sandbox", kept.target.sandbox, target.sandbox),
    )
    differs = next(((what, had) for what, had, has in pairs if had != has), None)
    if differs:
        return f"its proof was made in the {differs[0]} {differs[1][:80]!r}"
    if kept.target.emulated and not is_emulated(target.host):
        return "its proof was made by an emulator, not by Adobe"
    return None


def _contradiction(kept: KeptProof, spec: DesiredSpec) -> str | None:
    """Why this file cannot be what a proof wrote, or why that proof did not succeed."""
    day = f"{kept.ended:%Y-%m-%d}"
    if kept.outcome != "proved":
        return f"its last proof, of {day}, has the outcome {kept.outcome!r}"
    bad = next((step for step in kept.steps if step.outcome not in ("proved", "skipped")), None)
    missing = [name for name in PROVED_SECTIONS if name not in kept.spec.digests]
    every = (
        (kept.counts.tried, kept.counts.input, kept.counts.failed),
        *((of.tried, of.input, of.failed) for of in kept.counts.by_window),
    )
    counts, explodes = kept.counts, Source(spec.body).at(EXPLODE) is not None
    proved = {step.id for step in kept.steps if step.outcome == "proved"}
    needed = next((step for step in (() if kept.streaming else NEEDED_STEPS) if step not in proved), None)
    wrong = (
        (bad is not None, f"the step {bad.id[:40]!r} has the outcome {bad.outcome!r}" if bad else ""),
        (all(step.outcome == "skipped" for step in kept.steps), "no step proved anything"),
        (kept.ended < kept.started, "it ends before it starts"),
        (bool(missing), f"it has no digest of {', '.join(missing)}"),
        (any(failed for _, _, failed in every), "records failed"),
        (
            not explodes and any(None not in (tried, read) and tried != read for tried, read, _ in every),
            "the run and the trial read different records",
        ),
        (kept.streaming and spec.spec_type != STREAMING, "it says that events were sent to it, but the source does not stream"),
        (not kept.streaming and not counts.input, "the run read no records"),
        (not kept.streaming and not explodes and counts.output != counts.input, "the run did not write every record"),
        (needed is not None, f"the step {needed!r} did not prove anything"),
        (not kept.streaming and not (kept.ids.get("flow") and kept.ids.get("run")), "it names no run"),
    )
    found = next((said for holds, said in wrong if holds), None)
    return f"its proof of {day} contradicts itself: {found}" if found else None


def _unexpected(kept: KeptProof, folder: ProofFolder, spec: DesiredSpec) -> str | None:
    """What proof.yaml expects and this proof does not have. With explodeEntityPath, the run may count rows instead of records."""
    proof = proof_in(folder, spec.key, spec.former_keys).proof
    records = proof.expect.records if proof else None
    read = [number for number in (kept.counts.input, kept.counts.tried) if number is not None]
    if records is None or kept.streaming or any(map(records.has, read)):
        return None
    return f"its proof of {kept.ended:%Y-%m-%d} read {kept.counts.input:,} records, and {PROOF} expects {records}"


def _changed(kept: KeptProof, folder: ProofFolder, spec: DesiredSpec) -> str | None:
    """What has changed since the proof; None if nothing has that it is about."""
    now, day = section_digests(spec.body), f"{kept.ended:%Y-%m-%d}"
    changed = [name for name in PROVED_SECTIONS if kept.spec.digests.get(name) != now[name]]
    document = proof_document(folder)
    if document is None:
        return f"{PROOF} cannot be read, so the proof of {day} cannot be compared with it"
    if kept.proof_digest != proof_digest(document):
        changed.append(PROOF)
    return f"{_listed(changed)} changed since the proof of {day}" if changed else None


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
