"""The catalog: datasets, and the batches in them.

Source: OpenAPI of the Catalog Service: lists are objects with the ids as keys, and writes answer with references.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.json_text import Document
from reconciler.emulator.dataplane.landing.batches import batch_shown
from reconciler.emulator.dataplane.landing.datasets import NotAccepted, dataset_shown, delete_dataset, make_dataset
from reconciler.emulator.http.calls import Call, json_body, json_response, required_text, route, whole_number
from reconciler.emulator.http.dataplane.listed import listed
from reconciler.emulator.model import BATCHES, DATASETS, Row
from reconciler.emulator.problems import bad_request, not_found
from reconciler.emulator.service import Service

_DEFAULT: Final = 20
_MOST: Final = 100


def catalog_routes(service: Service) -> list[Route]:
    """The endpoints below the catalog's path."""
    shown_batch = partial(batch_shown, service)
    datasets: dict[str, Callable[[Call], Response]] = {
        "GET": partial(_list, service, DATASETS, dataset_shown),
        "POST": partial(_create, service),
    }
    dataset: dict[str, Callable[[Call], Response]] = {
        "GET": partial(_read, service, DATASETS, dataset_shown),
        "DELETE": partial(_delete, service),
    }
    return [
        route("/dataSets", datasets),
        route("/dataSets/{id}", dataset),
        route("/batches", {"GET": partial(_list, service, BATCHES, shown_batch)}),
        route("/batches/{id}", {"GET": partial(_read, service, BATCHES, shown_batch)}),
    ]


def _create(service: Service, call: Call) -> Response:
    body = json_body(call, DATASETS)
    required_text(body, "name")
    try:
        row = make_dataset(service, call.caller.place, body, call.caller.author)
    except NotAccepted as error:
        raise bad_request(str(error)) from error
    return json_response([_reference(row.id)], 201)


def _list(service: Service, kind: str, shown: Callable[[Row], Document], call: Call) -> Response:
    limit, start = whole_number(call, "limit", _DEFAULT, 1, _MOST), whole_number(call, "start", 0, 0, 10**9)
    rows = [(row.id, shown(row)) for row in listed(service, kind, call.caller.place)]
    matching = [(one, body) for one, body in rows if _matches(call, kind, one, body)]
    page = matching[start : start + limit]
    around: Document = {}
    if service.behaviour.catalog_links:
        around = {"_page": {"count": len(page), "limit": limit, "start": start}, "_links": {"self": {"href": call.target}}}
    return json_response({**dict(page), **around})


def _matches(call: Call, kind: str, object_id: str, body: Document) -> bool:
    """Whether an object passes the filters of the query: `name` for datasets, `batch` and `dataSet` for batches."""
    if kind == DATASETS:
        return call.parameter("name") in (None, body.get("name"))
    in_datasets = [one["id"] for one in body["relatedObjects"]]
    of_batch, of_dataset = call.parameter("batch"), call.parameter("dataSet")
    return of_batch in (None, object_id) and (of_dataset is None or of_dataset in in_datasets)


def _read(service: Service, kind: str, shown: Callable[[Row], Document], call: Call) -> Response:
    row = service.find(kind, call.caller.place, call.path["id"])
    if row is None:
        raise not_found(f"The object {call.path['id']} of {kind} is not found")
    return json_response({row.id: shown(row)})


def _delete(service: Service, call: Call) -> Response:
    wanted = call.path["id"]
    if service.find(DATASETS, call.caller.place, wanted) is None or not delete_dataset(service, call.caller.place, wanted):
        raise not_found(f"The object {wanted} of {DATASETS} is not found")
    return json_response([_reference(wanted)])


def _reference(dataset_id: str) -> str:
    return f"@/dataSets/{dataset_id}"
