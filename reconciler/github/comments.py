"""The plan comment of a target on a pull request, and its drift issue: found by marker and author, created once, then updated.

Only what our own account wrote is changed, because another bot's comment may begin with the same marker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reconciler.documents.json_text import string_at
from reconciler.github.api import GitHub, fields
from reconciler.reports.kept import Done, Written, same_text
from reconciler.reports.sinks.markdown import has_marker

DEFAULT_AUTHOR: Final = "github-actions[bot]"
"""The login of the job's own token."""
MAX_TITLE: Final = 256


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps comments and issues up to date. `author` is the login of the token."""

    github: GitHub
    author: str = DEFAULT_AUTHOR

    def comment(self, number: int, marker: str, body: str, *, create: bool = True) -> Written:
        """Create the comment with this marker on this pull request, or update it if it differs. Raises ServiceError.

        Without `create`, a comment is only updated.
        """
        comments = f"/issues/{number}/comments"
        found = self._find(self.github.pages(comments), marker)
        if found is None and not create:
            return Written(Done.NOTHING)
        if found is None:
            made = self.github.post_once(comments, {"body": body}, lambda: self._find(self.github.pages(comments), marker))
            return _written(Done.CREATED, made, f"POST {comments}")
        if same_text(found.get("body"), body):
            return _written(Done.UNCHANGED, found, f"GET {comments}")
        path = f"/issues/comments/{fields(found, f'GET {comments}').number('id')}"
        return _written(Done.UPDATED, self.github.patch(path, {"body": body}), f"PATCH {path}")

    def replace_comments(self, number: int, bodies: Mapping[str, str]) -> int:
        """Replace our comments that begin with one of these markers, and return how many changed. Raises ServiceError."""
        changed = 0
        comments = f"/issues/{number}/comments"
        for text in self.github.pages(comments):
            first = str(text.get("body") or "").partition("\n")[0].rstrip()
            body = bodies.get(first) if string_at(text, "user", "login") == self.author else None
            if body is not None and not same_text(text.get("body"), body):
                self.github.patch(f"/issues/comments/{fields(text, f'GET {comments}').number('id')}", {"body": body})
                changed += 1
        return changed

    def open_issues(self) -> list[dict[str, Any]]:
        """The open issues that our account wrote, for `among`. Raises ServiceError."""
        issues = (issue for issue in self.github.pages("/issues?state=open") if "pull_request" not in issue)
        return [issue for issue in issues if string_at(issue, "user", "login") == self.author]

    def issue(self, marker: str, title: str, body: str, among: Sequence[dict[str, Any]] | None = None) -> Written:
        """Open the issue with this marker, or update it if it differs. Raises ServiceError.

        `among` are the open issues, if they are known.
        """
        content = {"title": title[:MAX_TITLE], "body": body}
        found = self._open_issue(marker, among)
        if found is None:
            made = self.github.post_once("/issues", content, lambda: self._open_issue(marker))
            return _written(Done.CREATED, made, "POST /issues")
        if found.get("title") == content["title"] and same_text(found.get("body"), body):
            return _written(Done.UNCHANGED, found, "GET /issues")
        path = _path(found)
        return _written(Done.UPDATED, self.github.patch(path, content), f"PATCH {path}")

    def close(self, marker: str, reason: str, among: Sequence[dict[str, Any]] | None = None) -> Written:
        """Close the issue with this marker, with a reason; does nothing if none is open. Raises ServiceError."""
        found = self._open_issue(marker, among)
        if found is None:
            return Written(Done.NOTHING)
        path = _path(found)
        self.github.post(f"{path}/comments", {"body": reason})
        closed = self.github.patch(path, {"state": "closed", "state_reason": "completed"})
        return _written(Done.CLOSED, closed, f"PATCH {path}")

    def _open_issue(self, marker: str, among: Sequence[dict[str, Any]] | None = None) -> dict[str, Any] | None:
        return self._find(iter(self.open_issues() if among is None else among), marker)

    def _find(self, texts: Iterator[dict[str, Any]], marker: str) -> dict[str, Any] | None:
        """The first match: the oldest comment (or the newest issue) of ours that begins with the marker."""
        return next(
            (
                text
                for text in texts
                if string_at(text, "user", "login") == self.author and has_marker(str(text.get("body") or ""), marker)
            ),
            None,
        )


def _path(issue: dict[str, Any]) -> str:
    return f"/issues/{fields(issue, 'GET /issues').number('number')}"


def _written(done: Done, text: dict[str, Any], request: str) -> Written:
    return Written(done, fields(text, request).text("html_url"), string_at(text, "user", "login"))
