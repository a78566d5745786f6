"""Set-ups that are broken in one way: each is named, with the next step."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from reconciler.emulator import Behaviour, Fault
from reconciler.errors import ExitCode
from tests.diagnosis.world import ROBOT, Patient, jwt
from tests.flowservice.simulated import answer, untrusted

CLIENTS = {ROBOT["RECONCILER_CLIENT_ID"]: ROBOT["RECONCILER_CLIENT_SECRET"]}


def raising(error: Exception) -> httpx.MockTransport:
    def handle(_request: httpx.Request) -> httpx.Response:
        raise error

    return httpx.MockTransport(handle)


def test_a_wrong_secret(tmp_path: Path) -> None:
    behaviour = Behaviour(clients={ROBOT["RECONCILER_CLIENT_ID"]: "another"})
    found = Patient(tmp_path, behaviour=behaviour)
    assert found.failed == {"token"}
    assert "invalid_client" in found["token"].said
    assert "RECONCILER_CLIENT_SECRET" in found.hint("token")
    assert (found.outcome("connection"), found.outcome("base-url"), found.outcome("clock")) == ("ok", "ok", "ok")
    assert found.diagnosis.exit_code is ExitCode.UNFINISHED


def test_an_expired_token(tmp_path: Path) -> None:
    token = jwt(created_at="1600000000000", expires_in="86400000")
    found = Patient(tmp_path, environ={"RECONCILER_ACCESS_TOKEN": token, "RECONCILER_API_KEY": "robot"})
    assert found.failed == {"token", "token-expiry"}
    assert "401013" in found["token"].said
    assert "get a new token and set RECONCILER_ACCESS_TOKEN" in found.hint("token")


def test_an_organization_that_the_token_is_not_of(tmp_path: Path) -> None:
    fault = Fault(path="/data/foundation/*", status=401, code="2000-401")
    found = Patient(tmp_path, faults=[fault])
    assert found.failed == {"organization"}
    assert "2000-401" in found["organization"].said
    assert "compare org_id of the target with the Developer Console" in found.hint("organization")
    assert (found.outcome("token"), found.outcome("api-key"), found.outcome("sandbox")) == ("ok", "ok", "unknown")


def test_a_sandbox_that_a_variable_names_is_corrected_there(tmp_path: Path) -> None:
    by_file = Patient(tmp_path / "file", sandbox="qa").hint("sandbox")
    by_variable = Patient(tmp_path / "variable", environ=ROBOT | {"RECONCILER_STAGE_SANDBOX": "qa"}).hint("sandbox")
    assert by_file.startswith("correct sandbox of target stage in reconciler.yaml (its name, not its title), or ask ")
    assert by_variable.startswith("correct RECONCILER_STAGE_SANDBOX (its name, not its title), or ask ")


def test_the_title_of_a_sandbox_in_the_place_of_its_name(tmp_path: Path) -> None:
    behaviour = Behaviour(sandbox_details={"dev": {"title": "Development"}})
    found = Patient(tmp_path, sandbox="development", behaviour=behaviour)
    assert found.failed == {"sandbox"}
    assert found["sandbox"].said == "'development' is the title of a sandbox, whose name is 'dev'"
    assert found.hint("sandbox") == "write dev as sandbox of target stage in reconciler.yaml"


def test_a_sandbox_that_does_not_exist(tmp_path: Path) -> None:
    found = Patient(tmp_path, sandbox="qa")
    assert found.failed == {"sandbox"}
    assert found["sandbox"].said == "this credential may use no sandbox named 'qa'; it may use prod, stage, dev"
    assert "correct sandbox of target stage in reconciler.yaml" in found.hint("sandbox")
    assert (found.outcome("token"), found.outcome("api-key"), found.outcome("organization")) == ("ok", "ok", "ok")


def test_a_sandbox_that_does_not_exist_and_nobody_lists(tmp_path: Path) -> None:
    found = Patient(tmp_path, sandbox="qa", faults=[Fault(path="*/sandbox-management/*", status=403)])
    assert "2100-404" in found["sandbox"].said
    assert "its name, not its title" in found.hint("sandbox")


def test_a_sandbox_that_is_not_ready(tmp_path: Path) -> None:
    listed = '{"sandboxes":[{"name":"dev","type":"development","state":"creating"}]}'
    found = Patient(tmp_path, faults=[Fault(path="*/sandbox-management/*", body=listed)])
    assert found.failed == {"sandbox-type"}
    assert found["sandbox-type"].said == "the sandbox is creating, not active"


@pytest.mark.parametrize(
    ("missing", "checks", "permission"),
    [
        (("View Sources", "Manage Sources"), {"read-flows", "read-flow-specs", "permissions", "write-specs"}, "View Sources"),
        (("View Schemas", "Manage Schemas"), {"read-schemas"}, "View Schemas"),
        (("View Datasets", "Manage Datasets"), {"read-datasets", "read-batches"}, "View Datasets"),
    ],
)
def test_a_permission_that_is_missing(tmp_path: Path, missing: tuple[str, ...], checks: set[str], permission: str) -> None:
    found = Patient(tmp_path, behaviour=Behaviour(missing_permissions=missing))
    assert checks <= found.failed
    for check in checks:
        assert found.hint(check).startswith("ask an administrator to add ")
        assert "for sandbox dev to a role" in found.hint(check)
    assert permission in found["permissions"].said
    assert found.outcome("organization") == "ok"


def test_one_endpoint_without_permission(tmp_path: Path) -> None:
    found = Patient(tmp_path, behaviour=Behaviour(forbidden=("flows",)))
    assert found.failed == {"read-flows"}
    assert "permission 'View Sources' is missing, needed by plan, apply, prove" in found["read-flows"].said


def test_specs_that_may_only_be_read(tmp_path: Path) -> None:
    found = Patient(tmp_path, behaviour=Behaviour(missing_permissions=("Manage Sources",)))
    assert found.failed == {"permissions", "write-specs"}
    assert "'Manage Sources'" in found.hint("write-specs")


def test_specs_that_may_only_be_read_are_not_known_without_a_write(tmp_path: Path) -> None:
    found = Patient(tmp_path, behaviour=Behaviour(read_only_clients=(ROBOT["RECONCILER_CLIENT_ID"],)))
    assert found.outcome("write-specs") == "unknown"
    assert "missing evidence: no live spec was written by this credential" in found["write-specs"].said
    assert "1426" in found.hint("write-specs")


def test_a_base_url_that_is_not_flow_service(tmp_path: Path) -> None:
    page = httpx.MockTransport(
        lambda request: (
            answer(200, {"access_token": "token-of-somebody", "expires_in": 86399})
            if "token" in request.url.path
            else httpx.Response(404, html="<html>not here</html>")
        )
    )
    found = Patient(tmp_path, wire=page)
    assert found.failed == {"base-url"}
    assert "RECONCILER_<TARGET>_BASE_URL" in found.hint("base-url")
    assert found.outcome("connection") == "ok"


def test_a_proxy_that_wants_a_password(tmp_path: Path) -> None:
    found = Patient(tmp_path, wire=raising(httpx.ProxyError("407 Proxy Authentication Required")))
    assert found.failed == {"proxy"}
    assert "the proxy returned 407" in found["proxy"].said
    assert "HTTPS_PROXY" in found.hint("proxy")


def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    found = Patient(tmp_path, wire=raising(untrusted()))
    assert found.failed == {"tls"}
    assert "self-signed certificate" in found["tls"].said
    assert "SSL_CERT_FILE" in found.hint("tls")


def test_a_clock_that_is_an_hour_off(tmp_path: Path) -> None:
    found = Patient(tmp_path, behaviour=Behaviour(clock_skew=3600))
    assert found.failed == {"clock"}
    assert found["clock"].said == "the local clock is 60 minutes behind the service's"
    assert "NTP" in found.hint("clock")


def test_the_clock_of_an_emulator_on_this_machine_may_be_its_own(tmp_path: Path) -> None:
    here = {
        "RECONCILER_STAGE_BASE_URL": "http://127.0.0.1:4010/data/foundation/flowservice",
        "RECONCILER_STAGE_TOKEN_URL": "http://127.0.0.1:4010/ims/token/v3",
    }
    found = Patient(tmp_path, behaviour=Behaviour(clock_skew=3600), environ=ROBOT | here)
    assert found.outcome("clock") == "warn"
    assert "--speed" in found.hint("clock")


def test_the_api_key_of_another_project(tmp_path: Path) -> None:
    environ = {"RECONCILER_ACCESS_TOKEN": jwt(client_id="one"), "RECONCILER_API_KEY": "another"}
    behaviour = Behaviour(clients=CLIENTS, static_token=environ["RECONCILER_ACCESS_TOKEN"])
    found = Patient(tmp_path, environ=environ, behaviour=behaviour)
    assert found.failed == {"api-key"}
    assert "set RECONCILER_API_KEY to the client ID of the project" in found.hint("api-key")
    assert found.outcome("api-key-project") == "warn"


def test_a_flow_spec_that_is_missing(tmp_path: Path) -> None:
    found = Patient(tmp_path, flow_spec="RestStorageToAep2")
    assert found.failed == {"flow-specs"}
    assert "'RestStorageToAep2', which 'orders' is to be attached to, is not live" in found["flow-specs"].said
    assert "flowSpecs of 'orders'" in found.hint("flow-specs")


def test_etags_that_are_odd(tmp_path: Path) -> None:
    body = '{"items":[{"id":"9753525b-82c7-4dce-8a9b-5ccfce2b9876","name":"x","etag":"unquoted"}]}'
    found = Patient(tmp_path, faults=[Fault(path="/flowSpecs/*", body=body)])
    assert found.outcome("etags") == "warn"
    assert "double quotes" in found["etags"].said
    assert "report it to Adobe" in found.hint("etags")


def test_a_list_whose_pages_do_not_end(tmp_path: Path) -> None:
    page = '{"items":[],"_links":{"next":{"href":"/connectionSpecs?continuationToken=same"}}}'
    found = Patient(tmp_path, faults=[Fault(path="/connectionSpecs", body=page)])
    assert found.failed == {"paging"}
    assert "cannot read the complete list" in found["paging"].said
    assert found.hint("paging")
