from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.emulator.world import BASE, HEADERS, REST, S3, SPEC, STREAMING, World


def test_the_stock_specs_are_there_at_the_start(world: World) -> None:
    assert world.names("/connectionSpecs") == [
        "amazon-s3",
        "azure-file-storage",
        "Data Lake",
        "generic-rest",
        "generic-streaming",
    ]
    assert world.names("/flowSpecs") == ["CloudStorageToAEP", "GenericStreamingAEP", "RestStorageToAEP"]


def test_a_post_answers_201_with_the_bare_spec_and_its_location(world: World) -> None:
    answer = world.client.post("/connectionSpecs", json=SPEC)
    assert answer.status_code == 201
    assert answer.json()["name"] == "mailchimp"
    assert answer.headers["location"] == f"/data/foundation/flowservice/connectionSpecs/{answer.json()['id']}"


def test_the_service_sets_its_own_fields_whatever_the_body_says(world: World) -> None:
    lies = dict.fromkeys(("id", "createdBy", "updatedBy", "createdClient", "sandboxName", "imsOrgId", "etag"), "a lie")
    spec = world.client.post("/connectionSpecs", json={**SPEC, **lies, "createdAt": 1, "updatedAt": 2}).json()
    assert spec == {
        "id": "00000000-0000-4000-8000-000000000001",
        "createdAt": 1_700_000_000_000,
        "updatedAt": 1_700_000_000_000,
        "createdBy": "static-token@AdobeID",
        "updatedBy": "static-token@AdobeID",
        "createdClient": "robot",
        "updatedClient": "robot",
        "sandboxId": spec["sandboxId"],
        "sandboxName": "dev",
        "imsOrgId": "ACME@AdobeOrg",
        **SPEC,
    }


def test_a_second_post_of_the_same_name_makes_a_twin(world: World) -> None:
    assert world.create() != world.create()
    assert world.names("/connectionSpecs").count("mailchimp") == 2


def test_a_get_by_id_answers_the_spec_in_items(world: World) -> None:
    spec_id = world.create()
    assert world.client.get(f"/connectionSpecs/{spec_id}").json()["items"][0]["id"] == spec_id


def test_a_put_replaces_the_whole_body(world: World) -> None:
    spec_id = world.create(authSpec=[{"name": "Basic"}], description="to be lost")
    answer = world.client.put(f"/connectionSpecs/{spec_id}", json={**SPEC, "name": "renamed"})
    assert answer.status_code == 200
    live = world.read(f"/connectionSpecs/{spec_id}")
    assert live == answer.json()
    assert live["name"] == "renamed"
    assert not {"authSpec", "description"} & set(live)


def test_a_put_keeps_who_created_and_says_who_updated(world: World) -> None:
    spec_id = world.create()
    world.clock.now += 5
    world.client.put(f"/connectionSpecs/{spec_id}", json=SPEC, headers={"x-api-key": "other"})
    live = world.read(f"/connectionSpecs/{spec_id}")
    assert (live["createdAt"], live["updatedAt"]) == (1_700_000_000_000, 1_700_000_005_000)
    assert (live["createdClient"], live["updatedClient"]) == ("robot", "other")


def test_the_version_stays_as_it_was_sent(world: World) -> None:
    spec_id = world.create(version="7")
    assert world.client.put(f"/connectionSpecs/{spec_id}", json={**SPEC, "version": "7"}).json()["version"] == "7"


def test_a_put_to_a_stock_flow_spec_is_not_seen_in_another_sandbox(world: World) -> None:
    live = world.read(f"/flowSpecs/{REST}")
    world.client.put(f"/flowSpecs/{REST}", json={**live, "sourceConnectionSpecIds": []})
    assert world.read(f"/flowSpecs/{REST}")["sourceConnectionSpecIds"] == []
    elsewhere = world.client.get(f"/flowSpecs/{REST}", headers={"x-sandbox-name": "prod"}).json()["items"][0]
    assert elsewhere["sourceConnectionSpecIds"] == ["2d46966e-4fcc-4015-9f9e-a67594e395a3"]
    assert elsewhere["sandboxName"] == "prod"


def test_a_spec_of_one_organization_is_not_found_in_another(world: World) -> None:
    spec_id = world.create()
    other = {"x-gw-ims-org-id": "OTHER@AdobeOrg"}
    assert world.client.get(f"/connectionSpecs/{spec_id}", headers=other).status_code == 404
    assert world.client.put(f"/connectionSpecs/{spec_id}", headers=other, json=SPEC).status_code == 404


def test_a_stock_spec_without_audit_fields_stays_without_its_creation(world: World) -> None:
    assert "createdAt" not in world.read(f"/flowSpecs/{STREAMING}")
    answer = world.client.put(f"/flowSpecs/{STREAMING}", json=world.read(f"/flowSpecs/{STREAMING}")).json()
    assert "createdAt" not in answer
    assert answer["updatedBy"] == "static-token@AdobeID"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", f"/connectionSpecs/{S3}", "GET, PUT"),
        ("PATCH", f"/flowSpecs/{REST}", "GET, PUT"),
        ("PUT", "/flowSpecs", "GET, POST"),
    ],
)
def test_what_specs_do_not_have_answers_405_with_what_there_is(world: World, method: str, path: str, allowed: str) -> None:
    answer = world.client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


def test_an_id_that_nobody_has_answers_1439_in_the_services_shape(world: World) -> None:
    missing = "3f4ae131-b384-4e73-8000-000000000000"
    for answer in (world.client.get(f"/flowSpecs/{missing}"), world.client.put(f"/flowSpecs/{missing}", json=SPEC)):
        assert answer.status_code == 404
        assert answer.json() == {
            "type": "https://ns.adobe.com/aep/errors/FLOW-1439-404",
            "title": "Resource not found",
            "status": 404,
            "report": {
                "detailed-message": answer.json()["errorMessage"],
                "id": missing,
                "request-id": answer.headers["x-request-id"],
                "type": "flowSpecs",
            },
            "errorMessage": f"The requested flowSpecs resource {missing} is not found. Verify the resource ID before trying again.",
        }


def test_an_id_that_is_no_uuid_answers_1413(world: World) -> None:
    answer = world.client.get("/connectionSpecs/mailchimp")
    assert (answer.status_code, answer.json()["type"][-8:]) == (400, "1413-400")


def test_an_id_in_capitals_is_the_same_id(world: World) -> None:
    assert world.read(f"/connectionSpecs/{S3.upper()}")["id"] == S3


def test_a_write_without_a_json_content_type_answers_the_generic_shape(world: World) -> None:
    answer = world.client.post("/connectionSpecs", content=b"{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 400
    assert answer.json() == {
        "type": "/placeholder/type/uri",
        "status": 400,
        "title": "BadRequestError",
        "detail": "A valid content-type must be specified",
    }


@pytest.mark.parametrize("content", [b"", b"  ", b"null"])
def test_an_empty_body_answers_1405(world: World, content: bytes) -> None:
    answer = world.client.post("/connectionSpecs", content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"][-8:]) == (400, "1405-400")


@pytest.mark.parametrize(
    "content",
    [
        b"[1]",
        b"{",
        b'{"name": NaN}',
        b"[" * 100_000,
        b'{"name": "a"}',
        b'{"name": "", "providerId": "p"}',
        b'{"name": 1, "providerId": "p"}',
    ],
)
def test_a_body_that_is_no_spec_answers_400(world: World, content: bytes) -> None:
    answer = world.client.post("/connectionSpecs", content=content, headers={"content-type": "application/json; charset=utf-8"})
    assert answer.status_code == 400
    assert answer.json()["title"] == "BadRequestError"


def test_numbers_come_back_exactly_as_they_were_sent(world: World) -> None:
    content = b'{"name":"n","providerId":"p","big":123456789012345678901234567890,"edge":-9007199254740993,"one":1.0}'
    answer = world.client.post("/connectionSpecs", content=content, headers={"content-type": "application/json"})
    assert answer.content.endswith(b'"big":123456789012345678901234567890,"edge":-9007199254740993,"one":1.0}')


def test_a_client_that_may_not_write_specs_reads_them_and_gets_1426(make_world: Callable[..., World]) -> None:
    world = make_world(read_only_clients=("robot",))
    assert world.client.get("/connectionSpecs").status_code == 200
    answer = world.client.post("/connectionSpecs", json=SPEC)
    assert (answer.status_code, answer.json()["type"][-8:]) == (400, "1426-400")
    assert world.client.put(f"/flowSpecs/{REST}", json=SPEC).status_code == 400


def test_an_if_match_is_ignored_without_etags(world: World) -> None:
    spec_id = world.create()
    answer = world.client.put(f"/connectionSpecs/{spec_id}", json=SPEC, headers={"If-Match": '"old"'})
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert "etag" not in answer.json()


def test_paths_beside_the_service_answer_404_as_the_gateway_does(world: World) -> None:
    for path in (f"{BASE}/nothing", "https://platform.adobe.io/data/foundation/catalog", f"{BASE}/connectionSpecs/"):
        answer = world.client.get(path)
        assert (answer.status_code, answer.json()["error_code"]) == (404, "404000")


def test_a_clients_request_id_comes_back_and_a_missing_one_is_made_up(world: World) -> None:
    assert world.client.get("/flowSpecs", headers={"x-request-id": "mine"}).headers["x-request-id"] == "mine"
    first, second = (world.client.get("/flowSpecs").headers["x-request-id"] for _ in range(2))
    assert first != second


def test_every_request_is_logged_with_its_status_and_client(world: World) -> None:
    world.client.get("/flowSpecs?property=name==x", headers={"x-request-id": "r1"})
    entry = world.emulator.store.requests()[-1]
    assert (entry.method, entry.path, entry.query) == ("GET", "/data/foundation/flowservice/flowSpecs", "property=name==x")
    assert (entry.status, entry.request_id, entry.client, entry.at) == (200, "r1", "robot", 1_700_000_000.0)


def test_two_clients_see_each_others_writes(world: World) -> None:
    spec_id = world.create()
    with httpx.Client(transport=world.emulator.transport(), base_url=BASE, headers=HEADERS) as other:
        other.put(f"/connectionSpecs/{spec_id}", json={**SPEC, "name": "theirs"})
    assert world.read(f"/connectionSpecs/{spec_id}")["name"] == "theirs"
