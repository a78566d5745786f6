"""The findings of `try`, documented: one row for each code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reconciler.errors import Severity


@dataclass(frozen=True, slots=True)
class FindingText:
    """A code, its severity, and its documentation; `title` is true of a spec without the finding."""

    code: str
    severity: Severity
    title: str
    why: str
    instead: str


def _error(code: str, title: str, why: str, instead: str) -> FindingText:
    return FindingText(code, Severity.ERROR, title, why, instead)


def _warning(code: str, title: str, why: str, instead: str) -> FindingText:
    return FindingText(code, Severity.WARNING, title, why, instead)


_REQUEST: Final = (
    _error(
        "no-request",
        "The spec makes a request",
        "Without a host, a path and the method GET or POST nothing can be fetched.",
        "Write urlParams with host, path and method.",
    ),
    _error(
        "missing-value",
        "Every placeholder and credential has a value",
        "A trial sends what a user would enter. A request with a gap in it proves nothing.",
        "Write the value in proof.yaml, or pass it with --set.",
    ),
    _error(
        "unsafe-value",
        "No value changes where a request goes",
        "A value with a slash, an @ or a line break could send the request, and its credentials, to another host or path.",
        "Enter the value that the property asks for, such as a subdomain.",
    ),
    _error(
        "header-name",
        "Header names and values are valid in HTTP",
        "A request with such a header cannot be sent.",
        "Write a name of letters, digits and hyphens, and a value without line breaks.",
    ),
    _error(
        "expression",
        "Expressions can be evaluated",
        "Only a few functions are known here. What any other expression gives is not guessed.",
        "Write the value without an expression.",
    ),
    _error(
        "auth-type",
        "The authentication can be tried",
        "The type of the entry decides what is sent with a request.",
        "Use an entry of authSpec of a type that a trial can send.",
    ),
    _error(
        "params-mapping",
        "Parameters are mappings",
        "Parameters in another form are not sent.",
        "Write {name: value}.",
    ),
    _error(
        "1317",
        "A schedule has its fields",
        "The service refuses an empty schedule, and cannot send a time without the name of its parameter.",
        "Write the fields of scheduleParams, or remove it.",
    ),
    _error(
        "schedule-query-undefined",
        "`{SCHEDULE_QUERY}` has a schedule of type ADVANCE",
        "Only that schedule replaces it. Without one the braces are sent to the source.",
        "Write scheduleParams of type ADVANCE, or remove {SCHEDULE_QUERY} from the request.",
    ),
    _error(
        "schedule-query-unused",
        "The query of an ADVANCE schedule is used",
        "Without {SCHEDULE_QUERY} in the request every run fetches all records.",
        "Write {SCHEDULE_QUERY} in urlParams, headerParams or bodyParams.",
    ),
    _error(
        "window-ignored",
        "The third party reads the times of a schedule",
        "It ignores parameters that it does not know, so every run fetches records outside of its time range.",
        "Compare the names of the parameters with the third party's documentation.",
    ),
    _error(
        "window-swapped",
        "Start and end of a schedule are not swapped",
        "Each run would ask for a time range that ends before it starts, and fetch nothing.",
        "Swap scheduleStartParamName and scheduleEndParamName.",
    ),
    _warning(
        "window-empty",
        "Some time range has records",
        "Without records nothing shows whether the API reads the times of the schedule.",
        "Try with an account that has records.",
    ),
    _warning(
        "window-format",
        "Times are written in a format that APIs read",
        "A third party that cannot read a time refuses the request, or ignores it.",
        "Write a format such as yyyy-MM-ddTHH:mm:ssZ.",
    ),
    _warning(
        "query-twice",
        "No query parameter is sent twice",
        "Which of two values a third party reads is not defined.",
        "Remove one of them.",
    ),
    _error(
        "1304",
        "Every required value is given",
        "Flow Service refuses a connection without it.",
        "Set it in proof.yaml, or with --set.",
    ),
    _error(
        "1312", "Every parameter has a valid value", "Flow Service refuses the value.", "Write a value of the documented form."
    ),
    _error(
        "header-value",
        "Headers have values that HTTP allows",
        "A line break or a control character in a header ends the request early.",
        "Send the value in the query, or correct it.",
    ),
)
_ANSWERS: Final = (
    _error(
        "no-answer", "Every request is answered", "The rest of the records cannot be read.", "Check the host and the network."
    ),
    _error(
        "not-recorded", "Every request is in the recording", "The spec now makes another request.", "Record again with --record."
    ),
    _error(
        "recorded-more",
        "Every recorded request is made",
        "The run ends earlier than it did when it was recorded, so it may lose records.",
        "Record again with --record, if the change is meant.",
    ),
    _error(
        "http-status",
        "Every answer has the status 2xx",
        "The service stops at an error status, and the run fails.",
        "Request the URL by hand, and compare it with the documentation of the API.",
    ),
    _error(
        "host-refused",
        "Only allowed hosts are called",
        "A pull request can change the host, so the spec does not decide where credentials go.",
        "Add the host to RECONCILER_PROOF_HOSTS if it may receive the credentials.",
    ),
    _warning(
        "rate-limited",
        "The API does not limit the rate of the calls",
        "What the service does at HTTP 429 is not documented.",
        "Request larger pages, or write delayRequestMillis.",
    ),
    _error(
        "not-json",
        "Every answer is one JSON value",
        "The service reads JSON only. HTML is often a login page or an error page.",
        "Check the path, and whether the API requires an Accept header in headerParams.",
    ),
    _error(
        "1313", "`contentPath` exists in every answer", "Flow Service reports error 1313.", "Write a path that the answers have."
    ),
    _error("1314", "Paths name one place", "Flow Service refuses a complex path.", "Write a path such as $.data.items."),
    _error(
        "1315", "`contentPath` leads to an array of objects", "Flow Service reports error 1315.", "Write the path of the array."
    ),
)
_PAGES: Final = (
    _error(
        "1316",
        "The pagination has its parameters",
        "Flow Service refuses `paginationParams` without them.",
        "Write the missing field.",
    ),
    _error(
        "same-page",
        "No page is read twice in a row",
        "The API does not know the parameter that should turn the page, so the same records are read again and again.",
        "Write the name of the parameter from the documentation of the API.",
    ),
    _error(
        "loop",
        "The pages do not go in circles",
        "The service repeats the requests up to its limit of 10,000.",
        "Use a path that has no value on the last page.",
    ),
    _error(
        "gap",
        "No records are skipped",
        "The offset grows by `limitValue`. A page that has fewer records, followed by others, leaves a gap.",
        "Write the limitName of the API, and a limitValue that it does not cap.",
    ),
    _error(
        "duplicates",
        "No record is read twice",
        "Pages overlap, so records arrive more than once.",
        "Check offSetName, limitName and limitValue.",
    ),
    _error(
        "pointer-not-text",
        "`pointerPath` leads to a string",
        "The address of the next page must be a string.",
        "Write the path of the address itself, such as $.paging.next.",
    ),
    _error(
        "pointer-address",
        "The next page has an http address",
        "Other schemes and malformed addresses are never requested.",
        "Write the pointerPath of an address; for a token use CONTINUATION_TOKEN.",
    ),
    _warning(
        "other-host",
        "The next page is on the same host",
        "Credentials are not sent to another host, and what the service does is not documented.",
        "Check the address that the API returns.",
    ),
    _error(
        "token-not-text",
        "`continuationTokenPath` leads to a token",
        "A token is a string or a number.",
        "Write the path of the token itself, such as $.meta.after_cursor.",
    ),
    _warning(
        "page-budget",
        "The trial reads all pages",
        "The trial stopped at its limit, so nothing is known about the rest.",
        "Allow more calls with --pages.",
    ),
    _warning(
        "limit-ignored",
        "The API returns pages of the requested size",
        "The API does not know `limitName`, or caps `limitValue`.",
        "Write the limitName of the API, and its maximum as limitValue.",
    ),
    _warning(
        "old-name",
        "The pagination has current names",
        "Whether the service reads names of Adobe's first pages is not known.",
        "Write the current name.",
    ),
)
_ENDS: Final = (
    _warning(
        "full-first-page",
        "A full first page is not the only one",
        "A full page is rarely the last one.",
        "Check the end condition, or the path of the next page.",
    ),
    _warning(
        "more-hint",
        "The last answer does not say that there is more",
        "The API announces further records that the spec does not read.",
        "Check the end of the pagination.",
    ),
    _warning(
        "total-hint",
        "As many records are read as the API counts",
        "The API counts more records than the spec reads. The count may also be of something else.",
        "Compare both numbers with the documentation of the API.",
    ),
    _warning(
        "end-condition-absent",
        "The end condition is in the answers",
        "When the service stops without it is not documented: it may make 10,000 calls.",
        "Write the path of a member that the answers have.",
    ),
    _warning(
        "end-condition-unmet",
        "The end condition is met",
        "When the service stops without it is not documented: it may make 10,000 calls.",
        "Write the value that the last page has.",
    ),
    _warning(
        "end-page-absent",
        "`endPageIndex` is in the answers",
        "When the service stops without it is not documented.",
        "Write the name of a header that the answers have, or leave endPageIndex out.",
    ),
    _warning(
        "end-page-early",
        "There are no pages after `endPageIndex`",
        "Records on later pages are never read.",
        "Leave endPageIndex out, or write a header that has the number of pages.",
    ),
    _warning(
        "first-page-skipped",
        "There are no records before `initialPageIndex`",
        "Records on earlier pages are never read.",
        "Write the initialPageIndex of the API.",
    ),
    _warning(
        "token-absent-on-first-page",
        "The first answer has a token",
        "Without a token the run ends after one page, and is a success.",
        "Write the continuationTokenPath of the API.",
    ),
    _warning(
        "one-page-only",
        "More than one page is read",
        "A trial that never turns a page proves no pagination.",
        "Try with an account that has more records, or with a smaller limitValue.",
    ),
)
_ROWS: Final = (
    _error(
        "1319",
        "`explodeEntityPath` leads to an array inside each record",
        "Without the array there are no rows.",
        "Start the path with the name of the record: $.order.lines.",
    ),
    _error(
        "expected-records",
        "As many records are read as expected",
        "`expect.records` of proof.yaml is not met.",
        "Correct one of them.",
    ),
    _error(
        "expected-pages", "As many pages are read as expected", "`expect.pages` of proof.yaml is not met.", "Correct one of them."
    ),
    _error(
        "expected-fields",
        "Each record has the expected fields",
        "`expect.fields` of proof.yaml is not met.",
        "Correct one of them.",
    ),
    _error(
        "expected-unique", "Records are unique as expected", "`expect.unique` of proof.yaml is not met.", "Check the pagination."
    ),
    _error(
        "expected-window",
        "A window has as many records as expected",
        "`expect.windows` of proof.yaml is not met.",
        "Correct one of them.",
    ),
    _warning(
        "auth-test-always-true",
        "The test of the credentials fails for wrong ones",
        "A test that always succeeds proves nothing.",
        "Use an address that requires the credentials as authorizationTestUrl.",
    ),
)
SUBJECTS: Final[Mapping[str, tuple[FindingText, ...]]] = {
    "The request": _REQUEST,
    "The answers": _ANSWERS,
    "The pages": _PAGES,
    "The end": _ENDS,
    "Records and windows": _ROWS,
}
FINDINGS: Final[Mapping[str, FindingText]] = {text.code: text for texts in SUBJECTS.values() for text in texts}
"""All codes of `try`, by code."""
