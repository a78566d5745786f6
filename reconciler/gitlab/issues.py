"""The drift issues of a project: found by marker and author, opened once, then updated or closed.

Source: GitLab docs, "Issues API". Only issues of the token's own account are changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from reconciler.documents.json_text import value_at
from reconciler.gitlab.api import GitLab, fields
from reconciler.gitlab.notes import without_quick_actions
from reconciler.reports.kept import Done, Written, same_text
from reconciler.reports.sinks.markdown import has_marker

MAX_TITLE: Final = 255


@dataclass(slots=True)
class IssueKeeper:
    """Keeps issues up to date. The open ones are read once."""

    gitlab: GitLab
    _open: list[dict[str, Any]] | None = field(default=None)

    def issue(self, mark: str, title: str, body: str) -> Written:
        """Open the issue with this marker, or update it if it differs. No line of it is a quick action. Raises ServiceError."""
        content = {"title": title[:MAX_TITLE], "description": without_quick_actions(body)}
        found = self._find(mark)
        if found is None:
            made = self.gitlab.post_once("/issues", content, lambda: self._find(mark, again=True))
            return _written(Done.CREATED, made, "POST /issues")
        if found.get("title") == content["title"] and same_text(found.get("description"), content["description"]):
            return _written(Done.UNCHANGED, found, "GET /issues")
        path = _path(found)
        return _written(Done.UPDATED, self.gitlab.put(path, content), f"PUT {path}")

    def close(self, mark: str, reason: str) -> Written:
        """Close the issue with this marker, with a reason; does nothing if none is open. Raises ServiceError."""
        found = self._find(mark)
        if found is None:
            return Written(Done.NOTHING)
        path = _path(found)
        notes = f"{path}/notes"
        self.gitlab.post_once(notes, {"body": without_quick_actions(reason)}, lambda: self._noted(notes, reason))
        return _written(Done.CLOSED, self.gitlab.put(path, {"state_event": "close"}), f"PUT {path}")

    def _find(self, mark: str, *, again: bool = False) -> dict[str, Any] | None:
        """The newest open issue of ours that begins with the marker."""
        if self._open is None or again:
            author = self.gitlab.user()
            listed = self.gitlab.pages(f"/issues?state=opened&scope=all&author_id={author}")
            self._open = [issue for issue in listed if value_at(issue, "author", "id") == author]
        return next((issue for issue in self._open if has_marker(str(issue.get("description") or ""), mark)), None)

    def _noted(self, notes: str, reason: str) -> dict[str, Any] | None:
        return next((note for note in self.gitlab.pages(notes) if same_text(note.get("body"), reason)), None)


def _path(issue: dict[str, Any]) -> str:
    return f"/issues/{fields(issue, 'GET /issues').number('iid')}"


def _written(done: Done, issue: dict[str, Any], request: str) -> Written:
    return Written(done, fields(issue, request).text("web_url"))
