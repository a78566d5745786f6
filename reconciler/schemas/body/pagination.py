"""`paginationParams`: how the next page of an answer is found (Self-Serve Sources, "Configure source specification")."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.nodes import choice, filled, mapping, number_or_text, text, when, with_snippets

PAGINATION_TYPES: Final = {
    "NONE": "One answer has everything; no other field is needed.",
    "OFFSET": "Each call says how many records to skip; the run ends at a short page, or by the end condition.",
    "PAGE": "Each call has a page number, counted up from initialPageIndex.",
    "POINTER": "Each answer has the address of the next page, at pointerPath.",
    "CONTINUATION_TOKEN": "Each answer has a token, at continuationTokenPath, that the next call hands back.",
}

_LIMITED: Final = ["limitName", "limitValue"]
_OFFSET_NAMES: Final[Document] = {
    "anyOf": [{"required": ["offSetName"]}, {"required": ["offsetName"]}],
    "errorMessage": "OFFSET needs `offSetName`: the parameter that says how many records to skip.",
}
_PAGES: Final = "A count that is a number, or an expression over a header of the answer."


def _limits() -> dict[str, Document]:
    return {
        "limitName": filled(
            "The query parameter with the number of records in a page, as the source calls it. A wrong name makes the source "
            "use its own page size, and pages may be skipped.",
            examples=["limit", "count", "pageSize"],
        ),
        "limitValue": number_or_text(
            "How many records a page has. The greatest that the source allows makes the fewest calls.", examples=[100, "100"]
        ),
    }


def _offset() -> dict[str, Document]:
    return {
        "offSetName": filled(
            "OFFSET: the query parameter with the number of records to skip. Written with a capital S, as in all filled-in examples.",
            examples=["offset"],
        ),
        "offsetName": filled("OFFSET: the spelling that the published template has for `offSetName`.", examples=["offset"]),
        "endConditionName": text(
            "OFFSET: the path in the answer of a value that says whether there is more. Without it the run ends at the first page "
            "that is not full.",
            examples=["$.hasMore"],
        ),
        "endConditionValue": text(
            "OFFSET: the value at endConditionName that ends the run, written as `Const:` and the value.",
            examples=["Const:false"],
        ),
    }


def _tokens() -> dict[str, Document]:
    return {
        "pointerPath": filled(
            "POINTER: the JSONPath, in the answer, of the address of the next page. Where it leads nowhere, the run ends after one page.",
            examples=["$.paging.next"],
        ),
        "continuationTokenPath": filled(
            "CONTINUATION_TOKEN: the JSONPath, in the answer, of the token for the next page.", examples=["$.meta.after_cursor"]
        ),
        "parameterType": choice(
            "CONTINUATION_TOKEN: where the token goes in the next call.",
            {"QUERYPARAM": "Into the query of the URL.", "HEADERPARAM": "Into a header."},
        ),
        "parameterName": filled(
            "CONTINUATION_TOKEN: the name of the query parameter or header that takes the token.", examples=["page[after]"]
        ),
        "delayRequestMillis": number_or_text(
            "CONTINUATION_TOKEN: milliseconds to wait between two calls, for a source that limits their rate.", examples=["850"]
        ),
    }


def _page() -> dict[str, Document]:
    return {
        "pageParamName": filled("PAGE: the query parameter with the number of the page.", examples=["page", "pageNumber"]),
        "initialPageIndex": number_or_text("PAGE: the number of the first page; 0 if it is left out.", examples=[0, 1]),
        "endPageIndex": number_or_text(f"PAGE: the number of the last page. {_PAGES}", examples=["headers.x-pagecount"]),
        "maximumRequest": number_or_text("PAGE: how many calls one run may make at most; 10000 if it is left out."),
    }


_SNIPPETS: Final[dict[str, Document]] = {
    "NONE: one answer has everything": {"type": "NONE"},
    "OFFSET: skip records": {"type": "OFFSET", "limitName": "limit", "limitValue": 100, "offSetName": "offset"},
    "PAGE: count pages": {
        "type": "PAGE",
        "limitName": "pageSize",
        "limitValue": 100,
        "pageParamName": "page",
        "initialPageIndex": 1,
    },
    "POINTER: follow an address": {
        "type": "POINTER",
        "limitName": "limit",
        "limitValue": 100,
        "pointerPath": "$.paging.next",
    },
    "CONTINUATION_TOKEN: hand back a token": {
        "type": "CONTINUATION_TOKEN",
        "continuationTokenPath": "$.meta.after_cursor",
        "parameterType": "QUERYPARAM",
        "parameterName": "page[after]",
    },
}

PAGINATION_PARAMS: Final = with_snippets(
    mapping(
        "How the next page is found. Which other fields count depends on `type`.",
        {"type": choice("The kind of pagination that the source has.", PAGINATION_TYPES)}
        | _limits()
        | _offset()
        | _tokens()
        | _page(),
        required=["type"],
    ),
    _SNIPPETS,
) | {
    "allOf": [
        when("type", "OFFSET", {"required": _LIMITED, "allOf": [_OFFSET_NAMES]}),
        when("type", "PAGE", {"required": [*_LIMITED, "pageParamName"]}),
        when("type", "POINTER", {"required": [*_LIMITED, "pointerPath"]}),
        when("type", "CONTINUATION_TOKEN", {"required": ["continuationTokenPath", "parameterType", "parameterName"]}),
    ]
}
