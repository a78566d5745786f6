"""Issues and their comments."""

from __future__ import annotations

from typing import Any

from tests.github.api import shapes
from tests.github.api.calls import Answer, Call, pages
from tests.github.api.records import Comment, Issue
from tests.github.api.refusals import failed, invalid, not_accessible, not_found

BODY_LIMIT = 65_536
"""Characters of a comment or an issue: "body is too long (maximum is 65536 characters)"."""
_TITLE_LIMIT = 256
_TEXT = (str,)
_TEXT_OR_NULL = (str, type(None))
_REASONS = ("completed", "not_planned", "duplicate", "reopened", None)


def list_comments(call: Call) -> Answer:
    call.parameters()
    issue = _issue(call)
    _need_for(call, issue.number, "read")
    rows = [one for one in call.repository.comments.values() if one.number == issue.number]
    return pages(call, sorted(rows, key=lambda one: one.id), lambda some: [shapes.comment(call, one) for one in some])


def create_comment(call: Call) -> Answer:
    issue = _issue(call)
    _need_for(call, issue.number, "write")
    body = _comment_body(call)
    comment = call.hub.add_comment(call.repository, issue.number, call.identity.account, body)
    return Answer(shapes.comment(call, comment), 201, {"location": shapes.comment(call, comment)["url"]})


def update_comment(call: Call) -> Answer:
    """A token of an app edits what that app wrote, and nothing else."""
    comment = _comment(call)
    _need_for(call, comment.number, "write")
    if call.identity.account != comment.author and call.identity.account.app is not None:
        raise not_accessible("issues=write; pull_requests=write")
    comment.body = _comment_body(call)
    comment.updated_at = call.hub.now()
    return Answer(shapes.comment(call, comment))


def list_issues(call: Call) -> Answer:
    """Newest first, pull requests among them."""
    call.parameters("state", "labels", "creator", "sort", "direction")
    call.need("read", "issues")
    query = call.query
    state = query.get("state", "open")
    if state not in ("open", "closed", "all"):
        raise failed("Issue", "state", "invalid")
    if query.get("sort", "created") != "created":
        raise failed("Issue", "sort", "invalid")
    labels = {name.lower() for name in query.get("labels", "").split(",") if name}
    creator = query.get("creator", "").lower()
    rows = [
        one
        for one in call.repository.issues.values()
        if state in ("all", one.state)
        and labels <= {name.lower() for name in one.labels}
        and creator in ("", one.author.login.lower())
    ]
    rows.sort(key=lambda one: one.number, reverse=query.get("direction", "desc") == "desc")
    return pages(call, rows, lambda some: [shapes.issue(call, one) for one in some])


def get_issue(call: Call) -> Answer:
    issue = _issue(call)
    _need_for(call, issue.number, "read")
    return Answer(shapes.issue(call, issue))


def create_issue(call: Call) -> Answer:
    call.need("write", "issues")
    fields = call.fields(title=_TEXT, body=_TEXT_OR_NULL, labels=(list,), assignees=(list,))
    _check(fields)
    if not fields.get("title", "").strip():
        raise failed("Issue", "title", "missing_field")
    labels = _labels(fields)
    issue = call.hub.add_issue(call.repository, call.identity.account, fields["title"], fields.get("body"), labels)
    return Answer(shapes.issue(call, issue), 201, {"location": shapes.issue(call, issue)["url"]})


def update_issue(call: Call) -> Answer:
    issue = _issue(call)
    _need_for(call, issue.number, "write")
    fields = call.fields(title=_TEXT, body=_TEXT_OR_NULL, state=_TEXT, state_reason=_TEXT_OR_NULL, labels=(list,))
    _check(fields)
    issue.title = fields.get("title", issue.title)
    issue.body = fields.get("body", issue.body)
    issue.labels = _labels(fields) if "labels" in fields else issue.labels
    issue.updated_at = call.hub.now()
    if fields.get("state", issue.state) != issue.state:
        _turn(issue, fields)
    return Answer(shapes.issue(call, issue))


def _turn(issue: Issue, fields: dict[str, Any]) -> None:
    """Close it or open it again. GitHub fills in the reason that is not given."""
    issue.state = fields["state"]
    closed = issue.state == "closed"
    issue.state_reason = fields.get("state_reason") or ("completed" if closed else "reopened")
    issue.closed_at = issue.updated_at if closed else None


def _check(fields: dict[str, Any]) -> None:
    if len(fields.get("title") or "") > _TITLE_LIMIT:
        raise failed("Issue", "title", "custom", f"title is too long (maximum is {_TITLE_LIMIT} characters)")
    if len(fields.get("body") or "") > BODY_LIMIT:
        raise failed("Issue", "body", "custom", f"body is too long (maximum is {BODY_LIMIT} characters)")
    if fields.get("state", "open") not in ("open", "closed"):
        raise failed("Issue", "state", "invalid")
    if fields.get("state_reason") not in _REASONS:
        raise failed("Issue", "state_reason", "invalid")


def _labels(fields: dict[str, Any]) -> list[str]:
    labels = [one["name"] if isinstance(one, dict) else one for one in fields.get("labels", [])]
    if not all(isinstance(one, str) and one for one in labels):
        raise invalid("For 'properties/labels', each must be a name.")
    return labels


def _comment_body(call: Call) -> str:
    fields = call.fields(body=_TEXT)
    if "body" not in fields:
        raise invalid('"body" wasn\'t supplied.')
    body: str = fields["body"]
    if not body.strip():
        raise failed("IssueComment", "data", "unprocessable", "Body cannot be blank")
    if len(body) > BODY_LIMIT:
        raise failed("IssueComment", "data", "unprocessable", f"Body is too long (maximum is {BODY_LIMIT} characters)")
    return body


def _need_for(call: Call, number: int, level: str) -> None:
    """For a pull request either permission does, for an issue only its own."""
    also = ("pull_requests",) if number in call.repository.pulls else ()
    call.need(level, "issues", *also)


def _issue(call: Call) -> Issue:
    found = call.repository.issues.get(call.path["number"])
    if found is None:
        raise not_found()
    return found


def _comment(call: Call) -> Comment:
    found = call.repository.comments.get(call.path["id"])
    if found is None:
        raise not_found()
    return found
