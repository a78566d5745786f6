"""Whether a base connection has the right credentials: a call to its `authorizationTestUrl`, with its authentication."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Json
from reconciler.emulator.dataplane.reading import Reading, assumptions
from reconciler.emulator.service import Service
from reconciler.secret import Secret
from reconciler.sources.messages import NoAnswer, Request
from reconciler.sources.sending.authentication import chosen, credentials, properties
from reconciler.sources.sending.headers import wrong_headers
from reconciler.sources.values import NoValue, as_text, filled

TEST_URL: Final = "authorizationTestUrl"


def has_test_url(reading: Reading) -> bool:
    """Whether there is a URL to try the credentials at."""
    return bool(_test_url(reading))


def why_refused(service: Service, reading: Reading) -> str | None:
    """What is wrong with the credentials; None if the third party accepts them, or if there is no URL to try them at."""
    url = _test_url(reading)
    if not url:
        return None
    signed = credentials(reading.source, reading.values, assumptions(service))
    wrong = next(iter((*signed.findings, *wrong_headers(list(signed.headers)))), None)
    if wrong is not None:
        return wrong.message
    try:
        address = filled(as_text(url), reading.values.of)
    except NoValue as name:
        return f"`{name}` in {TEST_URL} has no value"
    headers = tuple((name, value) for name, value, _ in signed.headers)
    service.begin()
    answer = service.fetch(Request("GET", address, (*headers, ("Accept", "application/json"))))
    if isinstance(answer, NoAnswer):
        return answer.reason if answer.hint is None else f"{answer.reason} ({answer.hint})"
    if 200 <= answer.status < 300:  # noqa: PLR2004 - the statuses of success
        return None
    return f"{TEST_URL} answered with HTTP {answer.status}"


def _test_url(reading: Reading) -> Json | Secret:
    """The URL that was entered, or the default of the spec."""
    url = reading.values.auth.get(TEST_URL)
    entry = chosen(reading.source, reading.values)
    if url is not None or not isinstance(entry, tuple):
        return url
    declared = properties((), entry[1].get("spec"))
    return next((schema.get("default") for name, schema, _ in declared if name == TEST_URL), None)
