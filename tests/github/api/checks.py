"""Check runs. They belong to the app that made them, and only a token of an app can make them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.github.api import shapes
from tests.github.api.calls import Answer, Call, pages
from tests.github.api.records import CheckRun
from tests.github.api.refusals import Refusal, failed, invalid, not_found
from tests.github.api.repositories import commit_of

OUTPUT_LIMIT = 65_535
"""Characters of a summary, and of a text: "Only 65535 characters are allowed"."""
_STATUSES = ("queued", "in_progress", "completed")
_CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")
_FIELDS: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "details_url": (str,),
    "external_id": (str,),
    "status": (str,),
    "conclusion": (str,),
    "started_at": (str,),
    "completed_at": (str,),
    "output": (dict,),
}


def create_check_run(call: Call) -> Answer:
    call.need("write", "checks")
    app = call.identity.account.app
    if app is None:
        raise Refusal(403, "You must authenticate via a GitHub App.")
    fields = call.fields(head_sha=(str,), **_FIELDS)
    for name in ("name", "head_sha"):
        if not fields.get(name):
            raise invalid(f'"{name}" wasn\'t supplied.')
    sha = fields["head_sha"]
    if sha not in call.repository.commits:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    _check(fields)
    run = CheckRun(call.hub.new_id(), fields["name"], sha, app, "queued", None, call.hub.now())
    _write(call, run, fields)
    call.repository.check_runs[run.id] = run
    return Answer(shapes.check_run(call, run), 201)


def update_check_run(call: Call) -> Answer:
    call.need("write", "checks")
    run = call.repository.check_runs.get(call.path["id"])
    if run is None:
        raise not_found()
    if run.app != call.identity.account.app:
        raise Refusal(403, f"Invalid app_id `{run.app.id}` - check run can only be modified by the GitHub App that created it.")
    fields = call.fields(**_FIELDS)
    _check(fields)
    _write(call, run, fields)
    return Answer(shapes.check_run(call, run))


def list_check_runs(call: Call) -> Answer:
    """Newest first. `filter=latest`, the default, keeps the newest of each name and app."""
    call.parameters("check_name", "app_id", "filter", "status")
    call.need("read", "checks")
    query = call.query
    sha = commit_of(call, call.path["ref"])
    rows = [
        one
        for one in sorted(call.repository.check_runs.values(), key=lambda one: one.id, reverse=True)
        if one.head_sha == sha and query.get("check_name") in (None, one.name) and query.get("app_id") in (None, str(one.app.id))
    ]
    if _choice(query.get("filter", "latest"), ("latest", "all")) == "latest":
        rows = list({(one.app.id, one.name): one for one in reversed(rows)}.values())
        rows.sort(key=lambda one: one.id, reverse=True)
    status = _choice(query.get("status", ""), ("", *_STATUSES))
    rows = [one for one in rows if status in ("", one.status)]
    return pages(call, rows, lambda some: _page(call, len(rows), some))


def _page(call: Call, total: int, rows: Sequence[CheckRun]) -> dict[str, Any]:
    return {"total_count": total, "check_runs": [shapes.check_run(call, one) for one in rows]}


def _choice(value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise failed("CheckRun", value, "invalid")
    return value


def _check(fields: dict[str, Any]) -> None:
    status, conclusion = fields.get("status"), fields.get("conclusion")
    if status is not None and status not in _STATUSES:
        raise invalid(f"For 'properties/status', \"{status}\" is not a member of {list(_STATUSES)}.")
    if conclusion is not None and conclusion not in _CONCLUSIONS:
        raise invalid(f"For 'properties/conclusion', \"{conclusion}\" is not a member of {list(_CONCLUSIONS)}.")
    if status == "completed" and conclusion is None:
        raise invalid('"conclusion" wasn\'t supplied.')
    if conclusion is not None and status not in (None, "completed"):
        raise invalid(f"A conclusion goes with the status completed, not with {status}.")
    if fields.get("completed_at") is not None and conclusion is None:
        raise invalid('"conclusion" wasn\'t supplied.')
    if "output" in fields:
        _check_output(fields["output"])


def _check_output(output: dict[str, Any]) -> None:
    for name in ("title", "summary"):
        if not isinstance(output.get(name), str):
            raise invalid(f'"{name}" wasn\'t supplied.')
    if unknown := output.keys() - {"title", "summary", "text"}:
        raise invalid(f'"{min(unknown)}" is not a permitted key.')
    for name in ("summary", "text"):
        if len(output.get(name) or "") > OUTPUT_LIMIT:
            raise invalid(f"Only {OUTPUT_LIMIT} characters are allowed; {len(output[name])} were supplied.")


def _write(call: Call, run: CheckRun, fields: dict[str, Any]) -> None:
    """A conclusion completes the run by itself; another status takes the conclusion away."""
    for name in ("name", "details_url", "external_id", "started_at"):
        if name in fields:
            setattr(run, name, fields[name])
    if "output" in fields:
        run.output = run.output | fields["output"]
    if fields.get("conclusion") is not None:
        run.status, run.conclusion = "completed", fields["conclusion"]
        run.completed_at = fields.get("completed_at") or call.hub.now()
    elif "status" in fields:
        run.status, run.conclusion, run.completed_at = fields["status"], None, None
