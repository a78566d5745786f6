"""Findings about the pages."""

from __future__ import annotations

from typing import Final

from reconciler.sources.codes.text import FindingText, error, warning

PAGES: Final[tuple[FindingText, ...]] = (
    error(
        "1316",
        "The pagination has its parameters",
        "Flow Service refuses `paginationParams` without them.",
        "Write the missing field.",
    ),
    error(
        "same-page",
        "No page is read twice in a row",
        "The API does not know the parameter that should turn the page, so the same records are read again and again.",
        "Write the name of the parameter from the documentation of the API.",
    ),
    error(
        "loop",
        "The pages do not go in circles",
        "The service repeats the requests up to its limit of 10,000.",
        "Use a path that has no value on the last page.",
    ),
    error(
        "gap",
        "No records are skipped",
        "The offset grows by `limitValue`. A page that has fewer records, followed by others, leaves a gap.",
        "Write the limitName of the API, and a limitValue that it does not cap.",
    ),
    error(
        "duplicates",
        "No record is read twice",
        "Pages overlap, so records arrive more than once.",
        "Check offSetName, limitName and limitValue.",
    ),
    error(
        "pointer-not-text",
        "`pointerPath` points to a string",
        "The address of the next page must be a string.",
        "Write the path of the address itself, such as $.paging.next.",
    ),
    error(
        "pointer-address",
        "The next page has an http address",
        "Other schemes and malformed addresses are never requested.",
        "Write the pointerPath of an address; for a token use CONTINUATION_TOKEN.",
    ),
    warning(
        "other-host",
        "The next page is on the same host",
        "Credentials are not sent to another host, and what the service does is not documented.",
        "Check the address that the API returns.",
    ),
    error(
        "token-not-text",
        "`continuationTokenPath` points to a token",
        "A token is a string or a number.",
        "Write the path of the token itself, such as $.meta.after_cursor.",
    ),
    warning(
        "page-budget",
        "The trial reads all pages",
        "The trial stopped at its limit, so nothing is known about the rest.",
        "Allow more requests with --pages.",
    ),
    warning(
        "limit-ignored",
        "The API returns pages of the requested size",
        "The API does not know `limitName`, or caps `limitValue`.",
        "Write the limitName of the API, and its maximum as limitValue.",
    ),
    warning(
        "old-name",
        "The pagination has current names",
        "Whether the service reads names of Adobe's first pages is not known.",
        "Write the current name.",
    ),
)
