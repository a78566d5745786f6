"""Which endpoint answers which method and path. A repository is named by owner and name, or, as in `Link`, by its id."""

from __future__ import annotations

from typing import Any

from starlette.routing import compile_path

from tests.github.api import checks, issues, repositories
from tests.github.api.calls import Endpoint
from tests.github.api.refusals import not_found

_BELOW: list[tuple[str, str, Endpoint]] = [
    ("GET", "", repositories.get_repository),
    ("GET", "/branches/{branch:path}", repositories.get_branch),
    ("GET", "/git/ref/heads/{branch:path}", repositories.get_ref),
    ("GET", "/compare/{base}...{head}", repositories.compare),
    ("GET", "/pulls/{number:int}", repositories.get_pull),
    ("GET", "/commits/{sha}/pulls", repositories.list_pulls_of_commit),
    ("GET", "/issues", issues.list_issues),
    ("POST", "/issues", issues.create_issue),
    ("GET", "/issues/{number:int}", issues.get_issue),
    ("PATCH", "/issues/{number:int}", issues.update_issue),
    ("GET", "/issues/{number:int}/comments", issues.list_comments),
    ("POST", "/issues/{number:int}/comments", issues.create_comment),
    ("PATCH", "/issues/comments/{id:int}", issues.update_comment),
    ("POST", "/check-runs", checks.create_check_run),
    ("PATCH", "/check-runs/{id:int}", checks.update_check_run),
    ("GET", "/commits/{ref:path}/check-runs", checks.list_check_runs),
]
_ROOTS = ("/repos/{owner}/{name}", "/repositories/{repository_id:int}")
_ROUTES = [(method, *compile_path(root + below)[::2], endpoint) for root in _ROOTS for method, below, endpoint in _BELOW]


def find(method: str, path: str) -> tuple[Endpoint, dict[str, Any]]:
    """The endpoint and the variables of its path. Raises `Refusal` (404), as GitHub does for a method too that is not there."""
    for wanted, pattern, converters, endpoint in _ROUTES:
        match = pattern.match(path)
        if wanted == method and match:
            return endpoint, {name: converters[name].convert(text) for name, text in match.groupdict().items()}
    raise not_found()
