"""Creates a spec: a POST is permanent, and is never repeated blindly."""

from __future__ import annotations

from http import HTTPStatus

from reconciler.applying.bodies import body_to_create
from reconciler.applying.confirming import Written, confirm
from reconciler.applying.context import Task, failure_of
from reconciler.applying.outcome import Failure, OutcomeName, Result
from reconciler.applying.twins import namesakes_now, taken
from reconciler.documents.json_text import Document
from reconciler.errors import AnswerLost, RefusedForNow, ServiceError
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.identity import describe


def create(task: Task) -> Result:
    """Create one spec, and confirm it. Raises IdsMissing before anything is sent."""
    body = body_to_create(task.action, task.ids, task.site.written_at())
    try:
        found = task.site.last_look.namesakes(task.action, task.site.clock.monotonic())
        if found is None:
            found = namesakes_now(task.site.service, task.action)
        if found:
            return task.ended(OutcomeName.FAILED, taken(task.action, found))
        spec_id = _post(task, body)
    except AnswerLost as lost:
        found_later = _look_for_it(task)
        if isinstance(found_later, Result):
            return found_later
        if len(found_later) != 1:
            return task.ended(OutcomeName.FAILED if found_later else OutcomeName.UNKNOWN, _lost(lost, found_later))
        spec_id = task.spec_id = found_later[0].id
    except ServiceError as error:
        return task.given_up(error)
    return confirm(task, Written(body, None), spec_id)


def _post(task: Task, body: Document) -> str:
    """The id of the created spec. After a temporary refusal, looks for the name first: the create may have succeeded anyway.

    Raises ServiceError.
    """
    retries = task.site.network.retries
    for attempt in range(retries + 1):
        try:
            return task.post(body)
        except RefusedForNow as error:
            found = _made_all_the_same(task, error)
            if found is not None:
                return found
            if attempt == retries or (attempt and error.status != HTTPStatus.TOO_MANY_REQUESTS):
                raise error.said_as(ServiceError) from None
            task.pause(attempt)
    raise AssertionError  # pragma: no cover - the last attempt returns or raises


def _made_all_the_same(task: Task, refusal: ServiceError) -> str | None:
    """The id of the spec if the refused POST created it anyway, else None. Raises AnswerLost if that is unknown."""
    task.site.clock.sleep(task.site.network.consistency_window)  # until the list would show it
    try:
        found = [spec for spec in namesakes_now(task.site.service, task.action) if _was_created(task, spec)]
    except ServiceError as error:
        message = f"{refusal.message}; cannot tell whether it was created anyway: {error.message}"
        raise refusal.said_as(AnswerLost, message, error.hint) from None
    if not found:
        return None
    task.spec_id = found[0].id
    return found[0].id


def _look_for_it(task: Task) -> list[LiveSpec] | Result:
    """The live specs that match what was sent, searched for as long as a new spec may take to appear in lists."""
    site = task.site
    until = site.clock.monotonic() + site.network.consistency_window
    while True:
        try:
            listed = site.service.list_specs(task.action.kind).specs
        except ServiceError as error:
            return task.ended(OutcomeName.UNKNOWN, failure_of(error, "answer-lost"))
        found = [spec for spec in listed if _was_created(task, spec)]
        if found or site.clock.monotonic() >= until:
            return found
        site.clock.sleep(max(site.network.consistency_window / 5, 0.1))


def _was_created(task: Task, spec: LiveSpec) -> bool:
    desired = task.action.desired
    if task.site.keeps_markers:
        return task.site.owner.has_marked(spec, task.action.key)
    is_alike = desired is not None and (spec.name, spec.provider_id) == (desired.name, desired.provider_id)
    return is_alike and spec.created_client == task.site.service.client_id


def _lost(lost: AnswerLost, found: list[LiveSpec]) -> Failure:
    if not found:
        message = f"unknown whether it was created: {lost.message}"
        hint = "run plan again later: it finds the spec by its marker if it exists"
        return Failure("answer-lost", message, hint, lost.status, lost.server_code, lost.request_id)
    message = f"{len(found)} live specs have this key: {'; '.join(describe(spec) for spec in found)}"
    return Failure("twins", message, "pin the right one in the file: `ids: {<target>: <id>}`")
