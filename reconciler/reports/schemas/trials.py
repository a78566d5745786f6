"""The reports of try."""

from __future__ import annotations

from typing import Final, get_args

from reconciler.documents.json_text import Document
from reconciler.reports.schemas.nodes import constant, number, one_of, parts, record, texts
from reconciler.reports.schemas.parts import COUNTED, FINDING, KEY
from reconciler.schemas.nodes import Properties, anything, flag, listing, or_null, text
from reconciler.sources.evidence import Level
from reconciler.trying.report import Origin

_ORIGIN: Final = one_of("Who answered: the third party, a recording, or a stub.", get_args(Origin))
_OUTCOME: Final = one_of("Whether the specs did what they should.", ("held", "failed"))
_TIME: Final = or_null(text("A time in ISO 8601, UTC; null if there is none."))
_INTERRUPTED: Final = flag("Whether a signal ended it early.")
_CALL: Final = record(
    "One request, with secrets as `${NAME}`.",
    {
        "n": number("Its number, from 1."),
        "method": text("The method."),
        "url": text("The URL."),
        "headers": listing(
            "The headers, as pairs of name and value.", listing("A name and its value.", text("A name or a value."))
        ),
        "body": anything("The body that was sent; null if there was none."),
        "status": or_null(number("The HTTP status; null without an answer.")),
        "records": COUNTED,
        "ms": number("How long it took, in milliseconds."),
        "probe": flag("Whether no run sends this request: it shows whether there are more records."),
        "curl": text("A command that sends the same request; only with `--curl`."),
    },
    optional=["curl"],
)
_PLACED: Final[Document] = record(
    "A finding, and the request that shows it.",
    {**FINDING["properties"], "call": or_null(number("The number of the request; null if it is none."))},
)
_ASSUMED: Final = record(
    "A behavior of the service that the trial relied on.",
    {
        "key": text("The row of the evidence table."),
        "value": text("What was assumed."),
        "level": one_of("How the behavior is known.", Level),
        "changes_outcome": or_null(
            {"description": "Whether another value changes the outcome; null if not tried.", "type": "boolean"}
        ),
        "text": text("One sentence about it."),
        "answered": or_null(
            {
                "description": "The proof that showed this value; null if none did.",
                "anyOf": [
                    record(
                        "A proof.",
                        {
                            "by": text("The name of the proof."),
                            "target": text("The target where it was proved."),
                            "at": text("The time of the proof, in ISO 8601, UTC."),
                            "emulated": flag("Whether the embedded Flow Service answered, and not Adobe."),
                        },
                    )
                ],
            }
        ),
        "alternatives": listing(
            "Each other value, and what would happen with it.",
            record("Another value.", {"value": text("The value."), "outcome": text("What would happen.")}),
        ),
    },
)
TRY: Final[Properties] = {
    "key": KEY,
    "auth": or_null(text("The `name` of the entry of `authSpec`; null if there is none.")),
    "source": _ORIGIN,
    "recorded_at": _TIME,
    "of_stub": flag("Whether the recording is of a stub."),
    "window": text("The time range in words; empty without a schedule."),
    "calls": listing("The requests, in order.", _CALL),
    "records": number("How many records were read."),
    "rows": {"description": "The first records as rows; what they hold is up to the source.", "type": "array"},
    "stop": record(
        "Why the trial ended.",
        {"reason": text("The reason in words."), "evidence": or_null(text("What shows it; null if nothing was seen."))},
    ),
    "findings": listing("What was found.", _PLACED),
    "assumed": listing("What the trial relied on.", _ASSUMED),
    "windows": listing(
        "Records by time range.",
        record(
            "One time range.",
            {"from": _TIME, "to": _TIME, "mode": text("Which time range it is."), "records": COUNTED},
        ),
    ),
    "more_calls": or_null(number("Requests sent to try other values; null if none were tried.")),
    "written": texts("The files that were written."),
    "interrupted": _INTERRUPTED,
    "outcome": _OUTCOME,
}


def try_all_keys() -> dict[str, Document]:
    """The keys of several trials."""
    named = {"report": constant("The name of the report.", "try"), "format_version": constant("The version of its form.", 1)}
    return {
        "source": _ORIGIN,
        "trials": listing("The trials, by key.", record("One trial.", {**named, **TRY})),
        "not_tried": listing(
            "The specs that were not tried.",
            record("One spec.", {"key": KEY, "problems": parts("problem", "Why it was not tried.")}),
        ),
        "interrupted": _INTERRUPTED,
        "outcome": _OUTCOME,
    }
