"""Findings about the answers."""

from __future__ import annotations

from typing import Final

from reconciler.sources.codes.text import FindingText, error, warning

ANSWERS: Final[tuple[FindingText, ...]] = (
    error("no-answer", "Every request is answered", "The rest of the records cannot be read.", "Check the host and the network."),
    error(
        "not-recorded", "Every request is in the recording", "The spec now makes another request.", "Record again with --record."
    ),
    error(
        "recorded-more",
        "Every recorded request is made",
        "The run ends earlier than it did when it was recorded, so it may lose records.",
        "Record again with --record, if the change is meant.",
    ),
    error(
        "http-status",
        "Every answer has the status 2xx",
        "The service stops at an error status, and the run fails.",
        "Request the URL by hand, and compare it with the documentation of the API.",
    ),
    error(
        "host-refused",
        "Only allowed hosts are called",
        "A pull request can change the host, so the spec does not decide where credentials go.",
        "Add the host to RECONCILER_PROOF_HOSTS if it may receive the credentials.",
    ),
    warning(
        "redirected",
        "The API answers without a redirect",
        "Whether the service follows redirects is not documented.",
        "Write the address that the API redirects to.",
    ),
    warning(
        "rate-limited",
        "The API does not limit the rate of the calls",
        "What the service does at HTTP 429 is not documented.",
        "Request larger pages, or write delayRequestMillis.",
    ),
    error(
        "not-json",
        "Every answer is one JSON value",
        "The service reads JSON only. HTML is often a login page or an error page.",
        "Check the path, and whether the API requires an Accept header in headerParams.",
    ),
    error(
        "1313", "`contentPath` exists in every answer", "Flow Service reports error 1313.", "Write a path that the answers have."
    ),
    error("1314", "Paths name one place", "Flow Service refuses a complex path.", "Write a path such as $.data.items."),
    error(
        "1315", "`contentPath` points to an array of objects", "Flow Service reports error 1315.", "Write the path of the array."
    ),
)
