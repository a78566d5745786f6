"""The gates after the token: API key, organization, headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.diagnosis.checks.permissions import ENDPOINTS
from reconciler.diagnosis.checks.sandboxes import AVAILABLE
from reconciler.diagnosis.claims import claims_of
from reconciler.diagnosis.gates import Gate, passed, stopped, why_not
from reconciler.diagnosis.probing import Seen
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.secret import Secret
from reconciler.settings.values import OAuthCredentials

_MISSING: Final = frozenset({403010, 403000, 400003, 2001, 2002, 2105})
"""Codes that say that a header is missing."""
_ORGANIZATION: Final = (
    "compare org_id of the target with the Developer Console, which shows it as IMS Org ID of the project of this credential"
)


def check_access(subject: Subject) -> Iterator[Check]:
    """API key, organization, and whether all headers arrive."""
    first = subject.probe.knock()
    for call in (AVAILABLE, *(endpoint.call for endpoint in ENDPOINTS)):
        subject.probe.ask(call)  # one answer that passes shows that a gate is open, whatever the others came to
    answers = (first, *subject.probe.everything())
    yield _gate(Gate.API_KEY, answers, _api_key_hint(subject))
    claims = _foreign_key(subject)
    if claims is not None:
        yield claims
    yield _gate(Gate.ORGANIZATION, answers, _ORGANIZATION, f"organization {subject.target.org_id}")
    yield _headers(subject, first)


def _gate(gate: Gate, answers: tuple[Seen, ...], hint: str, what: str = "") -> Check:
    if (seen := stopped(gate, answers)) is not None:
        return Check(gate, "fail", seen.error.message, hint, seen.asked)
    if (seen := passed(gate, answers)) is not None:
        return Check(gate, "ok", f"{what} accepted".lstrip(), asked=seen.asked)
    return Check(gate, "unknown", why_not(answers[0]), asked=answers[0].asked)


def _api_key_hint(subject: Subject) -> str:
    name = "RECONCILER_CLIENT_ID" if isinstance(subject.credentials, OAuthCredentials) else "RECONCILER_API_KEY"
    return (
        f"set {name} to the client ID of the project that the token is from, and add the Experience Platform API to that project"
    )


def _foreign_key(subject: Subject) -> Check | None:
    """A warning where the token seems to be of another project than the API key."""
    token = subject.probe.token()
    claims = claims_of(token.reveal()) if isinstance(token, Secret) else None
    if claims is None or claims.client in (None, subject.credentials.api_key):
        return None
    said = "the token seems to be from another project than the API key"
    return Check("api-key-project", "warn", said, _api_key_hint(subject), "claims of the token")


def _headers(subject: Subject, first: Seen) -> Check:
    """Whether all headers arrive: something in between may remove some."""
    if not isinstance(subject.probe.token(), Secret):
        return Check("headers", "unknown", "there is no token to send", asked=first.asked)
    if first.is_success:
        return Check("headers", "ok", "Authorization, x-api-key, x-gw-ims-org-id and x-sandbox-name arrive", asked=first.asked)
    if first.complaint.number in _MISSING:
        hint = "check what is between this machine and the service, such as a proxy: it must pass on every header"
        return Check("headers", "fail", f"{first.error.message}, although it was sent", hint, first.asked)
    return Check("headers", "unknown", why_not(first), asked=first.asked)
