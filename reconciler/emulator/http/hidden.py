"""Answers about an id that exists and that no list shows."""

from __future__ import annotations

from starlette.responses import Response

from reconciler.emulator.http.calls import json_response, refusal
from reconciler.emulator.problems import bad_request, coded


def answer_of_hidden(said: str, request_id: str) -> Response:
    """The answer that `hidden_as` says: a status with a code, a body, or where it leads to."""
    status, _, rest = said.partition(" ")
    if status.startswith("3"):
        return Response(status_code=int(status), headers={"Location": rest} if rest else {})
    if rest.startswith(("{", "[", '"')) or rest in ("null", "true", "false"):
        return json_response(rest.encode(), int(status))
    if not rest and int(status) == bad_request("").status:
        return refusal(bad_request("The request was declined"))
    return refusal(coded(int(status), rest or f"{status}000", "The request was declined", request_id))
