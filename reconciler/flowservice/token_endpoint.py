"""Adobe IMS, OAuth server-to-server: exchanges the client's id and secret for an access token.

All parameters go in the form and none in the query, because queries end up in logs (docs: server-to-server authentication with IMS). Only
the error code of a response is ever shown, since the rest may contain the token.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import msgspec

from reconciler.documents.json_text import NotJson
from reconciler.errors import ServiceError, ServiceUnreachable
from reconciler.flowservice.credentials import Grant, lifetime_of
from reconciler.http.bodies import WrongShape, decode_as
from reconciler.http.messages import USER_AGENT, Answer, Failure, Outcome, Request, fresh_request_id
from reconciler.http.retrying import PASSING, Again, Attempt, Caller, Verdict
from reconciler.http.secrets.known_secrets import KnownSecrets
from reconciler.secret import Secret
from reconciler.settings.credentials import scopes_of
from reconciler.settings.values import OAuthCredentials, Target

_ERROR_CODES: Final = frozenset(
    {
        "access_denied",
        "invalid_client",
        "invalid_client_id",
        "invalid_client_secret",
        "invalid_credentials",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "invalid_token",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_grant_type",
    }
)
"""The error codes of RFC 6749 and Adobe IMS. Any other string may contain anything, including what was sent."""
_HEADER_SAFE: Final = re.compile(r"[\x21-\x7e]+")
_CHECK_CREDENTIALS: Final = "check RECONCILER_CLIENT_ID and RECONCILER_CLIENT_SECRET, and that the secret was not rotated"
_CHECK_FILE: Final = "check the file that RECONCILER_CREDENTIALS names, and that the secret was not rotated"
_CHECK_URL: Final = "check token_url: it does not look like a token endpoint"
_HINTS: Final[Mapping[str, str]] = {
    "invalid_scope": "check scopes of the target: the Developer Console lists the credential's scopes",
    "unsupported_grant_type": "check token_url, and that the credential is an OAuth server-to-server credential",
}


class _Tokens(msgspec.Struct):
    access_token: str = ""
    expires_in: Any = None

    def __repr__(self) -> str:
        return "_Tokens(***)"


class _Refusal(msgspec.Struct):
    error: Any = None


class TokenEndpoint:
    """The token endpoint of one target, for one credential."""

    def __init__(
        self, target: Target, credentials: OAuthCredentials, caller: Caller, rng: random.Random, secrets: KnownSecrets
    ) -> None:
        self._target = target
        self._credentials = credentials
        self._caller = caller
        self._rng = rng
        self._secrets = secrets
        url = urlsplit(target.token_url)
        self._path = url.path
        self.name = f"POST {url.netloc.rpartition('@')[2]}{url.path}"

    def fetch(self, deadline: float) -> Grant:
        """A new token. The request is retried like a GET. Raises ServiceError."""
        return self._caller.call(Attempt(self.name, self._request, self._judge), deadline)

    def _request(self, _deadline: float) -> Request:
        request_id = fresh_request_id(self._rng)
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret.reveal(),
            "scope": ",".join(scopes_of(self._target, self._credentials)),
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
            "x-request-id": request_id,
        }
        return Request("POST", self._target.token_url, self._path, request_id, headers, urlencode(form).encode(), grants=True)

    def _judge(self, outcome: Outcome) -> Verdict[Grant]:
        if isinstance(outcome, Failure):
            return self._unreachable(outcome)
        if outcome.status in PASSING:
            return Again(self._error(outcome, "the token endpoint failed: run again later"))
        if not outcome.is_success:
            code = _error_code(outcome)
            is_elsewhere = outcome.is_redirect or outcome.status == HTTPStatus.NOT_FOUND
            check = _CHECK_FILE if self._credentials.form else _CHECK_CREDENTIALS
            raise self._error(outcome, _CHECK_URL if is_elsewhere else _HINTS.get(code or "", check), code)
        try:
            tokens = decode_as(outcome.content, _Tokens)
        except NotJson:
            return Again(self._error(outcome, _CHECK_URL, reason=" with what is not JSON"))
        except WrongShape:
            tokens = _Tokens()
        if not _HEADER_SAFE.fullmatch(tokens.access_token):
            raise self._error(outcome, _CHECK_URL, reason=" without a usable access token")
        self._secrets.add(tokens.access_token)
        return Grant(Secret(tokens.access_token), lifetime_of(tokens.expires_in))

    def _unreachable(self, failure: Failure) -> Again:
        error = ServiceUnreachable(
            f"{self.name}: {failure.reason}", hint=failure.hint or "check the network and token_url, and run again"
        )
        if failure.lasting:
            raise error
        return Again(error)

    def _error(self, answer: Answer, hint: str, code: str | None = None, reason: str = "") -> ServiceError:
        status = f"{answer.status} {code}" if code else str(answer.status)
        return ServiceError(
            f"{self.name} returned {status}{reason} (request id {answer.request_id})",
            status=answer.status,
            server_code=code,
            request_id=answer.request_id,
            hint=hint,
        )


def _error_code(answer: Answer) -> str | None:
    """The `error` of an OAuth error body (RFC 6749, 5.2), such as invalid_client, if it is a known code."""
    try:
        error = decode_as(answer.content, _Refusal).error
    except (NotJson, WrongShape):
        return None
    return error if isinstance(error, str) and error in _ERROR_CODES else None
