"""A kept proof counts for exactly this content, in exactly this target. Anyone can edit it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import GivenFiles
from reconciler.documents.json_text import Document, decode, encode
from reconciler.proofs.folder import folder_of
from reconciler.proofs.kept.digests import section_digests
from reconciler.proofs.kept.proved import NEVER_PROVED, Place, Proved, is_emulated, proved_anywhere, proved_of
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.proving.keeping import kept_proof
from reconciler.proving.report import ProveReport, TargetProved
from tests.planning.situations import connection
from tests.proving.samples import PROOF, SPEC, TARGET, proof

Edit = Callable[[Document], Any]


def proved(
    data: bytes | None = None,
    spec: DesiredSpec = SPEC,
    target: Place = TARGET,
    proof_file: bytes | None = PROOF,
    name: str = "members",
) -> Proved:
    kept = kept_proof(proof()) if data is None else data
    files = {f"proofs/{name}/proved-{target.name}.json": kept, f"proofs/{name}/proof.yaml": proof_file}
    tree = GivenFiles({path: content for path, content in files.items() if content is not None})
    return proved_of(folder_of(tree, spec.key, spec.former_keys), target, spec)


def edited(edit: Edit) -> Proved:
    document = decode(kept_proof(proof()))
    edit(document)
    return proved(encode(document))


def changed(**sections: Any) -> DesiredSpec:
    return connection("members", **{**deepcopy(SPEC.body), **sections})


def test_a_proof_of_this_content_in_this_target_counts() -> None:
    found = proved()
    assert (found.status, found.reason, found.counts) == (ProvedStatus.YES, None, True)
    assert (found.at, found.run, found.records, found.pages) == ("2026-11-27T10:16:20Z", "20261127T1012-7f3a", 237, 3)
    assert not found.emulated


def test_without_a_file_nothing_is_proved() -> None:
    found = proved_of(folder_of(GivenFiles({}), "members"), TARGET, SPEC)
    assert found == NEVER_PROVED
    assert not found.counts


@pytest.mark.parametrize(
    "spec",
    [
        changed(description="Other"),
        changed(name="Other"),
        changed(attributes={"uiAttributes": {"isBeta": True, "label": {"text": "Members"}, "icon": {"text": "x"}}}),
        changed(
            sourceSpec={
                "attributes": {**SPEC.body["sourceSpec"]["attributes"], "uiAttributes": {"label": "Other"}},
            }
        ),
    ],
)
def test_words_may_change_without_another_proof(spec: DesiredSpec) -> None:
    assert proved(spec=spec).status is ProvedStatus.YES


@pytest.mark.parametrize("section", ["authSpec", "sourceSpec", "exploreSpec"])
def test_a_changed_section_makes_a_proof_stale(section: str) -> None:
    found = proved(spec=changed(**{section: {"type": "other"}}))
    assert (found.status, found.reason) == (ProvedStatus.STALE, f"{section} changed since the proof of 2026-11-27")
    assert found.run == "20261127T1012-7f3a"


@pytest.mark.parametrize("file", [None, b"kind: Proof\nexpect: {records: 236}\n", b"kind: Proof\nsource: {list: a}\n"])
def test_another_proof_file_makes_a_proof_stale(file: bytes | None) -> None:
    found = proved(proof_file=file)
    assert (found.status, found.reason) == (ProvedStatus.STALE, "proof.yaml changed since the proof of 2026-11-27")


def test_another_list_of_targets_does_not() -> None:
    assert proved(proof_file=PROOF + b"cleanup: {keep: [schema]}\n").counts
    assert proved(proof_file=PROOF.replace(b"[stage]", b"[stage, dev]")).counts


@pytest.mark.parametrize("file", [b"kind: [", b"- a list\n", b"\xff"])
def test_a_proof_file_that_cannot_be_read_makes_it_stale(file: bytes) -> None:
    found = proved(proof_file=file)
    assert found.status is ProvedStatus.STALE
    assert "proof.yaml cannot be read" in (found.reason or "")


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (replace(TARGET, host="platform-stage.adobe.io"), "the host 'platform.adobe.io'"),
        (replace(TARGET, org_id="other@AdobeOrg"), "the organization '1234567890@AdobeOrg'"),
        (replace(TARGET, sandbox="prod"), "the sandbox 'dev'"),
    ],
)
def test_a_proof_made_elsewhere_does_not_count(target: TargetProved, reason: str) -> None:
    found = proved(target=target)
    assert (found.status, found.reason) == (ProvedStatus.NO, f"its proof was made in {reason}")


def test_a_file_that_was_renamed_for_another_target_does_not_count() -> None:
    found = proved(target=replace(TARGET, name="prod"))
    assert found.reason == "its proof was made in the target 'stage'"


def test_a_proof_by_an_emulator_counts_in_the_emulator_only() -> None:
    emulator = TargetProved("dev", "emulator", "0000000000@AdobeOrg", "dev", emulated=True)
    found = proved(kept_proof(proof(target=emulator)), target=emulator)
    assert (found.status, found.emulated) == (ProvedStatus.YES, True)
    remote = replace(emulator, host="platform.adobe.io")
    found = proved(kept_proof(proof(target=remote)), target=remote)
    assert (found.status, found.reason) == (ProvedStatus.NO, "its proof was made by an emulator, not by Adobe")


def test_the_emulated_flag_cannot_be_edited_away() -> None:
    emulator = TargetProved("dev", "emulator", "0000000000@AdobeOrg", "dev", emulated=False)
    assert proved(kept_proof(proof(target=emulator)), target=emulator).emulated


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        ("emulator", True),
        ("localhost:8080", True),
        ("LOCALHOST", True),
        ("127.0.0.1:9", True),
        ("127.9.9.9", True),
        ("[::1]:80", True),
        ("platform.adobe.io", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("emulator.example", False),
    ],
)
def test_addresses_at_which_adobe_never_answers(host: str, is_local: bool) -> None:
    assert is_emulated(host) is is_local


def test_the_folder_of_a_former_key_counts() -> None:
    renamed = connection("people", former_keys=("members",), **deepcopy({**SPEC.body, "name": "x"}))
    assert proved(spec=renamed).counts


def test_a_proof_of_another_spec_does_not_count() -> None:
    found = edited(lambda document: document["spec"].update(key="orders"))
    assert (found.status, found.reason) == (ProvedStatus.NO, "its proof is of the spec 'orders'")
    assert edited(lambda document: document["spec"].update(kind="flowSpec")).status is ProvedStatus.NO


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda document: document.update(outcome="failed"), "its last proof, of 2026-11-27, has the outcome 'failed'"),
        (lambda document: document["steps"][1].update(outcome="failed"), "the step 'connection' has the outcome 'failed'"),
        (lambda document: document["steps"][1].update(outcome="unknown"), "the step 'connection' has the outcome 'unknown'"),
        (lambda document: [step.update(outcome="skipped") for step in document["steps"]], "no step proved anything"),
        (lambda document: document.update(ended="2026-11-26T00:00:00Z"), "it ends before it starts"),
        (lambda document: document["spec"]["digests"].pop("exploreSpec"), "it has no digest of exploreSpec"),
        (lambda document: document["counts"].update(failed=1), "records failed"),
        (lambda document: document["counts"]["by_window"][0].update(failed=1), "records failed"),
        (lambda document: document["counts"].update(input=100), "the run and the trial read different records"),
        (lambda document: document["counts"]["by_window"][0].update(input=2), "the run and the trial read different records"),
        (lambda document: document["counts"].update(input=0, tried=0), "the run read no records"),
        (lambda document: document["counts"].update(input=None), "the run read no records"),
        (lambda document: document["counts"].update(output=236), "the run did not write every record"),
        (lambda document: document["counts"].update(output=None), "the run did not write every record"),
        (lambda document: document["ids"].pop("run"), "it names no run"),
        (lambda document: document["ids"].update(flow=""), "it names no run"),
        (lambda document: document.update(steps=document["steps"][:1]), "the step 'connection' did not prove anything"),
        (lambda document: document["steps"].pop(-2), "the step 'count' did not prove anything"),
        (lambda document: document.update(streaming=True), "the source does not stream"),
    ],
)
def test_a_file_that_contradicts_itself_does_not_count(edit: Edit, reason: str) -> None:
    found = edited(edit)
    assert found.status is ProvedStatus.NO
    assert reason in (found.reason or "")


def test_a_streaming_source_has_no_records_to_read() -> None:
    document = decode(kept_proof(proof()))
    document.update(streaming=True, steps=document["steps"][:1], ids={})
    document["counts"].update(input=None)
    assert proved(encode(document), connection("members", **{**deepcopy(SPEC.body), "type": "generic-streaming"})).counts


def test_a_proof_that_read_other_records_than_the_proof_file_expects_does_not_count() -> None:
    document = decode(kept_proof(proof()))
    document["counts"].update(tried=5, input=5, output=5)
    found = proved(encode(document))
    assert (found.status, found.reason) == (
        ProvedStatus.NO,
        "its proof of 2026-11-27 read 5 records, and proof.yaml expects 237",
    )


def test_the_run_of_a_source_whose_records_become_rows_may_count_the_rows() -> None:
    spec = changed(
        sourceSpec={"attributes": {**SPEC.body["sourceSpec"]["attributes"], "explodeEntityPath": {"path": "$.orders"}}}
    )
    document = decode(kept_proof(proof()))
    document["spec"]["digests"] = dict(section_digests(spec.body))
    document["counts"].update(input=900, output=900)
    assert proved(encode(document), spec).counts


@pytest.mark.parametrize(
    "edit",
    [
        lambda document: document.update(extra=1),
        lambda document: document.update(format_version=2),
        lambda document: document.update(report="try"),
        lambda document: document.update(run="../../etc"),
        lambda document: document.update(ended="tomorrow"),
        lambda document: document.update(steps=[]),
        lambda document: document.update(proof_digest="x"),
        lambda document: document.pop("target"),
        lambda document: document["target"].pop("emulated"),
        lambda document: document["target"].update(emulated="no"),
        lambda document: document["spec"].update(digests={"authSpec": 1}),
        lambda document: document["counts"].update(input=-1),
        lambda document: document["counts"].update(input=10**15),
        lambda document: document["counts"].update(input=True),
        lambda document: document.update(repository="x" * 1001),
    ],
)
def test_a_file_of_another_shape_does_not_count(edit: Edit) -> None:
    found = edited(edit)
    assert found.status is ProvedStatus.NO
    assert (found.reason or "").startswith("its proof is not valid: ")


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"\xff", b"{}" + b" " * 20_000, b"[" * 10_000, b'{"report":"prove","report":"prove"}']
)
def test_bytes_of_any_kind_are_no_proof(data: bytes) -> None:
    found = proved(data)
    assert found.status is ProvedStatus.NO
    assert found.reason


DEV = replace(TARGET, name="dev", sandbox="other", org_id="2@AdobeOrg", host="platform-stage.adobe.io")


def anywhere(*kept: ProveReport | tuple[str, bytes], spec: DesiredSpec = SPEC, target: Place = TARGET) -> tuple[str, Proved]:
    """The evidence in a folder that has these proofs, each in the file of its target."""
    files = dict(one if isinstance(one, tuple) else (one.target.name, kept_proof(one)) for one in kept)
    tree = GivenFiles(
        {f"proofs/members/proved-{name}.json": data for name, data in files.items()} | {"proofs/members/proof.yaml": PROOF}
    )
    return proved_anywhere(folder_of(tree, spec.key, spec.former_keys), target, spec)


def where(*kept: ProveReport | tuple[str, bytes], **others: Any) -> tuple[str, str]:
    name, found = anywhere(*kept, **others)
    return name, str(found.status)


OTHER_CONTENT = changed(sourceSpec={"type": "other"})


def stale(target: TargetProved) -> ProveReport:
    report = proof(target=target)
    return replace(report, spec=replace(report.spec, digests=section_digests(OTHER_CONTENT.body)))


def test_the_proof_of_the_target_itself_comes_first() -> None:
    assert where(proof(), proof(target=DEV)) == ("stage", "yes")


def test_a_proof_of_this_content_in_another_target_counts_wherever_that_is() -> None:
    assert where(proof(target=DEV)) == ("dev", "yes")
    assert where(stale(TARGET), proof(target=DEV)) == ("dev", "yes")
    assert where(("stage", b"nonsense"), proof(target=DEV)) == ("dev", "yes")


def test_of_several_other_targets_the_first_that_counts_is_named() -> None:
    east, west = replace(DEV, name="east"), replace(DEV, name="west")
    assert where(stale(DEV), proof(target=west), proof(target=east)) == ("east", "yes")


def test_a_stale_proof_elsewhere_is_named_only_if_this_target_has_none() -> None:
    assert where(stale(DEV)) == ("dev", "stale")
    assert where(stale(TARGET), stale(DEV)) == ("stage", "stale")
    name, found = anywhere(("stage", b"nonsense"), stale(DEV))
    assert (name, found.status) == ("stage", ProvedStatus.NO)
    assert (found.reason or "").startswith("its proof is not valid")


def test_the_content_that_counts_is_that_of_this_target() -> None:
    """An overlay of this target changes a section: the proof of another one is of another content."""
    assert where(proof(target=DEV), spec=OTHER_CONTENT) == ("dev", "stale")


@pytest.mark.parametrize(
    "kept",
    [
        ("dev", b"nonsense"),
        ("dev", b""),
        ("dev", kept_proof(proof(target=replace(DEV, name="other")))),
        ("dev", kept_proof(proof(target=replace(DEV, emulated=True)))),
        ("dev", kept_proof(proof(target=replace(DEV, host="localhost:4010")))),
    ],
)
def test_what_is_no_proof_by_adobe_in_that_target_is_not_named(kept: tuple[str, bytes]) -> None:
    assert anywhere(kept) == ("stage", NEVER_PROVED)


@pytest.mark.parametrize(
    ("made", "now"),
    [
        (replace(TARGET, emulated=True, host="emulator"), replace(TARGET, host="emulator")),
        (replace(TARGET, emulated=False, host="localhost:1"), replace(TARGET, host="localhost:1")),
    ],
)
def test_whoever_made_it_a_proof_at_an_address_of_an_emulator_is_emulated(made: TargetProved, now: TargetProved) -> None:
    found = proved(kept_proof(proof(target=made)), target=now)
    assert (found.counts, found.emulated) == (True, True)


def test_several_changes_are_all_named() -> None:
    found = proved(spec=changed(authSpec=[], exploreSpec={"a": 1}), proof_file=b"kind: Proof\n")
    assert found.reason == "authSpec, exploreSpec and proof.yaml changed since the proof of 2026-11-27"
