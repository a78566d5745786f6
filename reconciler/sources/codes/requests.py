"""Findings about the request."""

from __future__ import annotations

from typing import Final

from reconciler.sources.codes.text import FindingText, error, warning

REQUESTS: Final[tuple[FindingText, ...]] = (
    error(
        "no-request",
        "The spec makes a request",
        "Without a host, a path and the method GET or POST nothing can be fetched.",
        "Write urlParams with host, path and method.",
    ),
    error(
        "missing-value",
        "Every placeholder and credential has a value",
        "A trial sends what a user would enter. A request with a gap in it proves nothing.",
        "Write the value in proof.yaml, or pass it with --set.",
    ),
    error(
        "unsafe-value",
        "No value changes where a request goes",
        "A value with a slash, an @ or a line break could send the request, and its credentials, to another host or path.",
        "Enter the value that the property asks for, such as a subdomain.",
    ),
    error(
        "header-name",
        "Header names and values are valid in HTTP",
        "A request with such a header cannot be sent.",
        "Write a name of letters, digits and hyphens, and a value without line breaks.",
    ),
    error(
        "expression",
        "Expressions can be evaluated",
        "Only a few functions are known here. What any other expression gives is not guessed.",
        "Write the value without an expression.",
    ),
    error(
        "auth-type",
        "The authentication can be tried",
        "The type of the entry decides what is sent with a request.",
        "Use an entry of authSpec of a type that a trial can send.",
    ),
    error(
        "params-mapping",
        "Parameters are mappings",
        "Parameters in another form are not sent.",
        "Write {name: value}.",
    ),
    error(
        "1317",
        "A schedule has its fields",
        "The service refuses an empty schedule, and cannot send a time without the name of its parameter.",
        "Write the fields of scheduleParams, or remove it.",
    ),
    error(
        "schedule-query-undefined",
        "`{SCHEDULE_QUERY}` has a schedule of type ADVANCE",
        "Only that schedule replaces it. Without one the braces are sent to the source.",
        "Write scheduleParams of type ADVANCE, or remove {SCHEDULE_QUERY} from the request.",
    ),
    error(
        "schedule-query-unused",
        "The query of an ADVANCE schedule is used",
        "Without {SCHEDULE_QUERY} in the request every run fetches all records.",
        "Write {SCHEDULE_QUERY} in urlParams, headerParams or bodyParams.",
    ),
    error(
        "window-ignored",
        "The third party reads the times of a schedule",
        "It ignores parameters that it does not know, so every run fetches records outside of its time range.",
        "Compare the names of the parameters with the third party's documentation.",
    ),
    error(
        "window-swapped",
        "Start and end of a schedule are not swapped",
        "Each run would ask for a time range that ends before it starts, and fetch nothing.",
        "Swap scheduleStartParamName and scheduleEndParamName.",
    ),
    warning(
        "window-empty",
        "Some time range has records",
        "Without records nothing shows whether the API reads the times of the schedule.",
        "Try with an account that has records.",
    ),
    warning(
        "window-format",
        "Times are written in a format that APIs read",
        "A third party that cannot read a time refuses the request, or ignores it.",
        "Write a format such as yyyy-MM-ddTHH:mm:ssZ.",
    ),
    warning(
        "query-twice",
        "No query parameter is sent twice",
        "Which of two values a third party reads is not defined.",
        "Remove one of them.",
    ),
    error(
        "1304",
        "Every required value is given",
        "Flow Service refuses a connection without it.",
        "Set it in proof.yaml, or with --set.",
    ),
    error(
        "1312", "Every parameter has a valid value", "Flow Service refuses the value.", "Write a value of the documented form."
    ),
    error(
        "header-value",
        "Headers have values that HTTP allows",
        "A line break or a control character in a header ends the request early.",
        "Send the value in the query, or correct it.",
    ),
)
