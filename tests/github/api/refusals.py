"""Errors in GitHub's form: `{"message", "documentation_url", "status"}`, and `errors` where a field is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class Refusal(Exception):
    """A request that GitHub declines."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None, **fields: Any) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {"message": message, **fields, "documentation_url": DOCUMENTATION, "status": str(status)}


def not_found() -> Refusal:
    return Refusal(404, "Not Found")


def not_accessible(accepted: str) -> Refusal:
    """The answer to a token without the permission; `accepted` is such as `issues=write; pull_requests=write`."""
    return Refusal(403, "Resource not accessible by integration", {"x-accepted-github-permissions": accepted})


def failed(resource: str, field: str, code: str, message: str | None = None) -> Refusal:
    """A field whose value is not good."""
    error = {"resource": resource, "code": code, "field": field} | ({} if message is None else {"message": message})
    return Refusal(422, "Validation Failed", errors=[error])


def invalid(reason: str) -> Refusal:
    """A body that is not what the endpoint takes at all."""
    return Refusal(422, f"Invalid request.\n\n{reason}")
