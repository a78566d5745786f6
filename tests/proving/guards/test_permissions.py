"""A permission that is missing is named before anything is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.emulator import Behaviour
from reconciler.errors import Problem
from reconciler.proving.guards.before import ProofRefused
from tests.sessions.proofs.laptop import PROOF, laptop

GIVEN = "target: {schema: {id: 'https://ns.adobe.com/acme/schemas/1'}, dataset: {id: 5e}, mapping: none}\n"


def refused(folder: Path, proof: str = PROOF, **switches: tuple[str, ...]) -> list[Problem]:
    with laptop(folder, proof=proof) as here:
        here.emulator.service.behaviour = Behaviour(**switches)  # type: ignore[arg-type]
        with pytest.raises(ProofRefused) as error:
            here.prove()
        assert here.left() == {}
        return list(error.value.problems)


@pytest.mark.parametrize("kind", ["Schemas", "Datasets"])
def test_a_missing_permission_is_named_with_what_can_be_written_instead(tmp_path: Path, kind: str) -> None:
    problems = refused(tmp_path, missing_permissions=(f"View {kind}", f"Manage {kind}"))
    (problem,) = [one for one in problems if f"may not read {kind.lower()} in dev" in one.message]
    assert problem.code == "no-permission"
    assert f"'View {kind}'" in problem.message
    assert f"View {kind} and Manage {kind}" in str(problem.hint)
    assert "proof.yaml" in str(problem.hint)


def test_mapping_sets_connections_and_flows_belong_to_sources(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        denied = {"/mappingSets", "/connections", "/flows"}
        here.emulator.service.behaviour = Behaviour(missing_permissions=("View Datasets", "Manage Datasets"))
        del denied
