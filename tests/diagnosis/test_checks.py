"""Single checks: what each says about one answer of the service, or one thing in the repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.diagnosis.deep.means import Deep
from reconciler.emulator import Behaviour, Fault
from reconciler.settings.values import DEFAULT_SCOPES
from tests.diagnosis.drafts import Connections
from tests.diagnosis.test_deep import Looked
from tests.diagnosis.world import ORG, ROBOT, Patient, jwt
from tests.flowservice.simulated import Service, SimulatedClock, answer, listed

SPEC_ID = "2e8580db-6489-4726-96de-e33f5f60295f"
NOW = 1_700_001_000
"""The time of the simulated clock."""


def with_token(folder: Path, **claims: Any) -> Patient:
    token = jwt(**claims)
    environ = {"RECONCILER_ACCESS_TOKEN": token, "RECONCILER_API_KEY": "key-of-a-project-1"}
    return Patient(folder, environ=environ, behaviour=Behaviour(static_token=token))


def lists(folder: Path, **paths: Any) -> Patient:
    """The target of a service that answers these collections, by name."""
    faults = [Fault(path=f"/{name}", body=body) for name, body in paths.items()]
    return Patient(folder, faults=faults)


@pytest.mark.parametrize(("left", "outcome"), [(-1, "fail"), (600, "warn"), (3600 * 5, "ok")])
def test_the_end_of_a_token_that_cannot_be_renewed(tmp_path: Path, left: int, outcome: str) -> None:
    assert with_token(tmp_path, exp=NOW + left).outcome("token-expiry") == outcome


@pytest.mark.parametrize(
    ("scope", "outcome"),
    [(",".join(DEFAULT_SCOPES), "ok"), (" ".join((*DEFAULT_SCOPES, "more")), "ok"), (",".join(DEFAULT_SCOPES[1:]), "warn")],
)
def test_the_scopes_of_a_token(tmp_path: Path, scope: str, outcome: str) -> None:
    found = with_token(tmp_path, scope=scope)
    assert found.outcome("token-scopes") == outcome
    assert (outcome == "ok") is (DEFAULT_SCOPES[0] not in found["token-scopes"].said)


def test_a_token_of_the_same_project_as_the_api_key_is_no_warning(tmp_path: Path) -> None:
    found = with_token(tmp_path, client_id="key-of-a-project-1", user_id="robot@techacct.adobe.com")
    assert "api-key-project" not in {check.id for check in found.diagnosis.checks}
    assert found.outcome("write-specs") == "unknown"


def test_an_api_key_that_the_gateway_refuses_is_no_evidence_for_it(tmp_path: Path) -> None:
    problem = '{"errorMessage":"no","error":{"code":"403003"},"title":"x","status":403}'
    found = Patient(tmp_path, faults=[Fault(path="/data/foundation/*", status=403, body=problem)])
    assert found.outcome("api-key") == "fail"


def test_a_header_that_does_not_arrive_is_named(tmp_path: Path) -> None:
    found = Patient(tmp_path, faults=[Fault(path="/data/foundation/*", status=400, code="400003")])
    assert {"organization", "headers"} <= found.failed
    assert "although it was sent" in found["headers"].said
    assert "pass on every header" in found.hint("headers")


def test_a_redirect_is_not_flow_service(tmp_path: Path) -> None:
    fault = Fault(path="/data/foundation/*", status=302, location="https://login.example/x")
    found = Patient(tmp_path, faults=[fault])
    assert found.failed == {"base-url"}
    assert "a redirect to login.example, which is not followed" in found["base-url"].said


def test_a_list_that_the_service_counts_longer_is_incomplete(tmp_path: Path) -> None:
    found = lists(tmp_path, connectionSpecs=f'{{"items":[{{"id":"{SPEC_ID}","name":"x"}}],"count":7}}')
    assert found.failed == {"paging"}
    assert "incomplete" in found["paging"].said


def test_an_entry_that_is_no_spec_is_a_warning(tmp_path: Path) -> None:
    found = lists(tmp_path, connectionSpecs=f'{{"items":[{{"id":"{SPEC_ID}","name":"x"}},null]}}')
    assert found.outcome("paging") == "warn"
    assert "1 entry cannot be read as a spec" in found["paging"].said


def test_pages_are_read_to_their_end(tmp_path: Path) -> None:
    found = Patient(tmp_path, behaviour=Behaviour(pages=2))
    assert found.outcome("paging") == "ok"
    assert found["paging"].said.startswith("8 specs")


def test_flow_specs_of_one_name_are_a_warning(tmp_path: Path) -> None:
    other = SPEC_ID.replace("2e", "3e")
    body = f'{{"items":[{{"id":"{SPEC_ID}","name":"RestStorageToAEP"}},{{"id":"{other}","name":"RestStorageToAEP"}}]}}'
    found = lists(tmp_path, flowSpecs=body)
    assert found.outcome("flow-specs") == "warn"
    assert "flowSpecs of 'orders'" in found.hint("flow-specs")


def test_an_id_that_no_list_shows_is_reported_with_its_answer(tmp_path: Path) -> None:
    body = f'{{"items":[{{"id":"{SPEC_ID}","name":"RestStorageToAEP","sourceConnectionSpecIds":["{SPEC_ID}","../../x"]}}]}}'
    found = lists(tmp_path, flowSpecs=body, connectionSpecs='{"items":[]}')
    assert "2 ids in flow specs without a visible spec (asked by id: 404, not an id)" in found["hidden-ids"].said


@pytest.mark.parametrize(
    ("marker", "outcome"),
    [
        ({"repository": "acme/aep-sources", "sandbox": "dev"}, "ok"),
        ({"repository": "acme/aep-sources", "sandbox": "prod"}, "unknown"),
        ({"repository": "acme/other", "sandbox": "dev"}, "unknown"),
    ],
)
def test_a_marker_counts_if_it_is_of_this_repository_and_sandbox(tmp_path: Path, marker: Mapping[str, str], outcome: str) -> None:
    kept: dict[str, object] = {"version": 1, "key": "orders", "commit": "a" * 40, "applied": "0" * 64, "sections": {}, **marker}
    spec = {"id": SPEC_ID, "name": "x", "attributes": {"reconciler": kept}}
    assert Patient(tmp_path, wire=Service(listed(spec)).wire()).outcome("marker") == outcome


def test_spec_files_with_an_error_fail_and_lead_to_validate(tmp_path: Path) -> None:
    found = Patient(tmp_path, flow_spec="[")
    assert "spec-files" in found.failed
    assert found.hint("spec-files") == "run `reconciler validate`"


def test_a_folder_without_spec_files_leads_to_the_first_one(tmp_path: Path) -> None:
    def emptied(wire: httpx.BaseTransport, _clock: object) -> httpx.BaseTransport:
        (tmp_path / "specs" / "sources" / "orders" / "connection-spec.yaml").unlink()
        return wire

    check = Patient(tmp_path, wire=emptied)["spec-files"]
    assert check.said.startswith("no spec files found under ")
    assert "None" not in check.said
    assert check.hint is not None
    assert check.hint.startswith("write the first one: reconciler new KEY")


def test_a_sandbox_that_is_accepted_elsewhere_is_not_what_the_list_of_sandboxes_lacks(tmp_path: Path) -> None:
    body = '{"type": "http://ns.adobe.com/aep/errors/FLOW-2100-404", "status": 404, "title": "Sandbox not found"}'
    found = Patient(tmp_path, faults=[Fault(path="*/sandbox-management/*", status=404, body=body)])
    assert found.outcome("sandbox") == "ok"
    assert found.outcome("sandbox-type") == "unknown"
    assert "see sandbox" not in found["sandbox-type"].said
    assert "404" in found["sandbox-type"].said


def test_what_a_sandbox_keeps_from_an_answer_leads_to_its_check(tmp_path: Path) -> None:
    assert Patient(tmp_path, sandbox="qa")["list-answer"].said == "refused before it was answered, see sandbox"


def test_a_missing_permission_is_said_where_it_keeps_an_answer_away(tmp_path: Path) -> None:
    said = Patient(tmp_path, behaviour=Behaviour(missing_permissions=("View Sources", "Manage Sources")))["list-answer"].said
    assert "403" in said
    assert "see permission" not in said


def test_another_path_at_the_same_gateway_is_not_flow_service(tmp_path: Path) -> None:
    body = '{"error_code": "404000", "message": "No resource at /x/flowSpecs"}'
    found = Patient(tmp_path, faults=[Fault(path="*/flowSpecs*", status=404, body=body)])
    assert "base-url" in found.failed
    assert "is not Flow Service" in found["base-url"].said


def test_a_view_is_part_of_the_permission_to_manage(tmp_path: Path) -> None:
    policies = '{"policies":{"/permissions/manage-sources":["*"],"/permissions/manage-schemas":["*"],"/permissions/manage-datasets":["*"]}}'
    found = Patient(tmp_path, faults=[Fault(path="*/access-control/*", body=policies)])
    assert found.outcome("permissions") == "ok"


def test_sandboxes_are_asked_for_without_the_name_of_one(tmp_path: Path) -> None:
    service = Service(listed())
    Patient(tmp_path, wire=service.wire())
    named = {"sandbox-management" in request.url.path: request.headers.get("x-sandbox-name") for request in service.requests}
    assert named == {True: None, False: "dev"}
    assert {request.headers.get("x-gw-ims-org-id") for request in service.requests} == {ORG}


def test_a_part_of_the_sandboxes_does_not_show_that_one_is_missing(tmp_path: Path) -> None:
    some = answer(200, {"sandboxes": [{"name": "prod", "title": "Prod"}], "_links": {"next": {"href": "/?offset=1"}}})

    def handle(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return answer(200, {"access_token": "token-of-ours-123", "expires_in": 86399})
        return some if "sandbox-management" in request.url.path else answer(403, {"error_code": "403025", "message": "no"})

    found = Patient(tmp_path, wire=httpx.MockTransport(handle))
    assert found.outcome("sandbox") == "unknown"


def test_somebody_s_connection_of_the_same_name_is_not_deleted(tmp_path: Path) -> None:
    class Twins(Connections):
        def _make(self, request: httpx.Request, now: float) -> httpx.Response:
            made = super()._make(request, now)
            mine = list(self.live.values())[-1]
            twin = "33333333-0000-4000-8000-000000000000"
            self.live[twin] = mine | {"id": twin, "description": "somebody's"}
            self.made_at[twin] = now
            return made

    service: list[Connections] = []

    def wire(inner: httpx.BaseTransport, clock: SimulatedClock) -> httpx.BaseTransport:
        service.append(Twins(inner, clock, lost="POST"))
        return service[0]

    Patient(tmp_path, wire=wire, deep=Deep(lambda _lines: True, "stage"))
    assert "33333333-0000-4000-8000-000000000000" in service[0].live
    assert len(service[0].live) == 2


def test_a_credential_is_not_in_what_deep_sends(tmp_path: Path) -> None:
    looked = Looked(tmp_path)
    assert not any(ROBOT["RECONCILER_CLIENT_SECRET"] in line for line in looked.connections.sent)
