"""`sourceSpec` (Self-Serve Sources, "Configure source specification"): the source's appearance, and how records are fetched."""

from __future__ import annotations

from typing import Final

from reconciler.sdk.catalog import UI_ATTRIBUTES
from reconciler.sdk.fields import Field, Shape
from reconciler.sdk.pagination import PAGINATION_PARAMS
from reconciler.sdk.scheduling import SCHEDULE_PARAMS
from reconciler.sdk.sources import BATCH, STREAMING

METHODS: Final = {"GET": "All parameters are in the URL and the headers.", "POST": "`bodyParams` are sent, too."}

_USER_VALUES: Final = "A value that users enter is written `${name}` and declared in `sourceSpec.spec.properties`."
_URL_PARAMS: Final = Field(
    "urlParams",
    "The address of the records.",
    Shape.BLOCK,
    fields=(
        Field(
            "host",
            "Scheme and host. A part that differs between customers is written `${name}` and declared in the `properties` of "
            "every authSpec entry.",
            Shape.NAME,
            ("https://${domain}.api.mailchimp.com",),
        ),
        Field(
            "path", f"The path of the resource. {_USER_VALUES}", Shape.NAME, ("/3.0/lists/${listId}/members",), is_required=True
        ),
        Field("method", "The HTTP method of each request.", values=METHODS, examples=("GET",), is_required=True),
        Field("queryParams", f"Query parameters of every request, by name. {_USER_VALUES}", Shape.BLOCK),
    ),
    only=BATCH,
)


def _records(name: str, about: str, path: Field, wrapper: str) -> Field:
    fields = (
        path,
        Field("skipAttributes", "Fields that are left out of every record.", Shape.NAMES),
        Field("keepAttributes", "The only fields that are kept. If it is left out, all are.", Shape.NAMES),
        Field(
            "overrideWrapperAttribute",
            "The name of the records in a mapping, instead of the one in the response.",
            Shape.NAME,
            (wrapper,),
        ),
    )
    return Field(name, about, Shape.BLOCK, fields=fields, only=BATCH)


_CONTENT: Final = (
    _records(
        "contentPath",
        "Where the records are in the response.",
        Field(
            "path",
            "The JSONPath of the list of records. If anything but a list is there, there are no records, and there is no error.",
            Shape.NAME,
            ("$.members",),
            is_required=True,
        ),
        "member",
    ),
    _records(
        "explodeEntityPath",
        "A list inside each record, of which every entry becomes a row.",
        Field(
            "path",
            "The JSONPath of that list, which begins with the name of the record.",
            Shape.NAME,
            ("$.email.activity",),
            is_required=True,
        ),
        "activity",
    ),
)
_REQUEST: Final = (
    _URL_PARAMS,
    Field("headerParams", f"Headers of every request, by name. {_USER_VALUES}", Shape.BLOCK, only=BATCH),
    Field(
        "bodyParams",
        f"The body of every request. It is sent only if `urlParams.method` is POST. {_USER_VALUES}",
        Shape.BLOCK,
        only=BATCH,
    ),
)
REQUEST: Final = tuple(item.name for item in _REQUEST)
"""The parts of a request, in `sourceSpec.attributes`."""
CONTENT: Final = tuple(item.name for item in _CONTENT)
"""Paths to records in a response. Each may be written as a JSONPath string instead of a mapping with `path`."""
ATTRIBUTES: Final = ("sourceSpec", "attributes")
FORM: Final = ("sourceSpec", "spec")
"""The schema of what users enter for a source connection."""
URL_PARAMS: Final = (*ATTRIBUTES, "urlParams")
PARAMETERS: Final = ((*URL_PARAMS, "queryParams"), (*ATTRIBUTES, "headerParams"), (*ATTRIBUTES, "bodyParams"))
"""Blocks of a request whose keys the author chooses."""

SOURCE_SPEC: Final = Field(
    "sourceSpec",
    "Where the data is and how it is fetched: URL, pagination, schedule, what users enter.",
    Shape.BLOCK,
    page="config/sourcespec",
    fields=(
        Field("name", "The kind of source, for sources of Adobe's own.", Shape.NAME, ("CloudStorage",)),
        Field("type", "The same as `name`, for sources of Adobe's own.", Shape.NAME, ("CloudStorage",)),
        Field(
            "attributes",
            "What the UI shows, and what a run does.",
            Shape.BLOCK,
            fields=(
                UI_ATTRIBUTES,
                Field(
                    "authRequired",
                    "Whether data flows only with a connection. A streaming source has false, and the service adds it if it is missing.",
                    Shape.FLAG,
                    only=STREAMING,
                ),
                *_REQUEST,
                *_CONTENT,
                PAGINATION_PARAMS,
                SCHEDULE_PARAMS,
            ),
        ),
        Field(
            "spec",
            "What users enter for a source connection: a JSON Schema of an object. Its `properties` must declare each `${name}`"
            " of `urlParams.path`, `queryParams`, `headerParams` and `bodyParams`.",
            Shape.SCHEMA,
            only=BATCH,
        ),
        Field(
            "schema",
            "The structure of the response, for a source whose preview cannot show it: an object with the list of records.",
            Shape.SCHEMA,
        ),
    ),
)
