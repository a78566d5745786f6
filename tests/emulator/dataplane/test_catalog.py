from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.emulator.dataplane.landing.batches import Landed, NoDataset, Rejected, land
from reconciler.emulator.model import Author, Place
from tests.emulator.dataplane.platform import CATALOG, EXPORT, make_dataset, make_schema
from tests.emulator.world import World

PLACE = Place("ACME@AdobeOrg", "dev")
AUTHOR = Author("flow-service", "flow-service")


def landed(world: World, dataset: str, rows: list[dict[str, Any]], rejected: tuple[Rejected, ...] = ()) -> Landed:
    return land(world.emulator.service, PLACE, dataset, rows, rejected, AUTHOR)


@pytest.fixture
def dataset(world: World) -> str:
    return make_dataset(world, make_schema(world)["$id"])


def test_a_dataset_is_read_under_its_id(world: World, dataset: str) -> None:
    assert len(dataset) == 24
    body = world.client.get(f"{CATALOG}/dataSets/{dataset}").json()
    assert list(body) == [dataset]
    assert (body[dataset]["name"], body[dataset]["imsOrg"]) == ("a dataset", "ACME@AdobeOrg")
    assert body[dataset]["schemaRef"]["id"].startswith("https://ns.adobe.com/acme/schemas/")


def test_a_deleted_dataset_is_gone_with_its_batches(world: World, dataset: str) -> None:
    batch = landed(world, dataset, [{"_acme": {"id": 1}}]).batch
    answer = world.client.delete(f"{CATALOG}/dataSets/{dataset}")
    assert (answer.status_code, answer.json()) == (200, [f"@/dataSets/{dataset}"])
    assert world.client.get(f"{CATALOG}/dataSets/{dataset}").status_code == 404
    assert world.client.delete(f"{CATALOG}/dataSets/{dataset}").status_code == 404
    assert world.client.get(f"{CATALOG}/batches/{batch}").status_code == 404
    assert world.client.get(f"{EXPORT}/datasets/{dataset}/preview").status_code == 404


def test_datasets_are_found_by_name_and_paged(world: World) -> None:
    uri = make_schema(world)["$id"]
    ids = [make_dataset(world, uri, name) for name in ("one", "two", "three")]
    assert list(world.client.get(f"{CATALOG}/dataSets?name=two").json()) == [ids[1]]
    assert list(world.client.get(f"{CATALOG}/dataSets?limit=2").json()) == ids[:2]
    assert list(world.client.get(f"{CATALOG}/dataSets?limit=2&start=2").json()) == ids[2:]
    assert world.client.get(f"{CATALOG}/dataSets?name=tw").json() == {}
    assert world.client.get(f"{CATALOG}/dataSets?limit=101").status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"schemaRef": {"id": "https://ns.adobe.com/xdm/context/profile", "contentType": "x"}},
        {"name": "no schema"},
        {"name": "no type", "schemaRef": {"id": "https://ns.adobe.com/xdm/context/profile"}},
        {"name": "unknown", "schemaRef": {"id": "https://ns.adobe.com/acme/schemas/0", "contentType": "x"}},
    ],
)
def test_a_dataset_that_cannot_be_used_is_refused(world: World, body: dict[str, Any]) -> None:
    assert world.client.post(f"{CATALOG}/dataSets", json=body).status_code == 400


def test_rows_land_converted_to_the_types_of_the_schema(world: World, dataset: str) -> None:
    result = landed(world, dataset, [{"_acme": {"id": "7", "email": 1234}, "_id": "x"}])
    assert (result.written, result.rejected) == (1, ())
    assert world.client.get(f"{EXPORT}/datasets/{dataset}/preview").json() == {
        "data": [{"_acme": {"id": 7, "email": "1234"}, "_id": "x"}]
    }


def test_a_batch_counts_what_it_read_wrote_and_rejected(world: World, dataset: str) -> None:
    rows: list[dict[str, Any]] = [{"_acme": {"id": 1}}, {"_acme": {"id": "x"}}]
    result = landed(world, dataset, rows, (Rejected({"id": 3}, (("MAPPER-3700-400", "no"),)),))
    body = world.client.get(f"{CATALOG}/batches?batch={result.batch}").json()[result.batch]
    assert body["metrics"] == {"recordsRead": 3, "recordsWritten": 1, "recordsFailed": 2}
    assert (body["status"], body["relatedObjects"]) == ("success", [{"type": "dataSet", "id": dataset}])
    assert body["errors"] == [{"code": "MAPPER-3700-400", "description": "no"}]


def test_a_batch_without_a_row_failed(world: World, dataset: str) -> None:
    result = landed(world, dataset, [{"_acme": {"id": "x"}}])
    assert world.client.get(f"{CATALOG}/batches/{result.batch}").json()[result.batch]["status"] == "failed"


def test_the_failed_records_of_a_batch_can_be_read(world: World, dataset: str) -> None:
    result = landed(world, dataset, [{"_acme": {"id": "x"}}], (Rejected("text", (("MAPPER", "no"),)),))
    for folder, path in (("failed", None), ("meta", "row_errors")):
        listing = f"{EXPORT}/batches/{result.batch}/{folder}" + (f"?path={path}" if path else "")
        files = world.client.get(listing).json()
        assert files["_page"]["count"] == 1
        text = world.client.get(files["data"][0]["_links"]["self"]["href"]).text
        assert files["data"][0]["length"] == str(len(text))
        assert [json.loads(line) for line in text.splitlines()] == [
            {"_corrupt_record": "text", "_errors": [{"code": "MAPPER", "message": "no"}]},
            {
                "_acme": {"id": "x"},
                "_errors": [{"code": "DCVS-1104-400", "message": "_acme.id: must be an integer, not a string"}],
            },
        ]


def test_a_batch_without_failed_records_has_no_files(world: World, dataset: str) -> None:
    batch = landed(world, dataset, [{"_acme": {"id": 1}}]).batch
    for folder in ("failed", "meta"):
        assert world.client.get(f"{EXPORT}/batches/{batch}/{folder}").json()["data"] == []
        assert world.client.get(f"{EXPORT}/batches/{batch}/{folder}?path=none.json").status_code == 404
        assert world.client.get(f"{EXPORT}/batches/none/{folder}").status_code == 404
    assert world.client.get(f"{EXPORT}/batches/{batch}/meta?path=row_errors").json()["data"] == []


def test_the_root_of_the_meta_files_has_the_errors_and_their_sample(world: World, dataset: str) -> None:
    batch = landed(world, dataset, [{"_acme": {"id": "x"}}]).batch
    files = world.client.get(f"{EXPORT}/batches/{batch}/meta").json()["data"]
    assert [one["name"] for one in files] == ["row_errors", "row_errors_sample.json"]


def test_a_preview_has_a_hundred_rows_at_most(world: World, dataset: str) -> None:
    for start in (0, 90):
        landed(world, dataset, [{"_acme": {"id": number}} for number in range(start, start + 90)])
    rows = world.client.get(f"{EXPORT}/datasets/{dataset}/preview").json()["data"]
    assert [row["_acme"]["id"] for row in rows] == list(range(100))


def test_batches_are_listed_by_dataset(world: World, dataset: str) -> None:
    other = make_dataset(world, world.client.get(f"{CATALOG}/dataSets/{dataset}").json()[dataset]["schemaRef"]["id"], "another")
    batch, _ = landed(world, dataset, []).batch, landed(world, other, [])
    assert list(world.client.get(f"{CATALOG}/batches?dataSet={dataset}").json()) == [batch]


def test_rows_are_in_the_dataset_after_a_delay(make_world: Callable[..., World]) -> None:
    world = make_world(land_delay=60)
    dataset = make_dataset(world, make_schema(world)["$id"])
    batch = landed(world, dataset, [{"_acme": {"id": 1}}]).batch
    preview, state = f"{EXPORT}/datasets/{dataset}/preview", f"{CATALOG}/batches/{batch}"
    assert (world.client.get(preview).json(), world.client.get(state).json()[batch]["status"]) == ({"data": []}, "processing")
    world.clock.sleep(60)
    assert len(world.client.get(preview).json()["data"]) == 1
    assert world.client.get(state).json()[batch]["status"] == "success"


def test_nothing_lands_in_a_dataset_that_is_gone(world: World) -> None:
    with pytest.raises(NoDataset):
        landed(world, "0" * 24, [])


def test_a_preview_has_the_rows_of_its_dataset_only(world: World) -> None:
    uri = make_schema(world)["$id"]
    one, other = make_dataset(world, uri, "one"), make_dataset(world, uri, "other")
    landed(world, one, [{"_acme": {"id": 1}}])
    landed(world, other, [{"_acme": {"id": 2}}])
    assert world.client.get(f"{EXPORT}/datasets/{one}/preview").json()["data"] == [{"_acme": {"id": 1}}]
