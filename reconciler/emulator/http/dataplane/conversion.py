"""Data Prep: mapping sets, their validation and preview, and the validation of one expression.

Source: OpenAPI of Data Prep: a POST answers 200, and there is no DELETE.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from reconciler.documents.json_text import Document, Json, decode
from reconciler.emulator.dataplane.expressions.functions import FUNCTIONS
from reconciler.emulator.dataplane.mapping import MappingError, expression_problem, mapped
from reconciler.emulator.dataplane.mapping_sets import (
    NotAccepted,
    check_body,
    make_mapping_set,
    problems_of,
    schema_of,
    set_shown,
    written,
)
from reconciler.emulator.dataplane.registry.fitting import fields_of
from reconciler.emulator.http.calls import Call, json_body, json_response, route, whole_number
from reconciler.emulator.http.dataplane.listed import listed
from reconciler.emulator.managed import replaced
from reconciler.emulator.model import CONVERSION, MAPPING_SETS, Row
from reconciler.emulator.problems import DeclinedError, bad_request, not_found
from reconciler.emulator.service import Service

_DEFAULT: Final = 10
_MOST: Final = 100
_MOST_RECORDS: Final = 100
_ORDERS: Final = {"createdDate": "createdDate", "updatedDate": "modifiedDate"}


def conversion_routes(service: Service) -> list[Route]:
    """The endpoints below the path of Data Prep."""
    sets: dict[str, Callable[[Call], Response]] = {"GET": partial(_list, service), "POST": partial(_create, service)}
    one: dict[str, Callable[[Call], Response]] = {"GET": partial(_read, service), "PUT": partial(_replace, service)}
    return [
        route("/mappingSets", sets),
        route("/mappingSets/validate", {"POST": partial(_validate, service)}),
        route("/mappingSets/preview", {"POST": partial(_preview, service)}),
        route("/mappingSets/{id}", one),
        route("/languages/el/validate", {"POST": _validate_expression}),
        route("/languages/el/functions", {"GET": _functions}),
    ]


def _create(service: Service, call: Call) -> Response:
    body = json_body(call, MAPPING_SETS)
    _check(service, call, body)
    row = make_mapping_set(service, call.caller.place, body, call.caller.author)
    return json_response(written(service, row), service.behaviour.mapping_status)


def _replace(service: Service, call: Call) -> Response:
    body = json_body(call, MAPPING_SETS)
    place, author = call.caller.place, call.caller.author
    current = _existing(service, call)
    _check(service, call, body)

    def change(row: Row) -> Document:
        return replaced(body, decode(row.body), place, author, service.store.now())

    row = service.store.replace(MAPPING_SETS, place, current.id, change)
    return json_response(written(service, row if row is not None else current))


def _check(service: Service, call: Call, body: Mapping[str, Json]) -> None:
    """Raise `DeclinedError` (400) for a set that is not accepted, or has a mapping that cannot work."""
    try:
        check_body(service, call.caller.place, body)
    except NotAccepted as error:
        raise bad_request(str(error)) from error
    problem = next((one for one in problems_of(service, call.caller.place, body) if one is not None), None)
    if problem is not None:
        raise bad_request(f"The mapping to {problem.destination} is not valid: {problem.exception}")


def _list(service: Service, call: Call) -> Response:
    limit, start = whole_number(call, "limit", _DEFAULT, 1, _MOST), whole_number(call, "start", 0, 0, 10**9)
    name = call.parameter("name") if service.behaviour.mapping_name_filter else None
    rows = listed(service, MAPPING_SETS, call.caller.place)
    matching = [body for body in (set_shown(service, row) for row in rows) if name in (None, body.get("name"))]
    orderby = call.parameter("orderBy")
    if orderby is not None:
        field = _order(orderby)
        matching.sort(key=lambda body: int(body[field]), reverse=orderby.startswith("-"))
    page = matching[start : start + limit]
    links = {}
    if len(matching) > start + limit:
        kept = "".join(f"&{quote(key)}={quote(value)}" for key, value in call.query if key not in ("start", "limit"))
        links = {"next": {"href": f"{CONVERSION}/mappingSets?start={start + limit}&limit={limit}{kept}"}}
    return json_response({"data": page, "_page": {"count": len(page), "limit": limit}, "_links": links})


def _order(orderby: str) -> str:
    """The field to sort by. Raises `DeclinedError` (400)."""
    name = orderby.strip().lstrip("+-")
    if name not in _ORDERS:
        raise bad_request(f"The parameter orderBy={orderby[:40]} is not valid: use createdDate or updatedDate")
    return _ORDERS[name]


def _read(service: Service, call: Call) -> Response:
    return json_response(set_shown(service, _existing(service, call)))


def _validate(service: Service, call: Call) -> Response:
    """One answer for each mapping; nothing is kept."""
    body = json_body(call, MAPPING_SETS)
    if not isinstance(body.get("mappings"), list):
        raise bad_request("The field mappings is required and must be a list of mappings")
    answers = [_validated(problem) for problem in problems_of(service, call.caller.place, body)]
    return json_response({"validationResponse": answers})


def _validated(problem: MappingError | None) -> Document:
    if problem is None:
        return {"status": "SUCCESS", "errors": None}
    return {"status": "FAILED", "errors": [problem.as_json()]}


def _preview(service: Service, call: Call) -> Response:
    """What a mapping set makes of a record, or of each of several; nothing is kept."""
    body = json_body(call, MAPPING_SETS)
    data, mapping_set = body.get("data"), body.get("mappingSet")
    if not isinstance(mapping_set, dict):
        raise bad_request("The field mappingSet is required and must be a mapping set")
    records: list[Json] = data if isinstance(data, list) else [data]
    if not all(isinstance(record, dict) for record in records) or len(records) > _MOST_RECORDS:
        raise bad_request(f"The field data must be a record, or a list of at most {_MOST_RECORDS} records")
    rows, errors = _mapped(service, call, mapping_set, records)
    return json_response({"data": rows if isinstance(data, list) else rows[0], "errors": errors})


def _mapped(
    service: Service, call: Call, mapping_set: Document, records: list[Document]
) -> tuple[list[Document], list[Document]]:
    fields = fields_of(service, call.caller.place, schema_of(mapping_set) or "")
    rows: list[Document] = []
    errors: list[Document] = []
    for record in records:
        result = mapped(mapping_set, record)
        fitted = fields.fitted(result.partial)
        rows.append(fitted.row)
        errors += [error.as_json() for error in result.errors]
        unfit = (MappingError("", one.path, f"{one.path} {one.message}", "ATTRIBUTE") for one in fitted.violations)
        errors += [error.as_json() for error in unfit]
    return rows, errors


def _validate_expression(call: Call) -> Response:
    expression = json_body(call).get("expression")
    if isinstance(expression, dict):  # the example of the OpenAPI nests it
        expression = expression.get("expression")
    if not isinstance(expression, str):
        raise bad_request("The field expression is required and must be a string")
    return json_response(b"true" if expression_problem(expression) is None else b"false")


def _functions(_call: Call) -> Response:
    return json_response([{"function": name} for name in sorted([*FUNCTIONS, "iif"])])


def _existing(service: Service, call: Call) -> Row:
    row = service.find(MAPPING_SETS, call.caller.place, call.path["id"])
    if row is None:
        raise _missing(call)
    return row


def _missing(call: Call) -> DeclinedError:
    return not_found(f"The mapping set {call.path['id']} is not found")
