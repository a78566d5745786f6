"""The schema of provider files, generated from their records."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.providers.checks import LONGEST_WAIT, MOST_ON_A_PAGE, MOST_RECORDS
from reconciler.providers.schema import (
    ANSWER,
    AUTH,
    BASIC,
    BODY,
    DATES,
    FAULT,
    LIMIT,
    NEXT,
    PAGING,
    PROVIDER,
    RECORDS,
    TOKEN,
    WINDOW,
)
from reconciler.schemas.from_record import Notes, from_record
from reconciler.schemas.nodes import anything, choice, filled, free_mapping, or_null, text
from reconciler.sdk.json_schemas import DRAFT_07

_LAST: Final = {
    "absent": "No member.",
    "null": "A member that is null.",
    "empty": "An empty string.",
    "self": "The one of this request.",
    "more": "One that leads to a page without records.",
}


def _number(description: str, least: int, most: int) -> Document:
    return {"description": description, "minimum": least, "maximum": most}


def _seconds(description: str) -> Document:
    return {"description": description, "type": "number", "minimum": 0, "maximum": LONGEST_WAIT}


def _place(description: str, *examples: str) -> Document:
    return text(f"{description} Names separated by dots.", examples=examples)


def _moment(description: str, example: str) -> Document:
    return filled(f"{description} ISO 8601, in quotes.", examples=[example])


def _auth() -> Document:
    basic: Notes = {"username": filled("The user name."), "password": filled("The password; made up, for it is in git.")}
    notes: Notes = {
        "basic": from_record(BASIC, "HTTP Basic.", basic),
        "bearer": text("The token of `Authorization: Bearer`."),
        "header": free_mapping("Headers that every request needs, with their values.", {"type": "string"}),
        "query": free_mapping("Query parameters that every request needs, with their values.", {"type": "string"}),
    }
    known = from_record(AUTH, "The credentials that a request needs. A value of `*` accepts any but an empty one.", notes)
    description = known.pop("description")
    return {"description": description, "type": None, "anyOf": [known | {"minProperties": 1}, {"enum": ["none", None]}]}


def _records() -> Document:
    dates: Notes = {
        "from": _moment("The time of the first record.", "2024-01-01T00:00:00Z"),
        "to": _moment("The end, which no record has.", "2025-01-01T00:00:00Z"),
    }
    notes: Notes = {
        "file": filled("A file beside this one, with one JSON object a line.", examples=["records.jsonl"]),
        "count": _number("How many records to make from `each`.", 0, MOST_RECORDS),
        "each": anything(
            "The record to make. Its strings may have {n}, {n:05}, {n:number}, {date}, {date:epoch}, {date:epoch-ms}, {date:FORMAT} and "
            "{pick:a|b}; {{ is a brace."
        ),
        "dates": from_record(DATES, "The range over which {date} is spread evenly. Left out, it is the year 2024.", dates),
        "moving": _number("How many records move from the end to the front after every request.", 0, 1000),
    }
    made: list[Document] = [{"required": ["file"]}, {"required": ["count", "each"]}]
    return from_record(RECORDS, "The records: a file, or a count and what each looks like.", notes) | {"oneOf": made}


def _answer() -> Document:
    notes: Notes = {
        "records": _place("The place of the list of records. Left out, the answer is the list itself.", "data.items"),
        "wrap": _place("The place of the record in each element of the list.", "member"),
        "total": _place("The place of the total number of records.", "meta.total"),
        "total_off": _number("Added to the total, which then is wrong.", -MOST_RECORDS, MOST_RECORDS),
        "count": _place("The place of the number of records on this page."),
        "more": _place("The place of a flag: there are more pages.", "hasMore"),
        "last": _place("The place of a flag: this is the last page.", "isLast"),
        "pages": _place("The place of the number of pages.", "meta.pages"),
        "as_strings": {"description": "Whether total, count, pages, more and last are strings."},
        "empty": or_null(
            choice("The list on a page without records.", {"list": "An empty list.", "null": "Null.", "absent": "No member."})
        ),
        "also": {"description": "Members that every answer has."},
    }
    return from_record(ANSWER, "Where an answer has its records, and what it says about them.", notes)


def _paging() -> Document:
    limit: Notes = {
        "name": filled("The parameter with the page size. Left out, the size is fixed.", examples=["limit"]),
        "default": _number("The page size without the parameter.", 1, MOST_ON_A_PAGE),
        "max": _number("The most records on a page.", 1, MOST_ON_A_PAGE),
        "over": choice("What a larger size gets.", {"cap": "A page of `max`.", "refuse": "400."}),
    }
    following: Notes = {
        "path": _place("The place of the address.", "paging.next"),
        "name": filled("The query parameter in the address that selects the page."),
        "address": choice(
            "The form of the address.", {"absolute": "With the host.", "relative": "Path and query.", "query": "Only `?…`."}
        ),
        "last": or_null(choice("What the last page has.", _LAST)),
        "keep": choice(
            "Which query parameters of the request are in the address.",
            {"all": "All.", "without-key": "All but those of `auth.query`.", "none": "None."},
        ),
    }
    token: Notes = {
        "path": _place("The place of the token.", "meta.after_cursor"),
        "name": filled("The parameter in which it is sent.", examples=["page[after]"]),
        "in": choice("Where it is sent.", {"query": "A query parameter.", "header": "A header."}),
        "last": or_null(choice("What the last page has.", _LAST)),
        "form": choice(
            "What a token is.",
            {
                "opaque": "Base64.",
                "number": "The number of the first record.",
                "same": "One for all pages; the API remembers the position.",
            },
        ),
        "expires_after": _number("After the first page and this many more, tokens are refused with 410.", 1, MOST_RECORDS),
    }
    notes: Notes = {
        "style": choice(
            "How the API divides its records into pages.",
            {
                "offset": "By the number of the first record.",
                "page": "By the number of the page.",
                "pointer": "By the address of the next page.",
                "token": "By a token of the next page.",
                "none": "One page.",
            },
        ),
        "limit": from_record(LIMIT, "The page size.", limit),
        "offset": filled("The parameter with the number of the first record."),
        "page": filled("The parameter with the number of the page."),
        "start": _number("The number of the first record (0 by default) or page (1 by default).", 0, 1),
        "zero": choice("What a number below `start` gets.", {"first": "The first page.", "refuse": "400."}),
        "next": from_record(NEXT, "The address of the next page, for style pointer.", following),
        "token": from_record(TOKEN, "The token of the next page, for style token.", token),
        "past_end": {
            "description": "The answer after the last page, for styles offset and page.",
            "enum": ["empty", "last", "204", "404", 204, 404],
        },
        "pages_header": filled("The header with the number of pages.", examples=["X-PageCount"]),
        "total_header": filled("The header with the total number of records.", examples=["X-Total-Count"]),
        "link_header": {"description": "Whether a `Link` header has the address of the next page."},
    }
    return from_record(PAGING, "How the API divides its records into pages.", notes)


def _window() -> Document:
    notes: Notes = {
        "from": filled("The parameter for the start.", examples=["updated_after"]),
        "to": filled("The parameter for the end.", examples=["updated_before"]),
        "field": _place("The place of the time in a record.", "updated_at"),
        "format": filled("iso, date, epoch, epoch-ms, or a .NET format. A time in another format returns 400."),
        "includes": choice(
            "The ends that are part of the range.",
            {"from": "The start.", "to": "The end.", "both": "Start and end.", "none": "Neither."},
        ),
    }
    ends: list[Document] = [{"required": ["from"]}, {"required": ["to"]}]
    return from_record(WINDOW, "The parameters that select records by a time.", notes) | {"anyOf": ends}


def _fault() -> Document:
    notes: Notes = {
        "request": _number("The request with this number.", 1, MOST_RECORDS),
        "every": _number("Every request whose number is a multiple of this.", 1, MOST_RECORDS),
        "after": _number("Every request after this many.", 0, MOST_RECORDS),
        "status": _number("The status of the answer.", 200, 599),
        "retry_after": {"description": "Its Retry-After: seconds, or a date.", "type": ["number", "string"]},
        "location": filled("Its Location."),
        "body": text("Its body, verbatim, with `status` or 200."),
        "delay": _seconds("Seconds before the answer."),
        "reset": {"description": "Whether the connection ends without an answer."},
    }
    which: list[Document] = [{"required": [name]} for name in ("request", "every", "after")]
    return from_record(FAULT, "Which requests, and what happens to them.", notes) | {"oneOf": which}


def _body() -> Document:
    notes: Notes = {
        "content_type": filled("The Content-Type of a page."),
        "gzip": choice(
            "Whether bodies are compressed.",
            {"on-request": "If the request accepts it.", "always": "Always.", "never": "Never."},
        ),
        "chunked": {"description": "Whether the body is sent in pieces, without a length."},
        "slow": _seconds("Seconds over which the body is sent."),
        "bom": {"description": "Whether the body begins with a byte order mark."},
        "whitespace": {"description": "Whether there is whitespace around and within the JSON."},
    }
    return from_record(BODY, "How the bytes of an answer are sent.", notes)


def provider_file() -> Document:
    """The schema of a provider file."""
    notes: Notes = {
        "kind": {"description": "Provider."},
        "path": {
            "description": "The path of the endpoint, without a host. A {placeholder} matches one segment.",
            "pattern": "^/[^?#]*$",
            "patternErrorMessage": "Write a path that starts with '/', without host and query.",
            "examples": ["/v1/lists/{id}/members"],
        },
        "method": choice(
            "The method of the endpoint.",
            {"GET": "GET, and HEAD.", "POST": "POST, with parameters in the query or the JSON body."},
        ),
        "auth": _auth(),
        "records": _records(),
        "answer": _answer(),
        "paging": _paging(),
        "window": _window(),
        "faults": {"description": "What goes wrong. The first that is due applies.", "items": _fault()},
        "errors": choice("The format of error pages.", {"json": "JSON.", "html": "HTML."}),
        "body": _body(),
    }
    head: Document = {"$schema": DRAFT_07, "title": "Provider file of reconciler"}
    return head | from_record(PROVIDER, "A third-party API with one endpoint, to try a spec against.", notes)
