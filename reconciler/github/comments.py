"""The plan comment of a target on a pull request, and its drift issue: found by marker and author, created once, then updated.

Only what our own account wrote is changed, because another bot's comment may begin with the same marker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.documents.json_text import string_at, value_at
from reconciler.github.api import GitHub
from reconciler.http.code_hosts import Fields
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
            return _written(Done.CREATED, made)
        if same_text(found.text_or_null("body"), body):
            return _written(Done.UNCHANGED, found)
        return _written(Done.UPDATED, self.github.patch(f"/issues/comments/{found.number('id')}", {"body": body}))

    def replace_comments(self, number: int, bodies: Mapping[str, str]) -> int:
        """Replace our comments that begin with one of these markers, and return how many changed. Raises ServiceError."""
        changed = 0
        for text in filter(self._is_ours, self.github.pages(f"/issues/{number}/comments")):
            now = text.text_or_null("body") or ""
            body = bodies.get(now.partition("\n")[0].rstrip())
            if body is not None and not same_text(now, body):
                self.github.patch(f"/issues/comments/{text.number('id')}", {"body": body})
                changed += 1
        return changed

    def open_issues(self) -> list[Fields]:
        """The open issues that our account wrote, for `among`. Raises ServiceError."""
        ours = filter(self._is_ours, self.github.pages("/issues?state=open"))
        return [issue for issue in ours if value_at(issue.answer, "pull_request") is None]

    def issue(self, marker: str, title: str, body: str, among: Sequence[Fields] | None = None) -> Written:
        """Open the issue with this marker, or update it if it differs. Raises ServiceError.

        `among` are the open issues, if they are known.
        """
        content = {"title": title[:MAX_TITLE], "body": body}
        found = self._open_issue(marker, among)
        if found is None:
            made = self.github.post_once("/issues", content, lambda: self._open_issue(marker))
            return _written(Done.CREATED, made)
        if found.text("title") == content["title"] and same_text(found.text_or_null("body"), body):
            return _written(Done.UNCHANGED, found)
        return _written(Done.UPDATED, self.github.patch(_path(found), content))

    def close(self, marker: str, reason: str, among: Sequence[Fields] | None = None) -> Written:
        """Close the issue with this marker, with a reason; does nothing if none is open. Raises ServiceError."""
        found = self._open_issue(marker, among)
        if found is None:
            return Written(Done.NOTHING)
        path = _path(found)
        comments = f"{path}/comments"
        self.github.post_once(comments, {"body": reason}, lambda: self._said(comments, reason))
        return _written(Done.CLOSED, self.github.patch(path, {"state": "closed", "state_reason": "completed"}))

    def _open_issue(self, marker: str, among: Sequence[Fields] | None = None) -> Fields | None:
        return self._find(iter(self.open_issues() if among is None else among), marker)

    def _find(self, texts: Iterator[Fields], marker: str) -> Fields | None:
        """The first match: the oldest comment (or the newest issue) of ours that begins with the marker."""
        ours = filter(self._is_ours, texts)
        return next((text for text in ours if has_marker(text.text_or_null("body") or "", marker)), None)

    def _said(self, comments: str, body: str) -> Fields | None:
        ours = filter(self._is_ours, self.github.pages(comments))
        return next((text for text in ours if same_text(text.text_or_null("body"), body)), None)

    def _is_ours(self, text: Fields) -> bool:
        """Whether our account wrote it; one that no account wrote any more is not ours. Raises ServiceError if that is not known."""
        return text.text_or_null("user", "login") == self.author


def _path(issue: Fields) -> str:
    return f"/issues/{issue.number('number')}"


def _written(done: Done, text: Fields) -> Written:
    return Written(done, text.text("html_url"), string_at(text.answer, "user", "login"))
