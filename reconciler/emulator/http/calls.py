"""One authenticated request, read completely, as the endpoints receive it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.http.lines import line_of
from reconciler.emulator.model import Author, Place
from reconciler.emulator.problems import DeclinedError, bad_request, flow_service, method_not_allowed

JSON = "application/json"
REQUEST_ID = "x-request-id"


@dataclass(frozen=True, slots=True)
class Caller:
    """The author of a request and its sandbox."""

    author: Author
    place: Place


NOBODY = Caller(Author("", ""), Place("", ""))


@dataclass(frozen=True, slots=True)
class Call:
    """A request: `path` has the variables of its route, `query` the decoded parameters in order."""

    url: str
    path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    request_id: str
    caller: Caller = NOBODY
    target: str = ""
    """The path of the request."""

    def parameter(self, name: str) -> str | None:
        return next((value for key, value in self.query if key == name), None)

    def parameters(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name]


Handler = Callable[[Call], Response]


def route(path: str, handlers: Mapping[str, Handler], *, calls_others: bool = False) -> Route:
    """A route that answers other methods with 405 and the supported ones in `Allow`.

    With `calls_others`, the handlers may wait for a third party, and run beside the server's event loop.
    """

    async def endpoint(request: Request) -> Response:
        handler = handlers.get(request.method)
        if handler is None:
            raise method_not_allowed(request.method, list(handlers))
        call = await _call(request)
        if not calls_others:
            return handler(call)
        response = await line_of(request.scope).work(partial(handler, call))
        assert response is not None  # noqa: S101  without a limit of time, a job has its result
        return response

    made = Route(path, endpoint)
    made.methods = None  # else it would reject other methods itself
    return made


async def _call(request: Request) -> Call:
    state = request.scope["state"]
    return Call(
        url=str(request.base_url).rstrip("/"),
        path=request.path_params,
        query=tuple(request.query_params.multi_items()),
        headers=request.headers,
        body=await request.body(),
        request_id=state["request_id"],
        caller=state.get("caller", NOBODY),
        target=request.url.path,
    )


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response; `bytes` are already JSON."""
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Response(content, status, headers, JSON)


def refusal(error: DeclinedError) -> Response:
    """The response for an error; one that has nothing to say has no body."""
    if not error.body:
        return Response(status_code=error.status, headers=error.headers)
    return json_response(error.body, error.status, error.headers)


def json_body(call: Call, kind: str = "") -> dict[str, Any]:
    """The JSON object in the body of a write. Raises `DeclinedError` as `json_value` does, and for JSON that is not an object."""
    body = json_value(call, kind)
    if not isinstance(body, dict):
        raise bad_request("The request body must be a JSON object")
    return body


def json_value(call: Call, kind: str = "") -> Any:
    """The JSON in the body of a write.

    Raises `DeclinedError` for a content type other than JSON, an empty body (1405-400), and invalid JSON.
    """
    content_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON:
        raise bad_request("A valid content-type must be specified")
    if call.body.strip() in (b"", b"null"):
        message = "The request body cannot be null or empty. Please provide a request body and try again."
        raise flow_service("1405-400", message, request_id=call.request_id, kind=kind)
    try:
        return msgspec.json.decode(call.body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise bad_request(f"The request body is not valid JSON: {error}") from error


def whole_number(call: Call, name: str, default: int, least: int, most: int) -> int:
    """A query parameter that is an integer in this range; `default` if it is missing. Raises `DeclinedError` (400)."""
    text = call.parameter(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdecimal() or len(text) > 9 or not least <= int(text) <= most:  # noqa: PLR2004  no larger limit
        raise bad_request(f"The parameter {name} must be an integer from {least} to {most}")
    return int(text)


def object_id(call: Call, kind: str) -> str:
    """The id in the path, a UUID. Raises `DeclinedError` (1413-400)."""
    text = call.path["id"]
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        message = "The spec ID provided is invalid. Please provide a valid spec ID and try again."
        raise flow_service("1413-400", message, request_id=call.request_id, about=text, kind=kind) from error


def required_text(body: Mapping[str, Any], name: str) -> str:
    """A required string field. Raises `DeclinedError` (400)."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise bad_request(f"The field {name} is required and must be a non-empty string")
    return value
