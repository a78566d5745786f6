"""`paginationParams` (Self-Serve Sources, "Configure source specification", pagination)."""

from __future__ import annotations

from typing import Final

from reconciler.sdk.fields import Field, Shape, forms
from reconciler.sdk.sources import BATCH

_NAME, _NUMBER = Shape.NAME, Shape.NUMBER
_OFFSET, _PAGE, _POINTER, _TOKEN = ("OFFSET",), ("PAGE",), ("POINTER",), ("CONTINUATION_TOKEN",)
_LIMITED: Final = (*_OFFSET, *_PAGE, *_POINTER)

TYPES: Final = {
    "NONE": "One response has all records.",
    "OFFSET": "Each request has the number of records to skip.",
    "PAGE": "Each request has the number of a page.",
    "POINTER": "Each response has the address of the next page.",
    "CONTINUATION_TOKEN": "Each response has a token that the next request sends back.",
}
PARAMETER_TYPES: Final = {"QUERYPARAM": "In the query of the URL.", "HEADERPARAM": "In a header."}

TYPE: Final = Field("type", "The type of pagination that the source has.", values=TYPES, is_required=True)
FIELDS: Final = (
    Field(
        "limitName",
        "The query parameter with the number of records in a page. With a wrong name the source uses its own page size, and "
        "pages may be skipped.",
        _NAME,
        ("limit", "count", "pageSize"),
        required_by=_LIMITED,
    ),
    Field(
        "limitValue",
        "The number of records in a page. The maximum of the source makes the fewest requests.",
        _NUMBER,
        (100, "100"),
        least=1,
        required_by=_LIMITED,
    ),
    Field(
        "offSetName",
        "The query parameter with the number of records to skip. With a capital S, as in every filled-in example.",
        _NAME,
        ("offset",),
        required_by=_OFFSET,
        also=("offsetName",),
    ),
    Field(
        "endConditionName",
        "The path, in the response, of a value that says whether there are more pages. Without it the run ends at the first "
        "page that is not full.",
        _NAME,
        ("$.hasMore",),
        optional_in=_OFFSET,
    ),
    Field(
        "endConditionValue",
        "The value at endConditionName that ends the run, written as `Const:` and the value.",
        examples=("Const:false",),
        optional_in=_OFFSET,
    ),
    Field(
        "pointerPath",
        "The JSONPath, in the response, of the address of the next page. If nothing is there, the run ends after one page.",
        _NAME,
        ("$.paging.next",),
        required_by=_POINTER,
    ),
    Field(
        "continuationTokenPath",
        "The JSONPath, in the response, of the token for the next page.",
        _NAME,
        ("$.meta.after_cursor",),
        required_by=_TOKEN,
    ),
    Field(
        "parameterType",
        "Where the next request has the token.",
        values=PARAMETER_TYPES,
        examples=("QUERYPARAM",),
        required_by=_TOKEN,
    ),
    Field("parameterName", "The query parameter or header with the token.", _NAME, ("page[after]", "cursor"), required_by=_TOKEN),
    Field(
        "delayRequestMillis",
        "Milliseconds between two requests, for a source that limits their rate.",
        _NUMBER,
        ("850",),
        optional_in=_TOKEN,
    ),
    Field("pageParamName", "The query parameter with the number of the page.", _NAME, ("page", "pageNumber"), required_by=_PAGE),
    Field(
        "initialPageIndex", "The number of the first page; the default is 0.", _NUMBER, (1, 0), optional_in=_PAGE, is_usual=True
    ),
    Field(
        "endPageIndex",
        "The number of the last page, or a header of the response that has it.",
        _NUMBER,
        ("headers.x-pagecount",),
        optional_in=_PAGE,
    ),
    Field(
        "maximumRequest",
        "The most requests in one run; the default is 10000.",
        _NUMBER,
        (10000,),
        least=1,
        optional_in=_PAGE,
        is_usual=True,
    ),
)
FORMS: Final = forms(TYPES, FIELDS)
"""The fields of each type."""
PAGINATION_PARAMS: Final = Field(
    "paginationParams",
    "How the next page is requested. The fields depend on `type`.",
    Shape.BLOCK,
    fields=(TYPE, *FIELDS),
    only=BATCH,
)
