"""The note of a target on a merge request: found by marker and author, created once, then updated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from reconciler.gitlab.api import GitLab
from reconciler.http.code_hosts import Fields
from reconciler.reports.kept import Done, same_text
from reconciler.reports.sinks.markdown import has_marker

_QUICK_ACTION: Final = re.compile(r"^(\s*)/(?=\w)", re.MULTILINE)
"""A line by which a note gives an order, such as `/merge` (GitLab docs, "GitLab quick actions")."""


def keep_note(gitlab: GitLab, merge_request: int, marker: str, body: str) -> Done:
    """Create the note with this marker on this merge request, or update it if it differs. Raises ServiceError.

    Only notes of the token's own account are updated. No line of the text is a quick action.
    """
    author, path = gitlab.user(), f"/merge_requests/{merge_request}/notes"
    keeper = _Keeper(gitlab, author, path, marker)
    text = without_quick_actions(body)
    found = keeper.find()
    if found is None:
        gitlab.post_once(path, {"body": text}, keeper.find)
        return Done.CREATED
    if same_text(found.text_or_null("body"), text):
        return Done.UNCHANGED
    gitlab.put(f"{path}/{found.number('id')}", {"body": text})
    return Done.UPDATED


def without_quick_actions(text: str) -> str:
    """The text, with a backslash before each slash that begins a line, so that GitLab finds no command in it."""
    return _QUICK_ACTION.sub(r"\1\\/", text)


@dataclass(frozen=True, slots=True)
class _Keeper:
    gitlab: GitLab
    author: int
    path: str
    marker: str

    def find(self) -> Fields | None:
        """The oldest note of ours that begins with the marker. Raises ServiceError."""
        notes = self.gitlab.pages(f"{self.path}?sort=asc&order_by=created_at")
        return next((note for note in notes if self._is_ours(note)), None)

    def _is_ours(self, note: Fields) -> bool:
        is_our_account = note.number_or_null("author", "id") == self.author
        return is_our_account and has_marker(note.text_or_null("body") or "", self.marker)
