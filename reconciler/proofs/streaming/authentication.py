"""The tests of a streaming source's authentication, which a submission must have: what was sent, and what Adobe answered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from reconciler.documents.readers import FLAG, ListOf, MapOf, Record, Scalar, text
from reconciler.proofs.values import Mechanism

CASES: Final[dict[str, dict[str, str]]] = {
    "oauth": {
        "valid": "a valid token",
        "missing": "no token",
        "expired": "an expired token",
        "invalid": "an invalid token",
        "scopes": "a token without the necessary scopes",
        "rotated": "a token issued after the credentials were rotated",
    },
    "hmac": {
        "valid": "a valid signature",
        "missing": "no signature",
        "invalid": "an invalid signature",
        "wrong-secret": "a signature with another secret",
        "modified": "a body that was changed after it was signed",
        "previous-secret": "a signature with the previous secret after a rotation",
        "removed-secret": "a signature with a secret that was removed",
    },
}
"""The cases of each mechanism, with their words."""

GIVEN: Final[dict[str, tuple[str, ...]]] = {
    "hmac": ("previous-secret", "removed-secret"),
    "oauth": ("expired", "scopes", "rotated"),
}
"""The cases of each mechanism that need a secret or a token of their own: `streaming.tests` in proof.yaml names its variable."""


_ADOBE: Final = re.compile(r"POST https://dcs(?:-[a-z0-9]+)*\.adobedc\.net/", re.ASCII)


@dataclass(frozen=True, slots=True)
class AuthenticationTest:
    """One case. `headers` are redacted; `ingested` is whether the event was found in the dataset; None or empty is not known."""

    case: str
    request: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    status: int | None = None
    answer: str | None = None
    at: str = ""
    trace: str = ""
    ingested: bool | None = None

    @property
    def is_of_adobe(self) -> bool:
        """Whether it was sent to Adobe, and not to an emulator or another server."""
        return _ADOBE.match(self.request) is not None

    @property
    def missing(self) -> tuple[str, ...]:
        """What the table requires and this row lacks."""
        given = {
            "request": bool(self.request),
            "headers": bool(self.headers),
            "body": bool(self.body),
            "status": self.status is not None,
            "answer": self.answer is not None,
            "at": bool(self.at),
            "trace": bool(self.trace),
            "ingested": self.ingested is not None,
        }
        return tuple(name for name, is_given in given.items() if not is_given)


@dataclass(frozen=True, slots=True)
class AuthenticationTests:
    """The file `authentication-tests.yaml` in the folder of a proof."""

    mechanism: Mechanism
    tests: tuple[AuthenticationTest, ...] = ()

    @property
    def by_case(self) -> dict[str, AuthenticationTest]:
        return {test.case: test for test in self.tests}


_STATUS: Final = Scalar("integer")
_TEST: Final = Record(
    AuthenticationTest,
    {
        "case": text(),
        "request": text(),
        "headers": MapOf(text()),
        "body": text(),
        "status": _STATUS,
        "answer": text(),
        "at": text(),
        "trace": text(),
        "ingested": FLAG,
    },
    required=("case",),
)
TESTS: Final[Any] = Record(
    AuthenticationTests,
    {"mechanism": Scalar("string", choices=("hmac", "oauth", "none")), "tests": ListOf(_TEST)},
    required=("mechanism",),
)
"""Reads the file."""
