"""A permission that is missing is named before anything is made."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from reconciler.emulator import Behaviour
from reconciler.errors import Problem, ServiceError
from reconciler.proving.guards.before import ProofRefused
from tests.flowservice.simulated import answer
from tests.sessions.proofs.laptop import PROOF, Laptop, Wire, laptop

GIVEN = "target: {schema: {id: 'https://ns.adobe.com/acme/schemas/1'}, dataset: {id: 5e}, mapping: none}\n"


def refused(here: Laptop) -> list[Problem]:
    with pytest.raises(ProofRefused) as error:
        here.prove()
    assert here.left() == {}
    return list(error.value.problems)


class Denying(Wire):
    """A service that does not let this credential read some paths."""

    def __init__(self, here: Laptop, *endings: str, status: int = 403) -> None:
        super().__init__(here.emulator)
        self.endings = endings
        self.status = status

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(self.endings):
            return answer(self.status, {"title": "Forbidden", "status": self.status, "report": {}})
        return super().handle_request(request)


@pytest.mark.parametrize("kind", ["Schemas", "Datasets"])
def test_a_missing_permission_is_named_with_what_can_be_written_instead(tmp_path: Path, kind: str) -> None:
    with laptop(tmp_path) as here:
        here.emulator.service.behaviour = Behaviour(missing_permissions=(f"View {kind}", f"Manage {kind}"))
        (problem,) = refused(here)
    assert problem.code == "no-permission"
    assert f"may not read {kind.lower()} in dev" in problem.message
    assert f"'View {kind}'" in problem.message
    assert f"View {kind} and Manage {kind}" in str(problem.hint)
    assert f"write target.{kind.lower()[:-1]}: {{id: …}} in proof.yaml" in str(problem.hint)


def test_what_proof_yaml_names_needs_no_permission_of_its_own(tmp_path: Path) -> None:
    with laptop(tmp_path, proof=PROOF + GIVEN) as here:
        here.wire = Denying(here, "/stats", "/dataSets", "/dataSets/5e", "/mappingSets")
        steps = {step.id: step.outcome for step in here.prove().steps}
    assert steps["source"] == "proved"
    assert steps["target"] == "failed"  # there are no such schema and dataset


@pytest.mark.parametrize("path", ["/mappingSets", "/connections", "/flows"])
def test_mapping_sets_connections_and_flows_belong_to_sources(tmp_path: Path, path: str) -> None:
    with laptop(tmp_path) as here:
        here.wire = Denying(here, path)
        (problem,) = refused(here)
    assert "View Sources and Manage Sources" in str(problem.hint)
    assert ("no page says" in str(problem.hint)) is (path == "/mappingSets")


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        here.wire = Denying(here, "/stats", "/dataSets", "/mappingSets", "/connections", "/flows")
        assert len(refused(here)) == 5


def test_any_other_failure_is_not_a_missing_permission(tmp_path: Path) -> None:
    with laptop(tmp_path) as here:
        here.wire = Denying(here, "/dataSets", status=400)
        with pytest.raises(ServiceError, match="returned 400"):
            here.prove()
        assert here.left() == {}
