"""The token endpoint of Adobe's Identity Management System: OAuth server-to-server only.

Source: docs, "Server to Server authentication", `/ims/token/v3`.
"""

from __future__ import annotations

import secrets
from urllib.parse import parse_qsl

from starlette.responses import Response

from reconciler.emulator.http.calls import Call, json_response
from reconciler.emulator.model import Author
from reconciler.emulator.service import Service

FORM = "application/x-www-form-urlencoded"


def issue(service: Service, call: Call) -> Response:
    """Issue a token for client credentials, valid for `token_lifetime` seconds, or return an error in IMS format.

    Query parameters are accepted like form fields, as in IMS; the form takes precedence.
    """
    is_form = call.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    form = parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True) if is_form else []
    fields = dict([*call.query, *form])
    if fields.get("grant_type") != "client_credentials":
        return _error(400, "unsupported_grant_type", "unsupported grant_type parameter")
    client = fields.get("client_id", "")
    clients = service.behaviour.clients
    if not client or (clients is not None and client not in clients):
        return _error(400, "invalid_client", "invalid client_id parameter")
    secret = fields.get("client_secret", "")
    if not secret or (clients is not None and not secrets.compare_digest(clients[client].encode(), secret.encode())):
        return _error(401, "invalid_client", "invalid client_secret parameter")
    if not fields.get("scope"):
        return _error(400, "invalid_scope", "invalid scope parameter")
    token, lifetime = secrets.token_urlsafe(48), service.behaviour.token_lifetime
    service.store.remember_token(token, Author(f"{client}@techacct.adobe.com", client), service.clock() + lifetime)
    service.scopes[token] = frozenset(fields["scope"].replace(",", " ").split())
    answer = {"access_token": token, "token_type": "bearer", "expires_in": lifetime}
    return json_response(answer, headers={"Cache-Control": "no-store"})


def _error(status: int, error: str, description: str) -> Response:
    return json_response({"error": error, "error_description": description}, status)
