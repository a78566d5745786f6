"""The access token: whether there is one, whether it is accepted, its scopes and its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reconciler.diagnosis.checks.clock import skew_of
from reconciler.diagnosis.claims import Claims, claims_of
from reconciler.diagnosis.gates import Gate, passed, stopped
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.errors import ServiceUnreachable, SettingsError, count
from reconciler.secret import Secret
from reconciler.settings.credentials import scopes_of
from reconciler.settings.values import OAuthCredentials

_SOON: Final = 15 * 60
_RENEW: Final = "get a new token and set RECONCILER_ACCESS_TOKEN, or set RECONCILER_CLIENT_ID and RECONCILER_CLIENT_SECRET"
_CREDENTIAL: Final = (
    "check in the Developer Console that the credential of RECONCILER_CLIENT_ID is active and has the Experience Platform API"
)
_SCOPES: Final = "compare scopes of the target with those that the Developer Console lists for the credential"


def check_token(subject: Subject) -> Iterator[Check]:
    """Token, scopes and expiry."""
    token = subject.probe.token()
    renews = isinstance(subject.credentials, OAuthCredentials)
    asked = f"POST {subject.target.token_url}" if renews else "RECONCILER_ACCESS_TOKEN"
    if not isinstance(token, Secret):
        if isinstance(token, ServiceUnreachable | SettingsError):
            yield Check("token", "unknown", "the token endpoint was not reached", asked=asked)
        else:
            yield Check("token", "fail", token.message, token.hint, asked)
        yield Check("token-scopes", "unknown", "there is no token", asked=asked)
        yield Check("token-expiry", "unknown", "there is no token", asked=asked)
        return
    yield _accepted(subject, asked, renews=renews)
    claims = claims_of(token.reveal())
    yield _scopes(subject, claims, asked)
    yield _expiry(subject, claims, asked, renews=renews)


def _accepted(subject: Subject, asked: str, *, renews: bool) -> Check:
    answers = (subject.probe.knock(), *subject.probe.everything())
    if (seen := stopped(Gate.TOKEN, answers)) is not None:
        return Check("token", "fail", seen.error.message, _CREDENTIAL if renews else _RENEW, f"{asked}; {seen.asked}")
    if (seen := passed(Gate.TOKEN, answers)) is not None:
        said = "issued, and accepted by the service" if renews else "accepted by the service"
        return Check("token", "ok", said, asked=f"{asked}; {seen.asked}")
    said = "issued, but no answer shows whether the service accepts it" if renews else "no answer shows whether it is accepted"
    return Check("token", "unknown", said, asked=f"{asked}; {answers[0].asked}")


def _scopes(subject: Subject, claims: Claims | None, asked: str) -> Check:
    if claims is None or claims.scopes is None:
        return Check("token-scopes", "unknown", "the token does not show its scopes", asked=asked, due=False)
    requested = scopes_of(subject.target, subject.credentials)
    missing = [scope for scope in requested if scope not in claims.scopes]
    if missing:
        return Check("token-scopes", "warn", f"the token seems to lack the scopes {', '.join(missing)}", _SCOPES, asked)
    return Check("token-scopes", "ok", f"the token seems to have the {count(len(requested), 'scope')} of the target")


def _expiry(subject: Subject, claims: Claims | None, asked: str, *, renews: bool) -> Check:
    if claims is None or claims.expires is None:
        said = "the token does not show when it expires"
        if renews:
            return Check("token-expiry", "ok", f"{said}; a new one is requested when needed", asked=asked)
        return Check("token-expiry", "unknown", said, asked=asked, due=False)
    left = claims.expires - _now(subject)
    if left <= 0:
        said = "the token seems to have expired"
        return Check("token-expiry", "warn" if renews else "fail", said, _CREDENTIAL if renews else _RENEW, asked)
    said = f"the token seems to be valid for {_words(left)}"
    if renews:
        return Check("token-expiry", "ok", f"{said}; a new one is requested when needed", asked=asked)
    return Check("token-expiry", "warn" if left < _SOON else "ok", said, _RENEW if left < _SOON else None, asked)


def _now(subject: Subject) -> float:
    """The time by the service's clock, or else by the local one."""
    local = subject.probe.session.dependencies.clock.now()
    return local + (skew_of(subject.probe.everything()) or 0.0)


def _words(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else count(minutes, "minute")  # noqa: PLR2004 - in an hour
