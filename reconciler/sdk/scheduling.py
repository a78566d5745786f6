"""`scheduleParams` (Self-Serve Sources, "Configure source specification", scheduling).

Without a type, two parameters of the source carry the start and end time of a run. With type ADVANCE, a query in the source's own
language carries them, and the request contains that query at `{SCHEDULE_QUERY}`.
"""

from __future__ import annotations

from typing import Final

from reconciler.sdk.fields import Field, Shape, forms
from reconciler.sdk.sources import BATCH

PLAIN: Final = "plain"
ADVANCE: Final = "ADVANCE"
SCHEDULE_QUERY: Final = "{SCHEDULE_QUERY}"
START_TIME: Final = "{START_TIME}"
END_TIME: Final = "{END_TIME}"
FILLED_IN_BY_SCHEDULES: Final = frozenset({SCHEDULE_QUERY, START_TIME, END_TIME})

_FORMATS: Final = ("yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss:fffffffK")
_OF_PLAIN, _OF_ADVANCE = (PLAIN,), (ADVANCE,)
_BAD_FORMAT: Final = "With a format that the source cannot read every run fails."

TYPE: Final = Field("type", "Left out, or ADVANCE.", values={ADVANCE: "The times are in a query of the source's own language."})
FIELDS: Final = (
    Field(
        "scheduleStartParamName",
        "The query parameter with the start of the time range.",
        Shape.NAME,
        ("updated_since", "since_last_changed"),
        required_by=_OF_PLAIN,
    ),
    Field(
        "scheduleEndParamName",
        "The query parameter with the end of the time range.",
        Shape.NAME,
        ("updated_until", "before_last_changed"),
        required_by=_OF_PLAIN,
    ),
    Field(
        "scheduleStartParamFormat",
        f"The format of the start time. {_BAD_FORMAT}",
        examples=_FORMATS,
        optional_in=_OF_PLAIN,
        is_usual=True,
    ),
    Field(
        "scheduleEndParamFormat",
        f"The format of the end time. {_BAD_FORMAT}",
        examples=_FORMATS,
        optional_in=_OF_PLAIN,
        is_usual=True,
    ),
    Field(
        "paramFormat", f"The format of {START_TIME} and {END_TIME}.", examples=("yyyy-MM-ddTHH:mm:ssK",), required_by=_OF_ADVANCE
    ),
    Field(
        "incremental",
        f"The query of every run but the first, with {START_TIME} and {END_TIME}, in single braces and without a `$`.",
        examples=(f"updated>{START_TIME} updated<{END_TIME}",),
        required_by=_OF_ADVANCE,
    ),
    Field(
        "backfill",
        "The query of the first run, for the records that are there already.",
        examples=(f"updated<{END_TIME}",),
        required_by=_OF_ADVANCE,
    ),
)
FORMS: Final = forms({PLAIN: "", ADVANCE: ""}, FIELDS)
"""The fields of each kind of schedule."""
FORMAT_FIELDS: Final = tuple(item.name for item in FIELDS if item.name.endswith("Format"))
SCHEDULE_PARAMS: Final = Field(
    "scheduleParams",
    "How a run requests only what changed since the last one. Without it every run fetches all records"
    " again. Either two query parameters of the source have the times, or `type: ADVANCE` has a query "
    "of its own, which `urlParams`, `headerParams` or `bodyParams` must have as `{SCHEDULE_QUERY}`.",
    Shape.BLOCK,
    fields=(TYPE, *FIELDS),
    only=BATCH,
)
