"""Findings about the end of a run."""

from __future__ import annotations

from typing import Final

from reconciler.sources.codes.text import FindingText, error, warning

ENDS: Final[tuple[FindingText, ...]] = (
    warning(
        "full-first-page",
        "A full first page is not the only one",
        "A full page is rarely the last one.",
        "Check the end condition, or the path of the next page.",
    ),
    warning(
        "more-hint",
        "The last answer does not say that there is more",
        "The API announces further records that the spec does not read.",
        "Check the end of the pagination.",
    ),
    warning(
        "total-hint",
        "As many records are read as the API counts",
        "The API counts more records than the spec reads. The count may also be of something else.",
        "Compare both numbers with the documentation of the API.",
    ),
    warning(
        "end-condition-absent",
        "The end condition is in the answers",
        "When the service stops without it is not documented: it may make 10,000 calls.",
        "Write the path of a field that the answers have.",
    ),
    warning(
        "end-condition-unmet",
        "The end condition is met",
        "When the service stops without it is not documented: it may make 10,000 calls.",
        "Write the value that the last page has.",
    ),
    warning(
        "end-page-absent",
        "`endPageIndex` is in the answers",
        "When the service stops without it is not documented.",
        "Write the name of a header that the answers have, or leave endPageIndex out.",
    ),
    error(
        "end-page-early",
        "There are no pages after `endPageIndex` and `maximumRequest`",
        "Records on later pages are never read.",
        "Leave endPageIndex out, or write a header that has the number of pages.",
    ),
    warning(
        "first-page-skipped",
        "There are no records before `initialPageIndex`",
        "Records on earlier pages are never read.",
        "Write the initialPageIndex of the API.",
    ),
    warning(
        "token-absent-on-first-page",
        "The first answer has a token",
        "Without a token the run ends after one page, and is a success.",
        "Write the continuationTokenPath of the API.",
    ),
    warning(
        "no-records",
        "Records are read",
        "A trial without records proves nothing: neither their path nor the pagination.",
        "Choose values, or a time range, that have records.",
    ),
    warning(
        "one-page-only",
        "More than one page is read",
        "A trial that never turns a page proves no pagination.",
        "Try with an account that has more records, or with a smaller limitValue.",
    ),
)
