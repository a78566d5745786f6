"""The sources that want a proof: those that list the target, and have none, a stale one, or an old one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import SpecFileError
from reconciler.observing.to_prove import sources_to_prove, sources_with_proofs
from reconciler.proving.keeping import kept_proof
from reconciler.settings.loading import load_settings
from tests.proving.samples import PROOF, SPEC, proof

DAY = 86_400.0
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()
SETTINGS = "version: 1\nrepository: acme/aep-sources\ntargets:\n  stage: {org_id: 1234567890@AdobeOrg, sandbox: dev}\n"


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A folder with one source, whose proof counts."""
    folder = tmp_path / "specs"
    write(folder / "reconciler.yaml", SETTINGS)
    source(folder, "members")
    write(folder / "proofs/members/proof.yaml", PROOF.decode())
    write(folder / "proofs/members/proved-stage.json", kept_proof(proof()).decode())
    return folder


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def source(folder: Path, key: str, **changed: Any) -> None:
    write(folder / f"sources/{key}/connection-spec.yaml", json.dumps({"kind": "ConnectionSpec", "spec": SPEC.body | changed}))


def wanted(specs: Path, now: float = NOW) -> tuple[str, ...]:
    settings = load_settings(specs)
    return sources_to_prove(specs, settings, settings.target("stage", {}), now)


def test_a_source_whose_proof_counts_wants_none(specs: Path) -> None:
    assert wanted(specs) == ()
    settings = load_settings(specs)
    assert sources_with_proofs(specs, settings, settings.target("stage", {})) == ("members",)


def test_a_source_without_a_proof_wants_one_if_its_proof_file_lists_the_target(specs: Path) -> None:
    source(specs, "orders")
    assert wanted(specs) == ()
    write(specs / "proofs/orders/proof.yaml", "kind: Proof\ntargets: [stage]\n")
    assert wanted(specs) == ("orders",)
    write(specs / "proofs/orders/proof.yaml", "kind: Proof\ntargets: [other]\n")
    assert wanted(specs) == ()


def test_a_changed_source_wants_a_proof(specs: Path) -> None:
    source(specs, "members", authSpec=[])
    assert wanted(specs) == ("members",)


def test_a_proof_is_too_old_after_the_age_in_the_settings_and_else_never(specs: Path) -> None:
    assert wanted(specs, NOW + 1000 * DAY) == ()
    write(specs / "reconciler.yaml", SETTINGS + "proof: {max_age: 90d}\n")
    assert wanted(specs, NOW + 89 * DAY) == ()
    assert wanted(specs, NOW + 91 * DAY) == ("members",)


def test_nothing_wants_a_proof_in_the_sandbox_of_production(specs: Path) -> None:
    source(specs, "members", authSpec=[])
    write(specs / "reconciler.yaml", SETTINGS.replace("sandbox: dev", "sandbox: prod"))
    assert wanted(specs) == ()


def test_with_errors_in_the_files_it_is_not_known(specs: Path) -> None:
    write(specs / "sources/broken/connection-spec.yaml", "kind: ConnectionSpec\nspec: {name: a, name: b}\n")
    with pytest.raises(SpecFileError, match="2 errors in spec files, so it is not known what to prove"):
        wanted(specs)
