"""The drift issues of a project: found by marker and author, opened once, then updated or closed.

Source: GitLab docs, "Issues API". Only issues of the token's own account are changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from reconciler.gitlab.api import GitLab
from reconciler.gitlab.notes import without_quick_actions
from reconciler.http.code_hosts import Fields
from reconciler.reports.kept import Done, Written, same_text
from reconciler.reports.sinks.markdown import has_marker

MAX_TITLE: Final = 255


@dataclass(slots=True)
class IssueKeeper:
    """Keeps issues up to date. The open ones are read once."""

    gitlab: GitLab
    _open: list[Fields] | None = field(default=None)

    def issue(self, mark: str, title: str, body: str) -> Written:
        """Open the issue with this marker, or update it if it differs. No line of it is a quick action. Raises ServiceError."""
        content = {"title": title[:MAX_TITLE], "description": without_quick_actions(body)}
        found = self._find(mark)
        if found is None:
            made = self.gitlab.post_once("/issues", content, lambda: self._find(mark, again=True))
            return _written(Done.CREATED, made)
        if found.text("title") == content["title"] and same_text(found.text_or_null("description"), content["description"]):
            return _written(Done.UNCHANGED, found)
        return _written(Done.UPDATED, self.gitlab.put(_path(found), content))

    def close(self, mark: str, reason: str) -> Written:
        """Close the issue with this marker, with a reason; does nothing if none is open. Raises ServiceError."""
        found = self._find(mark)
        if found is None:
            return Written(Done.NOTHING)
        path = _path(found)
        notes = f"{path}/notes"
        self.gitlab.post_once(notes, {"body": without_quick_actions(reason)}, lambda: self._noted(notes, reason))
        return _written(Done.CLOSED, self.gitlab.put(path, {"state_event": "close"}))

    def _find(self, mark: str, *, again: bool = False) -> Fields | None:
        """The newest open issue of ours that begins with the marker."""
        if self._open is None or again:
            author = self.gitlab.user()
            listed = self.gitlab.pages(f"/issues?state=opened&scope=all&author_id={author}")
            self._open = [issue for issue in listed if issue.number_or_null("author", "id") == author]
        return next((issue for issue in self._open if has_marker(issue.text_or_null("description") or "", mark)), None)

    def _noted(self, notes: str, reason: str) -> Fields | None:
        return next((note for note in self.gitlab.pages(notes) if same_text(note.text_or_null("body"), reason)), None)


def _path(issue: Fields) -> str:
    return f"/issues/{issue.number('iid')}"


def _written(done: Done, issue: Fields) -> Written:
    return Written(done, issue.text("web_url"))
