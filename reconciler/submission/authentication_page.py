"""The table of authentication tests that a streaming submission must have, as a page."""

from __future__ import annotations

from reconciler.proofs.streaming.authentication import CASES, AuthenticationTest, AuthenticationTests
from reconciler.submission.documentation.markup import block, inline, page, table, words


def authentication_page(tests: AuthenticationTests) -> str:
    """A table of all cases, then each with what was sent and answered."""
    cases = CASES.get(tests.mechanism, {})
    rows = [_row(cases[case], tests.by_case.get(case)) for case in cases]
    return page(
        "# Authentication tests",
        f"Mechanism: {inline(tests.mechanism)}. Credentials and signatures in headers are redacted.",
        table(("Case", "Status", "Ingested", "Time", "Trace ID"), rows),
        *(_details(cases[case], test) for case in cases if (test := tests.by_case.get(case)) is not None),
    )


def _row(said: str, test: AuthenticationTest | None) -> tuple[str, ...]:
    if test is None:
        return (said, "not tested", "", "", "")
    ingested = {True: "yes", False: "no", None: "unknown"}[test.ingested]
    return (said, "unknown" if test.status is None else str(test.status), ingested, words(test.at), inline(test.trace))


def _details(said: str, test: AuthenticationTest) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(test.headers.items()))
    return page(
        f"## With {said}",
        block("http", "\n\n".join(part for part in (f"{test.request}\n{headers}", test.body) if part.strip())),
        block("", test.answer) if test.answer else "The answer had no body.",
    )
