"""Data Access: the first rows of a dataset, and what of a batch was not written.

Source: OpenAPI of Data Access: the directories `failed` and `meta` list files, and give the contents of one with `path`.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.json_text import Document, encode
from reconciler.emulator.dataplane.landing.batches import failed_records, preview
from reconciler.emulator.http.calls import Call, json_response, route
from reconciler.emulator.model import BATCHES, DATASETS, EXPORT, Row
from reconciler.emulator.problems import not_found
from reconciler.emulator.service import Service

_FILE: Final = "part-00000.json"
_ERRORS: Final = "row_errors"
_SAMPLE: Final = "row_errors_sample.json"
_MOST_SAMPLES: Final = 100
_JSON_LINES: Final = "application/octet-stream"


def export_routes(service: Service) -> list[Route]:
    """The endpoints below the path of Data Access."""
    return [
        route("/datasets/{id}/preview", {"GET": partial(_preview, service)}),
        route("/batches/{id}/failed", {"GET": partial(_failed, service)}),
        route("/batches/{id}/meta", {"GET": partial(_meta, service)}),
    ]


def _preview(service: Service, call: Call) -> Response:
    wanted = call.path["id"]
    if service.find(DATASETS, call.caller.place, wanted) is None:
        raise not_found(f"The dataset {wanted} is not found")
    return json_response({"data": preview(service, call.caller.place, wanted)})


def _failed(service: Service, call: Call) -> Response:
    """The files with the failed records of a batch; with `path` the records of one, one a line."""
    records = failed_records(_batch(service, call))
    path = call.parameter("path")
    if path is None:
        return _directory(call, "failed", {_FILE: _lines(records)} if records else {})
    if path != _FILE or not records:
        raise not_found(f"The path {path} is not found")
    return Response(_lines(records), media_type=_JSON_LINES)


def _meta(service: Service, call: Call) -> Response:
    """The directory `row_errors` and its sample; with `path` a directory or the contents of a file."""
    records = failed_records(_batch(service, call))
    path = (call.parameter("path") or "").strip("/")
    files = {f"{_ERRORS}/{_FILE}": _lines(records), _SAMPLE: _lines(records[:_MOST_SAMPLES])} if records else {}
    if path == "":
        return _directory(call, "meta", {name.partition("/")[0]: content for name, content in files.items()})
    if path in (_ERRORS, "input_files"):
        return _directory(call, "meta", {name: content for name, content in files.items() if name.startswith(f"{path}/")})
    if path not in files:
        raise not_found(f"The path {path} is not found")
    return Response(files[path], media_type=_JSON_LINES)


def _batch(service: Service, call: Call) -> Row:
    row = service.find(BATCHES, call.caller.place, call.path["id"])
    if row is None:
        raise not_found(f"The batch {call.path['id']} is not found")
    return row


def _directory(call: Call, folder: str, files: dict[str, bytes]) -> Response:
    here = f"{call.url}{EXPORT}/batches/{call.path['id']}/{folder}"
    data = [
        {"name": name, "length": str(len(content)), "_links": {"self": {"href": f"{here}?path={name}"}}}
        for name, content in files.items()
    ]
    return json_response({"data": data, "_page": {"limit": 100, "count": len(data)}})


def _lines(records: list[Document]) -> bytes:
    return b"".join(encode(record) + b"\n" for record in records)
