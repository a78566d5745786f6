"""Maps error responses to a ServiceError with the server's message, its code, the status, the request id and the next step.

Five body shapes are known (docs: Platform troubleshooting, Flow Service errors; OpenAPI of destinations): the gateway's `error_code`, a
string or a number, with `message`; the problem body with `type` …/FLOW-1439-404, `title` and `report`; `errorMessage`, alone or with
`errorDetails`; `message` alone; and the generic `type`, `title`, `detail`. Any other body gives an error with fewer details.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import msgspec

from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.errors import ServiceError, SpecNotFound, VersionMismatch
from reconciler.flowservice.hints import NOT_FOUND_CODES, NOT_VISIBLE, TOKEN_MISSING_CODE, hint_for
from reconciler.flowservice.messages import Call
from reconciler.http.messages import Answer
from reconciler.http.secrets.disclosure import is_request_id, shown_words

_CODE: Final = re.compile(r"(?:FLOW-)?(\d{3,6})(?:-\d{3})?", re.ASCII)
_LONGEST_WORDS: Final = 500
_MAX_ERROR_BYTES: Final = 1_000_000
_DETAILS: Final = ("errorMessage", "errorDetails", "message", "detail", "error_description")


class Complaint(msgspec.Struct, frozen=True):
    """The content of an error body. `number` is the code without its prefix and status: 1439 of FLOW-1439-404."""

    words: str
    code: str | None = None
    number: int | None = None
    request_id: str | None = None
    from_flow_service: bool = False


def complaint_of(content: bytes | bytearray) -> Complaint:
    """The complaint in this body; its words are empty if the body has no readable message."""
    try:
        body = decode(content[:_MAX_ERROR_BYTES])
    except NotJson:
        text = shown_words(bytes(content[: 4 * _LONGEST_WORDS]).decode(errors="replace"))
        return Complaint("" if text.startswith("<") or "\ufffd" in text else text)  # an HTML page has little information
    fields = _fields(body)
    report = fields.get("report")
    report = report if isinstance(report, dict) else {}
    request_id = report.get("request-id") or fields.get("request-id") or fields.get("requestId")
    code, number = _code(fields)
    return Complaint(
        words=_words(fields, report),
        code=code,
        number=number,
        request_id=request_id if isinstance(request_id, str) and is_request_id(request_id) else None,
        from_flow_service="error_code" not in fields
        and ("errorMessage" in fields or bool(report) or {"title", "status"} <= fields.keys()),
    )


def service_error(call: Call, answer: Answer) -> ServiceError:
    """The error for this response: SpecNotFound only if the service says that this spec does not exist; VersionMismatch for a 412."""
    complaint = complaint_of(answer.content)
    request_id = complaint.request_id or answer.request_id
    status = f"{answer.status} {complaint.code}" if complaint.code else str(answer.status)
    words = f": {complaint.words}" if complaint.words else ""
    kind, hint = ServiceError, hint_for(answer.status, complaint.number, call.service)
    if _says_not_there(call, answer, complaint):
        kind, hint = SpecNotFound, NOT_VISIBLE
    elif answer.status == HTTPStatus.PRECONDITION_FAILED:
        kind = VersionMismatch
    return kind(
        f"{call} returned {status}{words} (request id {request_id})",
        status=answer.status,
        server_code=complaint.code,
        request_id=request_id,
        hint=hint,
    )


def redirected(call: Call, answer: Answer) -> ServiceError:
    """The error for a redirect. Redirects are not followed, because they would send the token to another address."""
    location = answer.headers.get("location", "")
    try:
        host = shown_words(urlsplit(location).hostname or ("the same host" if location else "an address that is not shown"))
    except ValueError:
        host = "an invalid URL"
    return ServiceError(
        f"{call} returned {answer.status}, a redirect to {host[:_LONGEST_WORDS]}, which is not followed (request id {answer.request_id})",
        status=answer.status,
        request_id=answer.request_id,
        hint="check base_url of the target",
    )


def refuses_token(answer: Answer) -> bool:
    """Whether a new token may help: 401, or the gateway's 403 for a missing token."""
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return True
    return answer.status == HTTPStatus.FORBIDDEN and complaint_of(answer.content).number == TOKEN_MISSING_CODE


def _says_not_there(call: Call, answer: Answer, complaint: Complaint) -> bool:
    """Whether a 404 means that the spec does not exist. Other causes are a wrong sandbox, permission or path, so the code decides."""
    if answer.status != HTTPStatus.NOT_FOUND or not call.one_spec or not complaint.from_flow_service:
        return False
    if complaint.number is None:
        return complaint.code is None and "sandbox" not in complaint.words.casefold()
    return complaint.number in NOT_FOUND_CODES


def _fields(body: Json) -> Mapping[str, Json]:
    """The fields of the error object: at the top level, below `error`, or first in `errors`."""
    if not isinstance(body, dict):
        return {}
    errors = body.get("errors")
    inner = errors[0] if isinstance(errors, list) and errors else body.get("error")
    return body | inner if isinstance(inner, dict) else body


def _code(fields: Mapping[str, Json]) -> tuple[str | None, int | None]:
    problem_type = fields.get("type")
    last = problem_type.rpartition("/")[2] if isinstance(problem_type, str) else None
    for value in (fields.get("error_code"), fields.get("errorCode"), fields.get("code"), last):
        text = str(value) if isinstance(value, int) else value
        found = _CODE.fullmatch(text) if isinstance(text, str) else None
        if found:
            return found[0], int(found[1])
    return None, None


def _words(fields: Mapping[str, Json], report: Mapping[str, Json]) -> str:
    """The title and the first detail, unless one repeats the other."""
    details = [report.get("detailed-message"), *(fields.get(name) for name in _DETAILS)]
    detail = next((shown_words(text) for text in details if isinstance(text, str) and text.strip()), "")
    title = fields.get("title")
    title = shown_words(title) if isinstance(title, str) else ""
    if not title or title in detail:
        return detail
    return f"{title}: {detail}" if detail else title
