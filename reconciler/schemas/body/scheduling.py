"""`scheduleParams`: how a run asks only for what is new (Self-Serve Sources, "Configure source specification")."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document
from reconciler.schemas.nodes import choice, filled, mapping, text, when

_FORMATS: Final = ("yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss:fffffffK")


def _plain() -> dict[str, Document]:
    return {
        "scheduleStartParamName": filled(
            "The query parameter of the source that takes the start of the time that a run asks for.",
            examples=["since_last_changed", "updatedFrom"],
        ),
        "scheduleEndParamName": filled(
            "The query parameter that takes the end of that time.", examples=["before_last_changed", "updatedTo"]
        ),
        "scheduleStartParamFormat": text(
            "How the start is written. A format that the source cannot read fails every run.", examples=_FORMATS
        ),
        "scheduleEndParamFormat": text("How the end is written.", examples=_FORMATS),
    }


def _advanced() -> dict[str, Document]:
    return {
        "paramFormat": text("ADVANCE: how {START_TIME} and {END_TIME} are written.", examples=["yyyy-MM-ddTHH:mm:ssK"]),
        "incremental": text(
            "ADVANCE: the query of every run but the first, with {START_TIME} and {END_TIME}, in single braces and without a `$`.",
            examples=["updated > {START_TIME} updated < {END_TIME}"],
        ),
        "backfill": text(
            "ADVANCE: the query of the first run, which fetches what was there before.", examples=["updated < {END_TIME}"]
        ),
    }


SCHEDULE_PARAMS: Final = mapping(
    "How a run asks only for what changed since the last one. Without it every run fetches everything again. Either two query parameters "
    "of the source take the times, or `type: ADVANCE` writes a query of its own, which must stand as `{SCHEDULE_QUERY}` in "
    "`urlParams`, `headerParams` or `bodyParams`.",
    {"type": choice("Left out, or ADVANCE.", {"ADVANCE": "The times go into a query of the source's own language."})}
    | _plain()
    | _advanced(),
) | {
    "if": {"required": ["type"]},
    "then": when("type", "ADVANCE", {"required": ["paramFormat", "incremental", "backfill"]}),
    "else": {"required": ["scheduleStartParamName", "scheduleEndParamName"]},
}
