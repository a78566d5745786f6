"""What the service shows of an object: which of its states, and how much of that."""

from __future__ import annotations

from typing import Any

from reconciler.documents.json_text import Document, encode
from tests.simulation.habits_of_service import Habits

SUMMARY = ("id", "name", "providerId")
ID_LIST = "sourceConnectionSpecIds"
BAD_ELEMENTS = (
    b"null",
    b'"text"',
    b'{"name":"odd","providerId":"p"}',
    b'{"id":"0dd00000-0000-4000-8000-000000000001","name":"odd","providerId":"p","description":"\\ud83d"}',
    b'{"id":"0dd00000-0000-4000-8000-000000000002","name":"odd","providerId":"p","x":' + b"9" * 5000 + b"}",
    b'{"id":"0dd00000-0000-4000-8000-000000000003","name":"odd","providerId":"p","attributes":' + b"[" * 600 + b"]" * 600 + b"}",
)
HIDDEN_ANSWERS: tuple[tuple[int, str], ...] = (
    *((status, "gateway") for status in (400, 401, 402, 403, 404, 405, 406, 409, 410, 415, 418, 422, 423, 451, 500, 501, 502)),
    *((status, "service") for status in (400, 403, 404, 412, 500, 503, 504)),
    (403, "403025"),
    (302, ""),
    (200, "{}"),
    (200, '{"items":[]}'),
    (200, "null"),
    (200, "<html>"),
    (404, ""),
)


def appearance(body: Document, way: str, habits: Habits, partial: str = "") -> Document:
    """A body as it is answered by id (`get`), in a list (`list`) or to its write (`write`)."""
    shown = dict(body)
    if habits.updated_at != "milliseconds" and way in habits.updated_at_in:
        time = shown.pop("updatedAt")
        if habits.updated_at == "whole_seconds":
            shown["updatedAt"] = time // 1000 * 1000
    if habits.unsolicited:
        shown |= {"_links": {"self": {"href": f"/{body['id']}"}}, "state": "draft"}
    if habits.upper_case_ids and way == "get":
        shown["id"] = body["id"].upper()
    return _less(shown, partial)


def _less(shown: Document, partial: str) -> Document:
    match partial:
        case "summary":
            return {name: value for name, value in shown.items() if name in SUMMARY}
        case "ids" if shown.get(ID_LIST):
            return shown | {ID_LIST: shown[ID_LIST][: len(shown[ID_LIST]) // 2]}
        case "sections":
            return {name: value for name, value in shown.items() if name not in ("transformationSpecs", "sourceSpec", "version")}
        case "attributes":
            return {name: value for name, value in shown.items() if name != "attributes"}
    return shown


def hidden_answer(number: int, spec_id: str) -> tuple[int, dict[str, str], bytes]:
    """One of the answers that an id may get that this credential cannot read."""
    status, said = HIDDEN_ANSWERS[number % len(HIDDEN_ANSWERS)]
    headers = {"location": "https://login.example.com/"} if status in range(300, 400) else {}
    body: Any = {}
    if said == "service":
        body = {
            "type": f"https://ns.adobe.com/aep/errors/FLOW-9999-{status}",
            "title": "No",
            "status": status,
            "report": {"id": spec_id},
        }
    elif said == "gateway" or said.isdecimal():
        body = {"error_code": said if said.isdecimal() else f"{status}000", "message": "The request was declined"}
    elif said:
        return status, headers, said.encode()
    return status, headers, encode(body) if body else b""
